// The base of a vote, name by name: the same rows and the same order as `meetings/voting/base.py`.

export type Category = "official" | "probationary" | "temporary_arrived" | "temporary_away" | "exempt" | "suspended";
export type BaseKind = "statutory" | "less_excused" | "present";

export interface Voter {
  id: string;
  category: Category;
  official: boolean;
  called: boolean;
}

export type Why =
  | "present" | "absent" | "absent_by_phone" | "away_present" | "exempt_taking_part"
  | "not_convoked" | "probationary" | "temporary_arrived" | "suspended" | "away_absent" | "exempt_absent"
  | "exempt_not_taking_part" | "excused_all_through" | "not_present";

export interface There {
  present: ReadonlySet<string>;
  phone?: ReadonlySet<string>;
  takingPart: ReadonlySet<string>;
  excused: ReadonlySet<string>;
}

const IN = new Set<Why>(["present", "absent", "absent_by_phone", "away_present", "exempt_taking_part"]);
const HERE = new Set<Why>(["present", "away_present", "exempt_taking_part"]);

export interface Base {
  why: ReadonlyMap<string, Why>;
  size: number;
  /** Who can raise a hand. */
  present: number;
}

export function count(base: Base, ...reasons: Why[]): number {
  return [...base.why.values()].filter((why) => reasons.includes(why)).length;
}

/** Members of it who were there when the question was put. */
export function present(base: Base): string[] {
  return [...base.why].filter(([, why]) => HERE.has(why)).map(([member]) => member);
}

export function baseOf(roster: readonly Voter[], kind: BaseKind, there: There): Base {
  const why = new Map(roster.map((one) => [one.id, reason(one, kind, there)]));
  const all = [...why.values()];
  return { why, size: all.filter((one) => IN.has(one)).length, present: all.filter((one) => HERE.has(one)).length };
}

function reason(one: Voter, kind: BaseKind, there: There): Why {
  return noVote(one) ?? notThere(one, there) ?? takenOff(one, kind, there) ?? counted(one, there);
}

function noVote(one: Voter): Why | null {
  if (one.category === "suspended") return "suspended";
  if (one.category === "temporary_arrived") return "temporary_arrived";
  if (one.category === "probationary" || !one.official) return "probationary";
  return one.called ? null : "not_convoked";
}

function notThere(one: Voter, there: There): Why | null {
  const here = there.present.has(one.id);
  if (one.category === "temporary_away" && !here) return "away_absent";
  if (one.category !== "exempt") return null;
  if (!here) return "exempt_absent";
  return there.takingPart.has(one.id) ? null : "exempt_not_taking_part";
}

function takenOff(one: Voter, kind: BaseKind, there: There): Why | null {
  if (kind === "statutory" || there.present.has(one.id)) return null;
  if (kind === "present") return "not_present";
  return there.excused.has(one.id) ? "excused_all_through" : null;
}

function counted(one: Voter, there: There): Why {
  if (one.category === "temporary_away") return "away_present";
  if (one.category === "exempt") return "exempt_taking_part";
  if (there.present.has(one.id)) return "present";
  return there.phone?.has(one.id) ? "absent_by_phone" : "absent";
}
