import { describe, expect, it } from "vitest";
import { draftOf, move, settle, stale, stateOf, unsay, withdraw, write } from "../src/moved";
import { ask, asking, begin, close, end, mark, moment, turn, untouched, type Kit, type MotionThere, type Sitting } from "../src/record";
import { body } from "../src/told";

const START = Date.parse("2026-11-24T12:30:00Z");
const QUESTION = {
  kind: "motion", forms: ["hands"], threshold: { numerator: 1, denominator: 2, strict: true }, base: "statutory" as const,
  exempt_may_vote: true, whom: null, about: "", subject: "Đề nghị", share: "quá một nửa", sources: ["Điều lệ Đảng"],
};

function moved(id: string, more: Partial<MotionThere> = {}): MotionThere {
  return { id, kind: "words", member: "a", text: `Lời ${id}`, reason: "", item: null, against: null, at: new Date(START).toISOString(), state: "proposed", ...more };
}

function kit(motions: MotionThere[]): Kit {
  return {
    meeting: "m", person: "p", cell_name: "Chi bộ", title: "Sinh hoạt", place: "Nhà văn hóa", zone: "Asia/Ho_Chi_Minh",
    starts_at: new Date(START).toISOString(), minimum_minutes: 90, number: 7, now: new Date(START).toISOString(),
    members: ["a", "b"].map((id) => ({ id, name: id, category: "official" as const, official: true, called: true, asked: null, coming: false })),
    items: [{ id: "i1", title: "Một", planned_minutes: 10 }], drafts: [{ item: "i1", number: 3, text: "Hạn là 30/11." }], motions, guests: [], asked: [], given: [],
    questions: [QUESTION], so_far: null,
  };
}

function opened(...motions: MotionThere[]): Sitting {
  const one = begin(kit(motions), START);
  for (const id of ["a", "b"]) mark(one, id, "present", START);
  one.confirmed = moment(one, START);
  one.opened = moment(one, START);
  turn(one, true, START);
  return one;
}

interface Sent {
  before: unknown[];
  motions: { id: string }[];
  drafts: { item: string; text: string; after: number }[];
  votes: { motion: string | null }[];
}

const told = (one: Sitting): Sent => {
  close(one, START);
  return body(one, START, () => "") as unknown as Sent;
};

const amendment = moved("m2", { kind: "amendment", item: "i1", against: 3, text: "Hạn là 15/12." });

describe("motions that were moved on line before", () => {
  it("are there with what became of them, and only what the hall decides is told", () => {
    const one = opened(moved("m1", { state: "adopted" }), amendment, moved("m3"), moved("m4"), moved("m5", { state: "withdrawn" }));
    expect(one.motions.map((motion) => stateOf(one, motion))).toEqual(["adopted", "proposed", "proposed", "proposed", "withdrawn"]);
    expect(untouched(begin(kit([amendment]), START))).toBe(true);
    ask(one, { question: "Đề nghị 2", kind: "motion", form: "hands", takingPart: [], motion: "m2" }, START);
    expect(stateOf(one, one.motions[1]!)).toBe("voting");
    end(one, asking(one)!, { in_favour: 2, against: 0, abstain: 0 }, START);
    expect([stateOf(one, one.motions[1]!), draftOf(one, "i1")]).toEqual(["adopted", { item: "i1", number: 4, text: "Hạn là 15/12." }]);
    settle(one, one.motions[2]!, false, START);
    expect(stateOf(one, one.motions[2]!)).toBe("rejected");
    settle(one, one.motions[0]!, false, START);
    expect(stateOf(one, one.motions[0]!)).toBe("adopted");
    unsay(one, one.motions[3]!);
    expect(one.motions).toHaveLength(5);
    withdraw(one, one.motions[3]!, START);
    expect(stateOf(one, one.motions[3]!)).toBe("withdrawn");
    settle(one, one.motions[3]!, true, START);
    withdraw(one, one.motions[2]!, START);
    expect([stateOf(one, one.motions[3]!), stateOf(one, one.motions[2]!)]).toEqual(["withdrawn", "rejected"]);
    move(one, { kind: "words", member: "b", text: "Mới", item: null }, START);
    const sent = told(one);
    expect(sent.before).toEqual([
      { id: "m2", taken_up: null, decided_at: null, withdrawn_at: null },
      { id: "m3", taken_up: false, decided_at: new Date(one.motions[2]!.decided!).toISOString(), withdrawn_at: null },
      { id: "m4", taken_up: null, decided_at: null, withdrawn_at: new Date(one.motions[3]!.withdrawn!).toISOString() },
    ]);
    expect(sent.motions).toHaveLength(1);
    expect(sent.votes.map((vote) => vote.motion)).toEqual(["m2"]);
  });
});

describe("a draft that is written in the hall", () => {
  it("is the draft from then on, numbered after the one before, and older amendments wait", () => {
    const one = opened(amendment);
    expect(write(one, "i1", " Hạn là 30/11. ", START)).toBe(false);
    expect(write(one, "i1", "  ", START)).toBe(false);
    expect(write(one, "i1", "Hạn là 31/12.", START)).toBe(true);
    expect(draftOf(one, "i1")).toEqual({ item: "i1", number: 4, text: "Hạn là 31/12." });
    expect(stale(one, one.motions[0]!)).toBe(true);
    settle(one, one.motions[0]!, true, START);
    expect(stateOf(one, one.motions[0]!)).toBe("proposed");
    move(one, { kind: "amendment", member: "a", text: "Hạn là 01/01.", item: "i1" }, START);
    settle(one, one.motions[1]!, true, START);
    expect(write(one, "i1", "Bản cuối", START)).toBe(true);
    expect(told(one).drafts.map(({ item, text, after }) => [item, text, after])).toEqual([["i1", "Hạn là 31/12.", 3], ["i1", "Bản cuối", 5]]);
  });

  it("is the first of an item that had none, and stays while an amendment to it is voted on", () => {
    const one = opened(amendment);
    one.kit.drafts = [];
    expect(draftOf(one, "i1")).toBeUndefined();
    expect(write(one, "i1", "Bản đầu", START)).toBe(true);
    expect([one.drafts[0]!.after, draftOf(one, "i1")?.number]).toEqual([0, 1]);
    move(one, { kind: "amendment", member: "a", text: "Sửa", item: "i1" }, START);
    ask(one, { question: "Hỏi", kind: "motion", form: "hands", takingPart: [], motion: one.motions[1]!.id }, START);
    expect(write(one, "i1", "Khác", START)).toBe(false);
    expect(write(one, "i2", "Khác", START)).toBe(true);
  });
});
