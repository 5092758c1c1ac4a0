import { describe, expect, it } from "vitest";
import {
  absent, ask, asking, begin, came, close, coming, concernable, count, counters, end, fitting, misfit, here, live, mark, missing, readOut, moment, said, tellers, turn,
  unmarked, untouched, verdict, type Kit, type Motion, type Sitting,
} from "../src/record";
import { body } from "../src/told";
import { recount, recountable } from "../src/recount";
import type { Question } from "../src/verdict";
import { draftOf, move, settle, stale, stateOf, unsay } from "../src/moved";

const START = Date.parse("2026-11-24T12:30:00Z");
const QUESTION = {
  kind: "resolution", forms: ["hands"], threshold: { numerator: 1, denominator: 2, strict: true }, base: "statutory" as const,
  exempt_may_vote: true, whom: null, about: "", subject: "Nghị quyết", share: "quá một nửa", sources: ["Điều lệ Đảng"],
};

const ABOUT: Question[] = [
  { ...QUESTION, kind: "admission", forms: ["cards"], whom: "newcomer", about: "Kết nạp {name}" },
  { ...QUESTION, kind: "recognition", forms: ["cards"], whom: "probationer", about: "Công nhận {name}" },
  { ...QUESTION, kind: "removal", forms: ["cards"], whom: "member", about: "Xóa tên {name}" },
];

function person(id: string, category = "official"): Kit["members"][number] {
  return { id, name: id, category: category as never, official: category !== "probationary", called: true, asked: null, coming: false };
}

function kit(now = START): Kit {
  return {
    meeting: "m", person: "p", cell_name: "Chi bộ", title: "Sinh hoạt", place: "Nhà văn hóa", zone: "Asia/Ho_Chi_Minh",
    starts_at: new Date(START).toISOString(), minimum_minutes: 90, number: 7, now: new Date(now).toISOString(),
    members: [person("a"), person("b"), person("c"), person("d", "probationary"), person("e", "exempt"), person("s", "suspended")],
    items: [{ id: "i1", title: "Một", planned_minutes: 10 }, { id: "i2", title: "Hai", planned_minutes: 20 }],
    drafts: [{ item: "i1", number: 3, text: "Hạn là 30/11." }], motions: [], guests: [], asked: [], given: [], questions: [QUESTION, { ...QUESTION, kind: "motion", subject: "Đề nghị" }, ...ABOUT],
    so_far: null,
  };
}

function confirmed(): Sitting {
  const one = begin(kit(), START);
  for (const id of ["a", "b", "d"]) mark(one, id, "present", START);
  for (const id of ["c", "e"]) mark(one, id, "absent", START);
  one.head = 3;
  one.confirmed = moment(one, START);
  one.opened = moment(one, START);
  one.chair = "a";
  one.recorder = "b";
  return one;
}

describe("one person at a time", () => {
  const put = (kind: string, member: string | null, name: string) => ({ question: "Hỏi", kind, form: "cards", takingPart: [], person: { member, name } });
  it("names one, of the roll or typed as the kind says", () => {
    const one = confirmed();
    const bare = { question: "Hỏi", kind: "removal", form: "cards", takingPart: [] };
    expect([fitting(one, bare), fitting(one, { ...bare, kind: "resolution" })]).toEqual([false, true]);
    expect(fitting(one, put("resolution", "a", "a"))).toBe(false);
    expect(fitting(one, put("admission", null, "Lường Thị Mẫu"))).toBe(true);
    expect(fitting(one, put("admission", null, "Hờ Và Tủa"))).toBe(true);
    for (const two of ["Mẫu, Mực", "Mẫu và Mực", "Mẫu; Mực", "Mẫu/Mực", ""]) expect(fitting(one, put("admission", null, two))).toBe(false);
    expect(fitting(one, put("admission", "a", ""))).toBe(false);
    expect(concernable(one, "recognition").map((member) => member.id)).toEqual(["d"]);
    expect([fitting(one, put("recognition", "d", "d")), fitting(one, put("recognition", "a", "a"))]).toEqual([true, false]);
    expect(fitting(one, put("removal", "s", "s"))).toBe(true);
    expect(fitting(one, put("removal", "nobody", "x"))).toBe(false);
  });

  it("stands in the sentence and goes to the server, without the name of who is on the roll", () => {
    const one = confirmed();
    ask(one, put("removal", "c", "Chu Văn Mẫu"), START);
    expect(end(one, asking(one)!, { in_favour: 2, against: 0, abstain: 0 }, START)).toBe(true);
    expect(one.votes[0]!.verdict!.text).toContain("Xóa tên Chu Văn Mẫu được thông qua.");
    ask(one, put("admission", null, "Lường Thị Mẫu"), START);
    end(one, asking(one)!, { in_favour: 2, against: 0, abstain: 0 }, START);
    close(one, START);
    const sent = body(one, START, () => "") as { votes: { person: unknown }[] };
    expect(sent.votes.map((vote) => vote.person)).toEqual([{ member: "c" }, { name: "Lường Thị Mẫu" }]);
  });
});

describe("a count that was written down wrongly", () => {
  const put = { question: "Hỏi", kind: "resolution", form: "hands", takingPart: [] };
  it("is entered again while the meeting goes on, and the minutes say what stood there", () => {
    const one = confirmed();
    turn(one, true, START);
    ask(one, put, START);
    expect(tellers(one, one.votes[0]!).map((member) => member.id)).toEqual(here(one).map((member) => member.id));
    end(one, asking(one)!, { in_favour: 2, against: 0, abstain: 0 }, START, ["a"]);
    const was = one.votes[0]!.verdict!.text;
    const first = one.votes[0]!.closed!;
    recount(one, (question, text) => `${question}: ${text}`);
    expect([missing(one), one.items[0]!.words]).toEqual([["miss_reasons", "miss_vote"], `Hỏi: ${was}`]);
    expect(one.votes[0]!.tellers).toEqual([]);
    expect(end(one, asking(one)!, { in_favour: 1, against: 1, abstain: 0 }, START, ["b"])).toBe(true);
    expect(one.votes).toHaveLength(1);
    expect(one.votes[0]!.tellers).toEqual(["b"]);
    expect(one.votes[0]!.closed).toBeGreaterThanOrEqual(first);
    expect(one.votes[0]!.verdict!.passed).toBe(false);
  });

  it("stands where another question was put since, and after the end", () => {
    const one = confirmed();
    ask(one, put, START);
    end(one, asking(one)!, { in_favour: 2, against: 0, abstain: 0 }, START);
    const [first] = one.votes;
    expect(recountable(one)).toBe(first);
    ask(one, { ...put, question: "Nữa" }, START);
    expect(recountable(one)).toBeUndefined();
    end(one, asking(one)!, { in_favour: 2, against: 0, abstain: 0 }, START);
    expect(recountable(one)).toBe(one.votes[1]);
    close(one, START);
    expect(recountable(one)).toBeUndefined();
    recount(one, () => "");
    expect(one.votes.every((vote) => vote.verdict)).toBe(true);
  });
});

describe("ballots of paper", () => {
  const papers = { issued: 2, returned: 2, valid: 1, invalid: 1, blank: 0, in_favour: 1, against: 0, board: ["b"] };
  it("are counted by others than the one they are about, and what does not add up ends nothing", () => {
    const one = confirmed();
    ask(one, { question: "Hỏi", kind: "removal", form: "paper", takingPart: [], person: { member: "a", name: "A" } }, START);
    const vote = asking(one)!;
    expect(counters(one, vote).map((member) => member.id)).toEqual(["b"]);
    expect(misfit(one, vote, { ...papers, board: ["a"] })).toBe("p_board");
    expect(count(one, vote, { ...papers, valid: 2 }, START)).toBe(false);
    expect(asking(one)).toBe(vote);
    expect(count(one, vote, papers, START)).toBe(true);
    expect(vote.verdict).toMatchObject({ base: 3, needed: 2, absent: 1, not_cast: 0, passed: false });
    expect(vote.verdict!.text).toContain("tán thành 1, phiếu không hợp lệ 1, vắng mặt 1");
    close(one, START);
    const sent = body(one, START, () => "") as { votes: { in_favour: number; abstain: number; papers: unknown }[] };
    const { in_favour: _yes, against: _no, ...rest } = papers;
    expect(sent.votes[0]).toMatchObject({ in_favour: 1, abstain: 0, papers: rest });
  });
});

describe("motions", () => {
  it("fold what was agreed to into the draft, and leave what was written on an older one waiting", () => {
    const one = confirmed();
    turn(one, true, START);
    expect(move(one, { kind: "amendment", member: "a", text: "Hạn là 30/11. ", item: "i1" }, START)).toBe(false);
    expect(move(one, { kind: "words", member: "", text: "Nghỉ", item: null }, START)).toBe(false);
    for (const text of ["Hạn là 15/12.", "Hạn là 20/12."]) expect(move(one, { kind: "amendment", member: "a", text, item: "i1" }, START)).toBe(true);
    expect(move(one, { kind: "words", member: "d", text: "Mua ghế", item: null }, START)).toBe(true);
    const [first, second, third] = one.motions as [Motion, Motion, Motion];
    expect([first.against, second.against, third.against]).toEqual([3, 3, null]);
    ask(one, { question: "Đề nghị 1", kind: "motion", form: "hands", takingPart: [], motion: first.id }, START);
    expect(stateOf(one, first)).toBe("voting");
    unsay(one, first);
    settle(one, first, true, START);
    expect([one.motions.length, first.taken]).toEqual([3, null]);
    expect(end(one, asking(one)!, { in_favour: 2, against: 0, abstain: 0 }, START)).toBe(true);
    expect(stateOf(one, first)).toBe("adopted");
    expect(draftOf(one, "i1")).toEqual({ item: "i1", number: 4, text: "Hạn là 15/12." });
    expect([stale(one, first), stale(one, second), stale(one, third)]).toEqual([false, true, false]);
    settle(one, second, true, START);
    expect(stateOf(one, second)).toBe("proposed");
    settle(one, second, false, START);
    unsay(one, third);
    close(one, START);
    const sent = body(one, START, () => "") as { motions: { id: string; at: string; decided_at: string | null; taken_up: boolean | null }[]; votes: { motion: string; opened_at: string }[] };
    expect(sent.motions.map((motion) => motion.taken_up)).toEqual([null, false]);
    expect(sent.votes[0]!.motion).toBe(first.id);
    expect(sent.motions[0]!.at < sent.votes[0]!.opened_at).toBe(true);
    expect(sent.motions[1]!.decided_at! > sent.motions[1]!.at).toBe(true);
  });

  it("let somebody who came in raise a hand, and the base stays", () => {
    const one = confirmed();
    ask(one, { question: "Hỏi", kind: "resolution", form: "hands", takingPart: [] }, START);
    const vote = asking(one)!;
    expect(verdict(one, vote, { in_favour: 3, against: 0, abstain: 0 })).toBeNull();
    mark(one, "c", "late", START);
    expect(verdict(one, vote, { in_favour: 3, against: 0, abstain: 0 })).toMatchObject({ base: 3, needed: 2, absent: 0, not_cast: 0, passed: true });
  });
});

describe("the roll", () => {
  it("asks for every name but the suspended, and the last word before the confirmation holds", () => {
    const one = begin(kit(), START);
    expect(unmarked(one).map((member) => member.id)).toEqual(["a", "b", "c", "d", "e"]);
    expect(untouched(one)).toBe(true);
    mark(one, "a", "present", START);
    mark(one, "a", "absent", START);
    expect(one.marks.filter((known) => known.member === "a")).toHaveLength(1);
    expect(said(one, "a")).toBe("absent");
    expect(untouched(one)).toBe(false);
  });

  it("keeps who came late and who left early with their moments", () => {
    const one = confirmed();
    mark(one, "c", "late", START + 60_000);
    mark(one, "b", "left_early", START + 120_000);
    expect(here(one).map((member) => member.id)).toEqual(["a", "c", "d"]);
    expect(came(one).map((member) => member.id)).toEqual(["a", "b", "c", "d"]);
    expect(absent(one)).toEqual([]);
  });

  it("owes no reason for the exempt", () => expect(absent(confirmed()).map((member) => member.id)).toEqual(["c"]));
});

describe("the clock", () => {
  it("goes on though the phone's is set back a day", () => {
    const one = confirmed();
    const before = one.opened!;
    turn(one, true, START - 86_400_000);
    expect(live(one)!.started!).toBeGreaterThan(before);
  });

  it("follows the server's where the phone's was off when the sitting was taken along", () => {
    const one = begin(kit(START + 3_600_000), START);
    expect(moment(one, START)).toBe(START + 3_600_000);
    expect(begin(kit(START + 1000), START).offset).toBe(0);
  });
});

describe("the agenda", () => {
  it("has one live item, ends it after it began, and closing ends the last", () => {
    const one = confirmed();
    turn(one, true, START);
    turn(one, true, START);
    expect(live(one)!.id).toBe("i2");
    expect(coming(one)).toBeUndefined();
    expect(one.items[0]!.ended!).toBeGreaterThan(one.items[0]!.started!);
    close(one, START);
    expect(one.closed!).toBeGreaterThan(one.items[1]!.ended!);
  });
});

describe("a vote", () => {
  it("fixes its base when it is put, and takes no more hands than are there", () => {
    const one = confirmed();
    ask(one, { question: "Nhất trí?", kind: "resolution", form: "hands", takingPart: [] }, START);
    const vote = asking(one)!;
    mark(one, "b", "left_early", START + 1);
    expect(verdict(one, vote, { in_favour: 3, against: 0, abstain: 0 })).toBeNull();
    expect(end(one, vote, { in_favour: 3, against: 0, abstain: 0 }, START + 2)).toBe(false);
    expect(end(one, vote, { in_favour: 2, against: 0, abstain: 0 }, START + 2)).toBe(true);
    expect(vote.verdict).toMatchObject({ base: 3, needed: 2, passed: true, absent: 1 });
    expect(asking(one)).toBeUndefined();
  });
});

describe("the end", () => {
  it("names what is missing, in order", () => {
    const one = begin(kit(), START);
    expect(missing(one)).toEqual(["miss_roll", "miss_open", "miss_parts"]);
    const later = confirmed();
    ask(later, { question: "?", kind: "resolution", form: "hands", takingPart: [] }, START);
    later.recorder = "a";
    expect(missing(later)).toEqual(["miss_reasons", "miss_parts", "miss_vote"]);
  });

  it("tells everything to the server under the one id of the record", () => {
    const one = confirmed();
    one.absences.c = "excused:ill";
    one.tasks.push({ who: "Đ/c A", what: "Quét sân", due: "30/11" });
    one.words = "Lời chung";
    turn(one, true, START + 1000);
    readOut(one, START + 89 * 60_000);
    close(one, START + 90 * 60_000);
    const told = body(one, START + 90 * 60_000, (task) => `Phân công: ${task.what}`);
    expect(told).toMatchObject({
      id: one.id, based_on: 7, head_count: 3, chair: "a", recorder: "b", fees: null, words: "Lời chung\nPhân công: Quét sân",
      absences: [{ member: "c", decision: "excused", reason: "ill" }],
    });
    expect(body(one, START, () => "").id).toBe(told.id);
    const moments = [told.confirmed_at, told.opened_at, told.read_at, told.closed_at] as string[];
    expect([...moments].sort()).toEqual(moments);
    expect((told.marks as { device_at: string }[]).every((known) => known.device_at <= moments[0]!)).toBe(true);
  });
});
