import { describe, expect, it } from "vitest";
import { verdict } from "../src/line";

describe("the line in words", () => {
  it("is good, slow, poor or none by what came back and how fast", () => {
    expect(verdict([80, 90, 100, 3000])).toBe("line_good");
    expect(verdict([600, 700, 800, 900])).toBe("line_slow");
    expect(verdict([1600, 1700, 1800, 1900])).toBe("line_poor");
    expect(verdict([80, null, 90, 100])).toBe("line_poor");
    expect(verdict([null, null, null, null])).toBe("line_none");
  });
});
