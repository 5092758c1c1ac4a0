import { describe, expect, it } from "vitest";
import { adopted } from "../src/adopted";
import { begin, close, mark, moment, turn, type Kit, type Sitting } from "../src/record";
import { days, foundOf, give, misfound, miswanted, MOST, report, workable, type TaskThere } from "../src/tasks";
import { body } from "../src/told";

const START = Date.parse("2026-11-24T17:30:00Z"); // past midnight in Hanoi
const WANTED = { member: "b", what: " Quét sân ", due: "30/11/2026" };

function kit(): Kit {
  return {
    meeting: "m", person: "p", cell_name: "Chi bộ", title: "Sinh hoạt", place: "Nhà văn hóa", zone: "Asia/Ho_Chi_Minh",
    starts_at: new Date(START).toISOString(), minimum_minutes: 90, number: 7, now: new Date(START).toISOString(),
    members: ["a", "b"].map((id) => ({ id, name: `Đ/c ${id}`, category: "official" as const, official: true, called: true, asked: null, coming: false })),
    items: [{ id: "i1", title: "Một", planned_minutes: 10 }], drafts: [], motions: [], guests: [], asked: [], given: [], questions: [], so_far: null,
  };
}

function opened(): Sitting {
  const one = begin(kit(), START);
  for (const id of ["a", "b"]) mark(one, id, "present", START);
  one.confirmed = moment(one, START);
  one.opened = moment(one, START);
  return one;
}

interface Sent {
  words: string;
  tasks: Record<string, unknown>[];
  reports: Record<string, unknown>[];
}

const told = (one: Sitting): Sent => {
  close(one, START);
  return body(one, START, (task) => `${task.who}: ${task.what}; ${task.due}`) as unknown as Sent;
};

describe("work given", () => {
  it("goes to a member of the roll, from the local day of the meeting for six years", () => {
    const one = opened();
    expect(days(one)).toEqual(["2026-11-25", "2032-11-01"]);
    expect(miswanted(one, WANTED)).toBeNull();
    for (const lack of [{ what: "  " }, { member: "" }]) expect(miswanted(one, { ...WANTED, ...lack })).toBe("task_fill");
    for (const due of ["", "30/11", "31/11/2026", "0/1/2027", "1/13/2027", "2026-11-30"]) expect(miswanted(one, { ...WANTED, due })).toBe("no_day");
    for (const due of ["24/11/2026", "2.11.2032", "1/1/9999"]) expect(miswanted(one, { ...WANTED, due })).toBe("bad_due");
    for (const due of ["25/11/2026", " 1 - 11 - 2032 "]) expect(miswanted(one, { ...WANTED, due })).toBeNull();
    give(one, { ...WANTED, due: "24/11/2026" }, START);
    give(one, { ...WANTED, member: "x" }, START);
    expect(one.tasks).toEqual([]);
    one.tasks = Array.from({ length: MOST }, () => ({ who: "", what: "", due: "" }));
    expect(miswanted(one, WANTED)).toBe("task_many");
  });

  it("is told once at its moment under its item, and not as words", () => {
    const one = opened();
    give(one, WANTED, START);
    turn(one, true, START);
    give(one, { ...WANTED, what: "Thăm hỏi" }, START);
    const [before, after] = one.tasks.map((task) => task.given!.at);
    expect([before! > one.opened!, after! > one.items[0]!.started!]).toEqual([true, true]);
    const sent = told(one);
    expect(sent.words).toBe("");
    expect(sent.tasks).toEqual([
      { title: "Quét sân", member: "b", due: "2026-11-30", item: null, at: new Date(before!).toISOString() },
      { title: "Thăm hỏi", member: "b", due: "2026-11-30", item: "i1", at: new Date(after!).toISOString() },
    ]);
  });

  it("is not given before the opening nor after the end", () => {
    const early = begin(kit(), START);
    const late = opened();
    close(late, START);
    for (const one of [early, late]) {
      expect(workable(one)).toBe(false);
      give(one, WANTED, START);
      expect(one.tasks).toEqual([]);
    }
  });

  it("stays as words where an older build kept it", () => {
    const known = { ...opened(), tasks: [{ who: "Đ/c Mẫu", what: "Trồng cây", due: "cuối tháng" }] };
    const one = adopted(JSON.parse(JSON.stringify(known)) as Sitting);
    give(one, WANTED, START);
    const sent = told(one);
    expect(sent.words).toBe("Đ/c Mẫu: Trồng cây; cuối tháng");
    expect(sent.tasks.map((task) => task.title)).toEqual(["Quét sân"]);
  });
});

const THERE: TaskThere = { id: "t1", title: "Rà soát", name: "Đ/c a", due: "2026-11-20", reports: 2, found: null };
const DONE = { outcome: "done" as const, due: "", note: "" };

describe("what is found of earlier work", () => {
  it("says which, until when it is extended, and why it is dropped", () => {
    const one = opened();
    expect(misfound(one, { ...DONE, outcome: "" })).toBe("found_choose");
    expect(misfound(one, { ...DONE, outcome: "extended" })).toBe("no_day");
    expect(misfound(one, { ...DONE, outcome: "extended", due: "24/11/2026" })).toBe("bad_due");
    expect(misfound(one, { ...DONE, outcome: "dropped", note: " " })).toBe("found_why");
    for (const fine of [DONE, { ...DONE, outcome: "late" as const }, { ...DONE, outcome: "dropped" as const, note: "Trùng" }]) expect(misfound(one, fine)).toBeNull();
  });

  it("is told once at its moment as it was said last, with what had been seen of it", () => {
    const one = opened();
    one.kit.asked = [THERE, { ...THERE, id: "t2", reports: 0, found: { outcome: "late", due: null, note: "Ốm" } }];
    report(one, THERE, { ...DONE, outcome: "dropped" }, START);
    expect([one.reports, foundOf(one, THERE), foundOf(one, one.kit.asked[1]!)?.outcome]).toEqual([[], null, "late"]);
    report(one, THERE, { ...DONE, due: "30/11/2026" }, START);
    const first = one.reports[0]!.at;
    report(one, THERE, { outcome: "extended", due: "30/11/2026", note: " Chờ xã " }, START);
    const [last] = one.reports;
    expect([one.reports.length, last!.at > first, foundOf(one, THERE)]).toEqual([1, true, last]);
    expect(told(one).reports).toEqual([
      { task: "t1", outcome: "extended", due: "2026-11-30", note: "Chờ xã", after: 2, at: new Date(last!.at).toISOString() },
    ]);
    report(one, THERE, DONE, START);
    expect(one.reports).toEqual([last]);
  });

  it("has no day where it is not extended", () => {
    const one = opened();
    report(one, THERE, { ...DONE, due: "30/11/2026" }, START);
    expect(one.reports[0]!.due).toBeNull();
  });
});
