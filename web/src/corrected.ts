// A mark of the confirmed roll that is corrected, with its reason, as on line; and guests, who stand beside the roll.
import { moment, said, type Guest, type MarkKind, type Sitting } from "./record";

const MOST_GUESTS = 100;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

export interface Fix {
  kind: MarkKind;
  /** "19:30", where they came late or left early. */
  time: string;
  reason: string;
}

export const timed = (kind: MarkKind): boolean => kind === "late" || kind === "left_early";

function minutesOf(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return part("hour") * 60 + part("minute");
}

/** That time of the sitting, at or after the opening and not after `until`; null where there is none. */
export function timeIn(one: Sitting, typed: string, until: number): number | null {
  const found = /^(\d{1,2})[:hg.](\d{2})$/i.exec(typed.trim());
  if (!found || one.opened === null || Number(found[1]) > 23 || Number(found[2]) > 59) return null;
  const after = Number(found[1]) * 60 + Number(found[2]) - minutesOf(one.kit.zone, one.opened);
  const whole = Math.floor(one.opened / MINUTE_MS) * MINUTE_MS + ((after + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS;
  const at = Math.max(whole, one.opened); // the very minute of the opening
  return at <= until ? at : null;
}

/** Name of words that say what is missing; null where nothing is. */
export function misfixed(one: Sitting, fix: Fix, now: number): string | null {
  if (timed(fix.kind) && timeIn(one, fix.time, moment(one, now)) === null) return "fix_time";
  return fix.reason.trim() ? null : "fix_why";
}

export function correct(one: Sitting, member: string, fix: Fix, now: number): void {
  if (!correctable(one, member) || misfixed(one, fix, now)) return;
  const at = moment(one, now);
  one.marks.push({ member, mark: fix.kind, at, reason: fix.reason.trim(), since: timed(fix.kind) ? timeIn(one, fix.time, at) : null });
}

export function corrected(one: Sitting, member: string): boolean {
  return one.marks.some((mark) => mark.member === member && mark.reason);
}

/** Corrected while the sitting goes on; before the opening nobody's mark is, there as here. */
export function correctable(one: Sitting, member: string): boolean {
  return one.opened !== null && one.confirmed !== null && one.closed === null && said(one, member) !== undefined;
}

export function guestsOf(one: Sitting): Guest[] {
  return [...one.kit.guests, ...one.guests];
}

/** Nothing without a name and where they come from. */
export function welcome(one: Sitting, guest: Guest, now: number): void {
  const [full_name, comes_from] = [guest.full_name.trim(), guest.comes_from.trim()];
  if (!full_name || !comes_from || one.guests.length >= MOST_GUESTS) return;
  one.guests.push({ full_name, comes_from, overseer: guest.overseer, at: moment(one, now) });
}
