// A sitting as this device keeps it while there is no network: what was done, when by its clock, what is missing.
import { baseOf, present, type Base, type Category } from "./base";
import { continued } from "./continued";
import { newId } from "./outbox";
import { wrong, type Papers } from "./papers";
import type { Report, Task, TaskThere } from "./tasks";
import { decide, possible, type Hands, type Question, type Verdict } from "./verdict";

export interface Member {
  id: string;
  name: string;
  category: Category;
  official: boolean;
  called: boolean;
  asked: string | null;
  coming: boolean;
}

export interface Kit {
  meeting: string;
  person: string;
  cell_name: string;
  title: string;
  place: string;
  zone: string;
  starts_at: string;
  minimum_minutes: number;
  number: number;
  now: string;
  members: Member[];
  items: { id: string; title: string; planned_minutes: number }[];
  /** Draft resolutions as they stood; amendments are written against their numbers. */
  drafts: Draft[];
  /** What was moved before, in order, with what became of it. */
  motions: MotionThere[];
  guests: Guest[];
  /** Work that was given before and is asked after here; and what was given here. */
  asked: TaskThere[];
  given: TaskThere[];
  questions: Question[];
  /** Where the sitting was open on the server when it was taken along. */
  so_far: SoFar | null;
}

export interface SoFar {
  opened_at: string;
  confirmed_at: string | null;
  marks: { member: string; mark: MarkKind; at: string }[];
  absences: { member: string; decision: string; reason: string | null }[];
  chair: string | null;
  recorder: string | null;
  paid: number | null;
  of: number | null;
  read_at: string | null;
  places: { place: string; started_at: string | null; ended_at: string | null; conclusion: string; words: string }[];
  /** Those that have ended, in words. */
  votes: { question: string; item: string | null; text: string }[];
}

export interface Draft {
  item: string;
  number: number;
  text: string;
}

/** A draft as it was written here, over its wording `after`. */
export interface Written {
  id: string;
  item: string;
  text: string;
  after: number;
  at: number;
}

export interface Guest {
  full_name: string;
  comes_from: string;
  overseer: boolean;
}

export type MotionThere = Pick<Motion, "id" | "kind" | "member" | "text" | "reason" | "item" | "against"> & { at: string; state: string };

export interface Motion {
  id: string;
  kind: "words" | "amendment";
  member: string;
  text: string;
  reason: string;
  item: string | null;
  against: number | null;
  at: number;
  /** Agreed to, or not, without a vote. */
  taken: boolean | null;
  decided: number | null;
  /** Taken back by the member. */
  withdrawn?: number | null;
  /** What had become of it on the server when it was taken along; null where it was moved here. */
  before: string | null;
}

export type MarkKind = "present" | "absent" | "late" | "left_early";

/** With a `reason` it corrects the confirmed roll; `since`: when they came or left. */
export interface Mark {
  member: string;
  mark: MarkKind;
  at: number;
  reason?: string;
  since?: number | null;
}

export interface Item {
  id: string;
  title: string;
  planned_minutes: number;
  started: number | null;
  ended: number | null;
  conclusion: string;
  words: string;
}

/** The one person a question is about: of the roll, or a name that was typed. */
export interface Person {
  member: string | null;
  name: string;
}

export interface Vote extends Hands {
  question: string;
  kind: string;
  form: string;
  item: string | null;
  opened: number;
  closed: number | null;
  present: string[];
  takingPart: string[];
  excused: string[];
  motion: string | null;
  person: Person | null;
  papers: Papers | null;
  /** Who counted hands or cards; an older build kept none. */
  tellers?: string[];
  verdict: Verdict | null;
}

export interface Sitting {
  id: string;
  who: string;
  meeting: string;
  /** Counts writings: a second tab of the same record is told that it is behind. */
  edition: number;
  saved: number;
  kit: Kit;
  /** The server's clock less this one, when the record was taken along. */
  offset: number;
  marks: Mark[];
  guests: (Guest & { at: number })[];
  head: number | null;
  confirmed: number | null;
  opened: number | null;
  closed: number | null;
  /** When the minutes were read out to the sitting. */
  read: number | null;
  chair: string;
  recorder: string;
  absences: Record<string, string>;
  paid: number | null;
  of: number | null;
  items: Item[];
  drafts: Written[];
  motions: Motion[];
  votes: Vote[];
  tasks: Task[];
  reports: Report[];
  words: string;
  accepted: string[];
  receipt: string;
}

const STRAY_MS = 60_000;
const SEVERAL = /[,;/&+\n]| và | cùng với /;
const OWE_REASON: Category[] = ["official", "probationary", "temporary_arrived"];

export function begin(kit: Kit, now: number): Sitting {
  const ahead = Date.parse(kit.now) - now;
  const made: Sitting = {
    id: newId(), who: kit.person, meeting: kit.meeting, edition: 0, saved: 0, kit,
    offset: Math.abs(ahead) > STRAY_MS ? ahead : 0,
    marks: [], guests: [], head: null, confirmed: null, opened: null, closed: null, read: null, chair: "", recorder: "",
    absences: {},
    paid: null, of: null, items: kit.items.map((one) => fresh(one)), drafts: [], motions: kit.motions.map(there), votes: [], tasks: [], reports: [], words: "", accepted: [],
    receipt: "",
  };
  return kit.so_far ? continued(made, kit.so_far) : made;
}

function fresh(one: { id: string; title: string; planned_minutes: number }): Item {
  const { id, title, planned_minutes } = one;
  return { id, title, planned_minutes, started: null, ended: null, conclusion: "", words: "" };
}

function there({ at, state, ...moved }: MotionThere): Motion {
  return { ...moved, at: Date.parse(at), taken: null, decided: null, before: state };
}

/** Nothing was done yet, so what the server says now may take its place. */
export function untouched(one: Sitting): boolean {
  if (one.kit.so_far) return one.saved === 0;
  return !one.marks.length && !one.guests.length && one.opened === null && !one.words && one.items.every((item) => !item.words);
}

/** This moment by the device's clock, after everything that was noted before, however the clock was set back. */
export function moment(one: Sitting, now: number): number {
  const noted = [
    one.confirmed, one.opened, one.closed, one.read,
    ...[...one.marks, ...one.guests, ...one.drafts, ...one.reports].map((noted) => noted.at),
    ...one.motions.flatMap((motion) => [motion.at, motion.decided, motion.withdrawn ?? null]),
    ...one.votes.flatMap((vote) => [vote.opened, vote.closed]),
    ...one.items.flatMap((item) => [item.started, item.ended]),
    ...one.tasks.map((task) => task.given?.at ?? null),
  ].filter((at): at is number => at !== null);
  return Math.max(now + one.offset, ...noted.map((at) => at + 1));
}

/** The last word on a name, as `meetings/attendance/hall.py` reads it: undefined where nothing was said. */
export function said(one: Sitting, member: string): MarkKind | undefined {
  let word: MarkKind | undefined;
  let left = 0;
  for (const { mark: kind, at, since } of one.marks.filter((known) => known.member === member)) {
    const moment = since ?? at;
    if (kind === "late" && word === "left_early" && left > moment) continue; // came at another time, and left all the same
    if (kind === "left_early") left = moment;
    word = kind;
  }
  return word;
}

export function mark(one: Sitting, member: string, kind: MarkKind, now: number): void {
  if (one.confirmed === null) one.marks = one.marks.filter((known) => known.member !== member);
  one.marks.push({ member, mark: kind, at: moment(one, now) });
}

/** On the roll, and let in. */
export function invited(one: Sitting): Member[] {
  return one.kit.members.filter((member) => member.category !== "suspended");
}

export function unmarked(one: Sitting): Member[] {
  return invited(one).filter((member) => said(one, member.id) === undefined);
}

/** In the hall at some time of the sitting, by the confirmed roll. */
export function came(one: Sitting): Member[] {
  return invited(one).filter((member) => !["absent", undefined].includes(said(one, member.id)));
}

/** In the hall now. */
export function here(one: Sitting): Member[] {
  return came(one).filter((member) => said(one, member.id) !== "left_early");
}

/** Whose absence needs a word of the secretary. */
export function absent(one: Sitting): Member[] {
  return invited(one).filter(
    (member) => said(one, member.id) === "absent" && member.called && OWE_REASON.includes(member.category),
  );
}

export function live(one: Sitting): Item | undefined {
  return one.items.find((item) => item.started !== null && item.ended === null);
}

export function coming(one: Sitting): Item | undefined {
  return one.items.find((item) => item.started === null);
}

/** Ends what is discussed; with `next`, begins what comes after it. */
export function turn(one: Sitting, next: boolean, now: number): void {
  const was = live(one);
  if (was) was.ended = moment(one, now);
  const later = next ? coming(one) : undefined;
  if (later) later.started = moment(one, now);
}

export function add(one: Sitting, title: string, minutes: number): void {
  one.items.push(fresh({ id: newId(), title, planned_minutes: minutes }));
}

export function asking(one: Sitting): Vote | undefined {
  return one.votes.find((vote) => vote.closed === null);
}

export function rule(one: Sitting, kind: string): Question {
  const found = one.kit.questions.find((question) => question.kind === kind);
  if (!found) throw new Error(kind);
  return found;
}

export interface Put {
  question: string;
  kind: string;
  form: string;
  takingPart: string[];
  motion?: string;
  person?: Person;
}

/** Whom a question of this kind can be about: of the roll; nobody where a name is typed, or where it is about no person. */
export function concernable(one: Sitting, kind: string): Member[] {
  const { whom } = rule(one, kind);
  if (whom !== "probationer" && whom !== "member") return [];
  return one.kit.members.filter((member) => whom === "member" || !member.official);
}

/** One person where the kind is about one, nobody else. */
export function fitting(one: Sitting, put: Put): boolean {
  const { whom } = rule(one, put.kind);
  if (!whom) return !put.person;
  if (!put.person || SEVERAL.test(put.person.name)) return false;
  return whom === "newcomer" ? !put.person.member && put.person.name !== "" : concernable(one, put.kind).some((member) => member.id === put.person?.member);
}

/** Puts a question: its base is fixed now. */
export function ask(one: Sitting, put: Put, now: number): void {
  const excused = rule(one, put.kind).base === "less_excused" ? excusedOf(one) : [];
  one.votes.push({
    ...put, motion: put.motion ?? null, person: put.person ?? null, item: live(one)?.id ?? null, opened: moment(one, now), closed: null,
    present: here(one).map((member) => member.id), excused,
    in_favour: 0, against: 0, abstain: 0, papers: null, verdict: null,
  });
}

function excusedOf(one: Sitting): string[] {
  const official = absent(one).filter((member) => member.official && member.category === "official");
  return official.map((member) => member.id).filter((id) => one.absences[id]?.startsWith("excused"));
}

export function base(one: Sitting, vote: Vote): Base {
  return baseOf(one.kit.members, rule(one, vote.kind).base, {
    present: new Set(vote.present), takingPart: new Set(vote.takingPart), excused: new Set(vote.excused),
  });
}

/** The base with everybody of it who was in the hall when the question was put, or came since. */
export function raising(one: Sitting, vote: Vote): Base {
  const known = base(one, vote);
  const came = here(one).filter((member) => known.why.get(member.id) === "absent");
  return { ...known, present: known.present + came.length };
}

/** Null where so many hands cannot have been raised. */
export function verdict(one: Sitting, vote: Vote, hands: Hands): Verdict | null {
  const known = raising(one, vote);
  return possible(hands, known) ? decide(rule(one, vote.kind), known, hands, vote.person?.name) : null;
}

export function end(one: Sitting, vote: Vote, hands: Hands, now: number, tellers: readonly string[] = []): boolean {
  const found = verdict(one, vote, hands);
  if (!found) return false;
  Object.assign(vote, hands, { tellers: [...tellers], verdict: found, closed: moment(one, now) });
  return true;
}

/** Who can have counted hands or cards: whoever was in the hall when the question was put, with or without a vote. */
export function tellers(one: Sitting, vote: Vote): Member[] {
  return one.kit.members.filter((member) => vote.present.includes(member.id));
}

/** Who may be on the counting board: members of the base who were there, not who stands on the ballot. */
export function counters(one: Sitting, vote: Vote): Member[] {
  const there = new Set(present(base(one, vote)));
  return one.kit.members.filter((member) => there.has(member.id) && member.id !== vote.person?.member);
}

/** Name of words that say what is wrong with a protocol; null where nothing is. */
export function misfit(one: Sitting, vote: Vote, papers: Papers): string | null {
  return wrong(papers, raising(one, vote).present, new Set(counters(one, vote).map((member) => member.id)));
}

/** Ballots as the engine counts them: a valid one with no mark for or against is nobody's. */
export function ballots(papers: Papers): Hands {
  const { in_favour, against, invalid } = papers;
  return { in_favour, against, abstain: papers.valid - in_favour - against, invalid };
}

/** Ends a secret vote with the protocol of its board; false where that does not add up. */
export function count(one: Sitting, vote: Vote, papers: Papers, now: number): boolean {
  if (vote.form !== "paper" || misfit(one, vote, papers)) return false;
  vote.papers = papers;
  return end(one, vote, ballots(papers), now);
}

/** Names of words that say what still stands before the end. */
export function missing(one: Sitting): string[] {
  const gone = absent(one).filter((member) => !one.absences[member.id]);
  const lacks: [boolean, string][] = [
    [one.confirmed === null, "miss_roll"],
    [one.opened === null, "miss_open"],
    [gone.length > 0, "miss_reasons"],
    [!one.chair || !one.recorder || one.chair === one.recorder, "miss_parts"],
    [asking(one) !== undefined, "miss_vote"],
  ];
  return lacks.filter(([lack]) => lack).map(([, name]) => name);
}

export function readOut(one: Sitting, now: number): void {
  one.read = moment(one, now);
}

export function close(one: Sitting, now: number): void {
  turn(one, false, now);
  one.closed = moment(one, now);
}
