// What members move in a hall without a network: words, or another wording of an item's draft resolution.
import { newId } from "./outbox";
import { asking, moment, type Draft, type Motion, type Sitting, type Vote } from "./record";

const MOST = 60; // of one sitting, as the server takes them in
const MOST_OF_ONE = 20;

export type State = "proposed" | "voting" | "adopted" | "defeated" | "accepted" | "rejected" | "withdrawn" | "replaced";

export function voteOn(one: Sitting, motion: Motion): Vote | undefined {
  return one.votes.find((vote) => vote.motion === motion.id);
}

export function stateOf(one: Sitting, motion: Motion): State {
  const vote = voteOn(one, motion);
  if (motion.before !== null && motion.before !== "proposed") return motion.before as State;
  if (vote) return vote.closed === null ? "voting" : vote.verdict?.passed ? "adopted" : "defeated";
  if (motion.withdrawn) return "withdrawn";
  if (motion.taken === null) return "proposed";
  return motion.taken ? "accepted" : "rejected";
}

/** When the meeting agreed to it; null where it did not. */
function agreed(one: Sitting, motion: Motion): number | null {
  const state = stateOf(one, motion);
  if (state === "accepted") return motion.decided;
  return state === "adopted" ? (voteOn(one, motion)?.closed ?? null) : null;
}

/** Its newest wording: as it was taken along, then as it was written here and as each amendment agreed to left it. */
function wording(one: Sitting, item: string): Draft {
  const taken = one.kit.drafts.find((draft) => draft.item === item) ?? { item, number: 0, text: "" };
  const amended = one.motions
    .filter((motion) => motion.kind === "amendment" && motion.item === item)
    .map((motion) => ({ text: motion.text, at: agreed(one, motion) }))
    .filter((each): each is { text: string; at: number } => each.at !== null);
  const since = [...amended, ...one.drafts.filter((draft) => draft.item === item)].sort((first, second) => first.at - second.at);
  return since.reduce<Draft>((known, { text }) => ({ item, number: known.number + 1, text }), taken);
}

/** The draft as it stands; an empty one is none. */
export function draftOf(one: Sitting, item: string): Draft | undefined {
  const known = wording(one, item);
  return known.text ? known : undefined;
}

/** False where nothing is written: no words, the same words, or an amendment to it is being voted on. */
export function write(one: Sitting, item: string, words: string, now: number): boolean {
  const text = words.trim();
  const known = wording(one, item);
  const put = one.motions.find((motion) => motion.id === asking(one)?.motion);
  const voted = put?.kind === "amendment" && put.item === item;
  if (!text || text === known.text || voted || one.drafts.length >= MOST) return false;
  one.drafts.push({ id: newId(), item, text, after: known.number, at: moment(one, now) });
  return true;
}

/** The draft has another wording than the one it was written against: it waits until somebody writes it anew. */
export function stale(one: Sitting, motion: Motion): boolean {
  return motion.kind === "amendment" && stateOf(one, motion) === "proposed" && draftOf(one, motion.item ?? "")?.number !== motion.against;
}

export type Wanted = Pick<Motion, "kind" | "member" | "text" | "item"> & { reason?: string };

/** False where nothing is moved: no words, nobody, a draft left as it is, or more than one sitting can hold. */
export function move(one: Sitting, wanted: Wanted, now: number): boolean {
  const text = wanted.text.trim();
  const draft = wanted.kind === "amendment" ? draftOf(one, wanted.item ?? "") : undefined;
  const mine = one.motions.filter((motion) => motion.member === wanted.member).length;
  if (one.motions.filter((motion) => motion.before === null).length >= MOST || mine >= MOST_OF_ONE) return false;
  if (!text || !wanted.member || (wanted.kind === "amendment" && (!draft || draft.text === text))) return false;
  one.motions.push({ ...wanted, id: newId(), text, reason: wanted.reason?.trim() ?? "", against: draft?.number ?? null, at: moment(one, now), taken: null, decided: null, before: null });
  return true;
}

export function settle(one: Sitting, motion: Motion, taken: boolean, now: number): void {
  if (stateOf(one, motion) !== "proposed" || (taken && stale(one, motion))) return;
  motion.decided = moment(one, now);
  motion.taken = taken;
}

/** The member takes it back. */
export function withdraw(one: Sitting, motion: Motion, now: number): void {
  if (stateOf(one, motion) === "proposed") motion.withdrawn = moment(one, now);
}

/** Written down here by mistake. */
export function unsay(one: Sitting, motion: Motion): void {
  if (motion.before === null && stateOf(one, motion) === "proposed") one.motions.splice(one.motions.indexOf(motion), 1);
}
