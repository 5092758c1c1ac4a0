import { describe, expect, it } from "vitest";
import { wrong, type Papers } from "../src/papers";
import worked from "./worked.json";

describe("the arithmetic of a counting board", () => {
  it("is the server's for every protocol of small numbers", () => {
    const other = worked.protocols.filter((one) => (wrong(one.papers, 2, new Set(["a"])) === null) !== one.fits);
    expect(other).toEqual([]);
    expect(worked.protocols.filter((one) => one.fits).length).toBeGreaterThan(20);
  });

  const papers: Papers = { issued: 2, returned: 2, valid: 2, invalid: 0, blank: 0, in_favour: 2, against: 0, board: ["a"] };
  const said = (change: Partial<Papers>): string | null => wrong({ ...papers, ...change }, 2, new Set(["a", "b"]));
  it("says what is wrong", () => {
    expect(said({})).toBeNull();
    expect(said({ issued: 3 })).toBe("p_too_many");
    expect(said({ issued: 1 })).toBe("p_too_many_back");
    expect(said({ invalid: 1 })).toBe("p_sorted");
    expect(said({ blank: 1 })).toBe("p_marked");
    expect(said({ valid: 0.5 })).toBe("p_numbers");
    expect([said({ board: [] }), said({ board: ["a", "c"] })]).toEqual(["p_board", "p_board"]);
  });
});
