import { describe, expect, it } from "vitest";
import { correct, correctable, corrected, guestsOf, misfixed, timeIn, welcome, type Fix } from "../src/corrected";
import { known } from "../src/continued";
import { absent, ask, asking, base, begin, close, here, mark, moment, raising, said, untouched, type Kit, type MarkKind, type Sitting } from "../src/record";
import { body } from "../src/told";

const START = Date.parse("2026-11-24T12:30:20Z"); // 19:30 there
const MINUTE = 60_000;
const QUESTION = {
  kind: "resolution", forms: ["hands"], threshold: { numerator: 1, denominator: 2, strict: true }, base: "statutory" as const,
  exempt_may_vote: true, whom: null, about: "", subject: "Nghị quyết", share: "quá một nửa", sources: ["Điều lệ Đảng"],
};

function person(id: string, category = "official"): Kit["members"][number] {
  return { id, name: id, category: category as never, official: true, called: true, asked: null, coming: false };
}

function kit(): Kit {
  return {
    meeting: "m", person: "p", cell_name: "Chi bộ", title: "Sinh hoạt", place: "Nhà văn hóa", zone: "Asia/Ho_Chi_Minh",
    starts_at: new Date(START).toISOString(), minimum_minutes: 90, number: 7, now: new Date(START).toISOString(),
    members: [person("a"), person("b"), person("c"), person("e", "exempt")], items: [], drafts: [], motions: [],
    guests: [{ full_name: "Ghi ở nhà", comes_from: "Xã", overseer: false }], asked: [], given: [], questions: [QUESTION], so_far: null,
  };
}

function opened(): Sitting {
  const one = begin(kit(), START);
  for (const id of ["a", "b"]) mark(one, id, "present", START);
  for (const id of ["c", "e"]) mark(one, id, "absent", START);
  one.confirmed = moment(one, START);
  one.opened = moment(one, START);
  return one;
}

const fix = (kind: MarkKind, time = "", reason = "Bấm nhầm"): Fix => ({ kind, time, reason });
const names = (one: Sitting): string[] => here(one).map((member) => member.id);

describe("a mark of the confirmed roll that was wrong", () => {
  it("is corrected with a reason, while the sitting goes on", () => {
    const one = opened();
    const now = START + 20 * MINUTE;
    expect(misfixed(one, fix("present", "", "  "), now)).toBe("fix_why");
    correct(one, "c", fix("present", "", "  "), now);
    expect([names(one), corrected(one, "c")]).toEqual([["a", "b"], false]);
    correct(one, "c", fix("present"), now);
    expect([names(one), absent(one), corrected(one, "c")]).toEqual([["a", "b", "c"], [], true]);
    correct(one, "a", fix("absent"), now);
    expect([names(one), absent(one).map((member) => member.id)]).toEqual([["b", "c"], ["a"]]);
    close(one, now);
    expect(correctable(one, "a")).toBe(false);
    correct(one, "a", fix("present"), now);
    expect(said(one, "a")).toBe("absent");
  });

  it("waits for the opening, as on line", () => {
    const one = opened();
    one.opened = null;
    expect(correctable(one, "c")).toBe(false);
  });

  it("says when somebody came or left, inside the sitting alone", () => {
    const one = opened();
    const now = START + 30 * MINUTE;
    expect(timeIn(one, "19:30", now)).toBe(one.opened);
    expect(timeIn(one, "19h45", now)).toBe(Date.parse("2026-11-24T12:45:00Z"));
    for (const wrong of ["19:29", "20:01", "19:60", "24:00", "", "muộn"]) {
      expect(timeIn(one, wrong, now)).toBeNull();
      expect(misfixed(one, fix("late", wrong), now)).toBe("fix_time");
    }
    correct(one, "c", fix("late", "19:45"), now);
    expect(said(one, "c")).toBe("late");
    correct(one, "a", fix("left_early", "19:50"), now);
    expect(names(one)).toEqual(["b", "c"]);
    correct(one, "a", fix("late", "19:40"), now);
    expect([said(one, "a"), names(one)]).toEqual(["left_early", ["b", "c"]]);
    correct(one, "a", fix("late", "19:55"), now);
    expect([said(one, "a"), names(one)]).toEqual(["late", ["a", "b", "c"]]);
  });

  it("goes over midnight with a meeting that does", () => {
    const one = opened();
    one.opened = Date.parse("2026-11-24T16:30:00Z"); // 23:30
    expect(timeIn(one, "0:15", one.opened + 60 * MINUTE)).toBe(Date.parse("2026-11-24T17:15:00Z"));
    expect(timeIn(one, "23:15", one.opened + 60 * MINUTE)).toBeNull();
  });

  it("moves the base of what is asked after it, not of what was asked before", () => {
    const one = opened();
    const put = { question: "Hỏi", kind: "resolution", form: "hands", takingPart: ["e"] };
    ask(one, put, START);
    const first = asking(one)!;
    correct(one, "e", fix("present"), START);
    expect([base(one, first).size, raising(one, first).present]).toEqual([3, 2]);
    correct(one, "c", fix("present"), START);
    expect(raising(one, first).present).toBe(3);
    first.closed = START;
    ask(one, put, START);
    expect([base(one, asking(one)!).size, base(one, asking(one)!).present]).toEqual([4, 4]);
  });

  it("is told with its reason at its own moment, also of a sitting that was open before", () => {
    const one = opened();
    const now = START + 30 * MINUTE;
    correct(one, "c", fix("late", "19:45"), now);
    close(one, now);
    const sent = body(one, now, () => "") as { marks: Record<string, unknown>[] };
    expect(sent.marks.slice(0, 4).every((each) => each.reason === null && each.since === null)).toBe(true);
    expect(sent.marks[4]).toEqual({
      member: "c", mark: "late", reason: "Bấm nhầm", since: "2026-11-24T12:45:00.000Z", device_at: new Date(one.marks[4]!.at).toISOString(),
    });
    expect(known(one)).toBe(0);
  });
});

describe("guests", () => {
  it("stand beside those written down before, count for nothing, and are told", () => {
    const one = opened();
    const guest = { full_name: " Lò Văn Mẫu ", comes_from: "Xã", overseer: true };
    welcome(one, { ...guest, full_name: " " }, START);
    welcome(one, { ...guest, comes_from: "" }, START);
    expect(guestsOf(one)).toHaveLength(1);
    welcome(one, guest, START);
    expect(guestsOf(one).map((each) => each.full_name)).toEqual(["Ghi ở nhà", "Lò Văn Mẫu"]);
    expect(names(one)).toEqual(["a", "b"]);
    close(one, START);
    const sent = body(one, START, () => "") as { guests: unknown[] };
    expect(sent.guests).toEqual([{ full_name: "Lò Văn Mẫu", comes_from: "Xã", overseer: true, at: new Date(one.guests[0]!.at).toISOString() }]);
  });

  it("are not lost to what the server says anew", () => {
    const one = begin(kit(), START);
    expect(untouched(one)).toBe(true);
    welcome(one, { full_name: "Mẫu", comes_from: "Xã", overseer: false }, START);
    expect(untouched(one)).toBe(false);
    expect(moment(one, START)).toBeGreaterThan(one.guests[0]!.at);
  });
});
