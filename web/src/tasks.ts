// Work given in a hall without a network, and what is found there of earlier work, by the rules of `meetings/agenda/tasks.py`.
import { live, moment, type Sitting } from "./record";

export const MOST = 200; // of one sitting
export const MOST_AHEAD_YEARS = 6;

/** `who` and `what` in words. Without `given` an older build kept it: it stands in the minutes as words. */
export interface Task {
  who: string;
  what: string;
  due: string;
  given?: { member: string; item: string | null; at: number };
}

export interface Wanted {
  member: string;
  what: string;
  /** As it is typed: "30/11/2026". */
  due: string;
}

/** "2026-11-30"; null where the calendar has no such day. */
export function dayIn(typed: string): string | null {
  const found = /^(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})$/.exec(typed.trim());
  if (!found) return null;
  const [day, month, year] = found.slice(1).map((part) => part.padStart(2, "0"));
  const told = `${year}-${month}-${day}`;
  const at = new Date(`${told}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(told) ? told : null;
}

/** While the meeting goes on. */
export function workable(one: Sitting): boolean {
  return one.opened !== null && one.confirmed !== null && one.closed === null;
}

/** The local day of the meeting, and the last one that work may run to. */
export function days(one: Sitting): [string, string] {
  const told = new Intl.DateTimeFormat("sv-SE", { timeZone: one.kit.zone, dateStyle: "short" });
  const day = told.format(one.opened ?? Date.parse(one.kit.starts_at));
  return [day, `${Number(day.slice(0, 4)) + MOST_AHEAD_YEARS}${day.slice(4, 8)}01`];
}

/** Name of words that say what is wrong with a last day; null where nothing is. */
export function misdue(one: Sitting, typed: string): string | null {
  const due = dayIn(typed);
  const [first, last] = days(one);
  if (due === null) return "no_day";
  return due < first || due > last ? "bad_due" : null;
}

/** Name of words that say what is wrong; null where nothing is. */
export function miswanted(one: Sitting, wanted: Wanted): string | null {
  if (!wanted.what.trim() || !wanted.member) return "task_fill";
  return one.tasks.length >= MOST ? "task_many" : misdue(one, wanted.due);
}

export function give(one: Sitting, wanted: Wanted, now: number): void {
  const who = one.kit.members.find((member) => member.id === wanted.member)?.name;
  const due = dayIn(wanted.due);
  if (!who || !due || !workable(one) || miswanted(one, wanted)) return;
  const given = { member: wanted.member, item: live(one)?.id ?? null, at: moment(one, now) };
  one.tasks.push({ who, what: wanted.what.trim(), due, given });
}

export interface Found {
  outcome: "done" | "late" | "extended" | "dropped";
  due: string | null;
  note: string;
}

/** As the server has it; `reports`: how many there are of it; `found`: by this meeting. */
export interface TaskThere {
  id: string;
  title: string;
  name: string;
  due: string;
  reports: number;
  found: Found | null;
}

export interface Report extends Found {
  task: string;
  at: number;
}

/** What this meeting found of it last. */
export function foundOf(one: Sitting, task: TaskThere): Found | null {
  return one.reports.find((report) => report.task === task.id) ?? task.found;
}

export interface Typed {
  outcome: Found["outcome"] | "";
  due: string;
  note: string;
}

/** Name of words that say what is wrong; null where nothing is. */
export function misfound(one: Sitting, { outcome, due, note }: Typed): string | null {
  if (!outcome) return "found_choose";
  if (outcome === "extended") return misdue(one, due);
  return outcome === "dropped" && !note.trim() ? "found_why" : null;
}

/** Said again, the last word holds. */
export function report(one: Sitting, task: TaskThere, typed: Typed, now: number): void {
  const { outcome } = typed;
  if (!outcome || !workable(one) || misfound(one, typed)) return;
  const due = outcome === "extended" ? dayIn(typed.due) : null;
  const at = moment(one, now);
  one.reports = [...one.reports.filter((known) => known.task !== task.id), { task: task.id, outcome, due, note: typed.note.trim(), at }];
}
