// What members move in a hall without a network: words, or another wording of an item's draft resolution.
import { newId } from "./outbox";
import { moment, type Draft, type Motion, type Sitting, type Vote } from "./record";

const MOST = 60; // of one sitting, as the server takes them in
const MOST_OF_ONE = 20;

export type State = "proposed" | "voting" | "adopted" | "defeated" | "accepted" | "rejected";

function voteOn(one: Sitting, motion: Motion): Vote | undefined {
  return one.votes.find((vote) => vote.motion === motion.id);
}

export function stateOf(one: Sitting, motion: Motion): State {
  const vote = voteOn(one, motion);
  if (vote) return vote.closed === null ? "voting" : vote.verdict?.passed ? "adopted" : "defeated";
  if (motion.taken === null) return "proposed";
  return motion.taken ? "accepted" : "rejected";
}

/** When the meeting agreed to it; null where it did not. */
function agreed(one: Sitting, motion: Motion): number | null {
  const state = stateOf(one, motion);
  if (state === "accepted") return motion.decided;
  return state === "adopted" ? (voteOn(one, motion)?.closed ?? null) : null;
}

/** The draft as it stands: as it was taken along, then as each amendment that was agreed to left it. */
export function draftOf(one: Sitting, item: string): Draft | undefined {
  const taken = one.kit.drafts.find((draft) => draft.item === item);
  const amended = one.motions
    .filter((motion) => motion.kind === "amendment" && motion.item === item)
    .map((motion) => ({ motion, at: agreed(one, motion) }))
    .filter((each): each is { motion: Motion; at: number } => each.at !== null)
    .sort((first, second) => first.at - second.at);
  return amended.reduce<Draft | undefined>((known, { motion }) => known && { item, number: known.number + 1, text: motion.text }, taken);
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
  if (one.motions.length >= MOST || mine >= MOST_OF_ONE) return false;
  if (!text || !wanted.member || (wanted.kind === "amendment" && (!draft || draft.text === text))) return false;
  one.motions.push({ ...wanted, id: newId(), text, reason: wanted.reason?.trim() ?? "", against: draft?.number ?? null, at: moment(one, now), taken: null, decided: null });
  return true;
}

export function settle(one: Sitting, motion: Motion, taken: boolean, now: number): void {
  if (stateOf(one, motion) !== "proposed" || (taken && stale(one, motion))) return;
  motion.decided = moment(one, now);
  motion.taken = taken;
}

/** Written down by mistake. */
export function unsay(one: Sitting, motion: Motion): void {
  if (stateOf(one, motion) === "proposed") one.motions.splice(one.motions.indexOf(motion), 1);
}
