import { describe, expect, it } from "vitest";
import { baseOf, type BaseKind, type Category } from "../src/base";
import { decide, needed, possible, type Hands, type Question } from "../src/verdict";
import worked from "./worked.json";

describe("the worked examples that the server's engine is tested with", () => {
  for (const one of worked.cases)
    it(one.name, () => {
      const question = one.question as Question;
      const members = one.members.map((member) => ({ ...member, category: member.category as Category }));
      const base = baseOf(members, question.base as BaseKind, {
        present: new Set(one.present), phone: new Set(one.phone), takingPart: new Set(one.takingPart),
        excused: new Set(one.excused),
      });
      expect(possible(one.hands, base)).toBe(true);
      const found = decide(question, base, one.hands, one.person);
      const { base: size, needed: enough, not_cast, absent, passed } = one.expect;
      expect(found).toEqual({ base: size, needed: enough, not_cast, absent, passed, text: one.explanation });
    });

  it("knows more than twenty", () => expect(worked.cases.length).toBeGreaterThan(20));
});

describe("thresholds in integers", () => {
  for (const row of worked.thresholds)
    it(JSON.stringify(row), () => expect(needed(row, row.base)).toBe(row.needed));
});

describe("hands that cannot be", () => {
  const member = { id: "a", category: "official" as Category, official: true, called: true };
  const base = baseOf([member], "statutory", { present: new Set(["a"]), takingPart: new Set(), excused: new Set() });
  const hands = (in_favour: number, against = 0): Hands => ({ in_favour, against, abstain: 0 });
  it("more than are there", () => expect(possible(hands(1, 1), base)).toBe(false));
  it("less than none", () => expect(possible(hands(-1), base)).toBe(false));
  it("parts of one", () => expect(possible(hands(0.5), base)).toBe(false));
  it("one of one", () => expect(possible(hands(1), base)).toBe(true));
});
