import { describe, expect, it } from "vitest";
import { adopted } from "../src/adopted";
import { absent, begin, close, here, live, mark, missing, said, turn, untouched, type Kit, type Sitting, type SoFar } from "../src/record";
import { body } from "../src/told";

const START = Date.parse("2026-11-24T12:30:00Z");
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();

function person(id: string): Kit["members"][number] {
  return { id, name: id, category: "official", official: true, called: true, asked: null, coming: false };
}

function kit(more: Partial<SoFar> = {}): Kit {
  return {
    meeting: "m", person: "p", cell_name: "Chi bộ", title: "Sinh hoạt", place: "Nhà văn hóa", zone: "Asia/Ho_Chi_Minh",
    starts_at: at(0), minimum_minutes: 90, number: 30, now: at(20), members: ["a", "b", "c"].map(person),
    items: [{ id: "i1", title: "Một", planned_minutes: 10 }, { id: "i2", title: "Hai", planned_minutes: 20 }],
    drafts: [], motions: [], guests: [], asked: [], given: [], questions: [],
    so_far: {
      opened_at: at(1), confirmed_at: at(3), chair: "a", recorder: "b", paid: 2, of: 3, read_at: null,
      marks: [{ member: "a", mark: "present", at: at(3) }, { member: "b", mark: "present", at: at(3) }, { member: "c", mark: "absent", at: at(3) }],
      absences: [{ member: "c", decision: "excused", reason: "ill" }],
      places: [
        { place: "i1", started_at: at(5), ended_at: null, conclusion: "", words: "Viết khi còn mạng." },
        { place: "i2", started_at: null, ended_at: null, conclusion: "", words: "" },
        { place: "m", started_at: null, ended_at: null, conclusion: "", words: "Chung." },
      ],
      votes: [{ question: "Hỏi", item: null, text: "20 (cần 11): được thông qua" }], ...more,
    },
  };
}

interface Sent {
  continues: boolean;
  marks: { member: string; mark: string }[];
  taken: { place: string; words: string }[];
  items: { started_at: string | null; ended_at: string | null }[];
  votes: unknown[];
  opened_at: string;
}

describe("a sitting that was open when the line went", () => {
  it("stands on the device as it stood on the server, and only what is done since is sent", () => {
    const one = begin(kit(), START + 20 * 60_000);
    expect([here(one).map((member) => member.id), live(one)?.id, one.words, one.paid]).toEqual([["a", "b"], "i1", "Chung.", 2]);
    expect([absent(one).map((member) => member.id), one.absences.c, missing(one)]).toEqual([["c"], "excused:ill", []]);
    const now = START + 30 * 60_000;
    mark(one, "c", "late", now);
    expect(said(one, "c")).toBe("late");
    live(one)!.words += " Viết tiếp.";
    turn(one, true, now);
    close(one, now + 60_000);
    const sent = body(one, now, () => "") as unknown as Sent;
    expect(sent).toMatchObject({ continues: true, opened_at: at(1), votes: [] });
    expect(sent.marks.map(({ member, mark: kind }) => [member, kind])).toEqual([["c", "late"]]);
    expect(sent.taken).toEqual([{ place: "i1", words: "Viết khi còn mạng." }, { place: "m", words: "Chung." }]);
    expect(sent.items[0]!.started_at).toBe(at(5));
    expect(Date.parse(sent.items[1]!.started_at!)).toBeGreaterThan(Date.parse(sent.items[0]!.ended_at!));
  });

  it("tells the whole roll where it was not confirmed", () => {
    const one = begin(kit({ confirmed_at: null, marks: [{ member: "a", mark: "present", at: at(2) }] }), START);
    expect(missing(one)).toContain("miss_roll");
    for (const id of ["b", "c"]) mark(one, id, "present", START + 25 * 60_000);
    close(one, START + 40 * 60_000);
    expect((body(one, START, () => "") as unknown as Sent).marks.map(({ member }) => member)).toEqual(["a", "b", "c"]);
  });

  it("gives way to what the server says until something is done here", () => {
    const one = begin(kit(), START);
    expect(untouched(one)).toBe(true);
    one.saved = START;
    expect(untouched(one)).toBe(false);
  });
});

describe("a record of an older build", () => {
  it("is filled in, and nothing of it is lost", () => {
    const one = begin({ ...kit(), so_far: null }, START + 20 * 60_000);
    mark(one, "a", "present", START);
    const old = JSON.parse(JSON.stringify(one)) as Sitting & { later: string };
    old.later = "of another build";
    for (const name of ["motions", "drafts", "guests", "read", "offset", "accepted"] as const) delete (old as Partial<Sitting>)[name];
    for (const name of ["drafts", "motions", "guests", "so_far"] as const) delete (old.kit as Partial<Kit>)[name];
    expect(adopted(old)).toEqual({ ...one, later: "of another build" });
  });
});
