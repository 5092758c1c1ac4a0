// A count that was written down wrongly and is entered again before the meeting ends; the minutes say what stood there.
import { asking, type Sitting, type Vote } from "./record";

/** The newest vote alone, as long as no other is put and the meeting goes on: what came after a result may rest on it. */
export function recountable(one: Sitting): Vote | undefined {
  const last = one.votes[one.votes.length - 1];
  if (one.closed !== null || asking(one) || !last?.verdict) return undefined;
  const since = one.motions.some((motion) => Math.max(motion.at, motion.decided ?? 0, motion.withdrawn ?? 0) > (last.closed ?? 0));
  return last.motion && since ? undefined : last;
}

/** Opens it again for its count. `told`: how the minutes say it, of the question and the old result. */
export function recount(one: Sitting, told: (question: string, was: string) => string): void {
  const vote = recountable(one);
  if (!vote) return;
  const item = one.items.find((known) => known.id === vote.item);
  const place = item ?? one;
  place.words = [place.words, told(vote.question, vote.verdict!.text)].filter(Boolean).join("\n");
  Object.assign(vote, { in_favour: 0, against: 0, abstain: 0, invalid: 0, papers: null, tellers: [], verdict: null, closed: null });
}
