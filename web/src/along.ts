// Takes a sitting along to this device while there is a line.
import type { Cupboard } from "./cupboard";
import { begin, untouched, type Kit, type Sitting } from "./record";

const PATIENCE_MS = 5000;

/** What is kept of that sitting; as long as nothing was done in it here, as the server has it now. A sentence where it cannot be had. */
export async function taken(cupboard: Cupboard, who: string, meeting: string, away: string, patience = PATIENCE_MS): Promise<Sitting | string> {
  const known = await cupboard.get(who, meeting);
  if (known && !untouched(known)) return known;
  const fresh = await fetchKit(meeting, away, patience);
  if (typeof fresh === "string") return known ?? fresh;
  const made = begin(fresh, Date.now());
  if (known) Object.assign(made, { id: known.id, edition: known.edition });
  await cupboard.put(made);
  return made;
}

async function fetchKit(meeting: string, away: string, patience: number): Promise<Kit | string> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(`/api/v1/meetings/${meeting}/offline?lang=${document.documentElement.lang}`, {
      credentials: "same-origin", headers: { Accept: "application/json" }, signal: stop.signal,
    });
    const told: unknown = await answer.json();
    return answer.ok ? (told as Kit) : ((told as { title?: string }).title ?? away);
  } catch {
    return away;
  } finally {
    clearTimeout(timer);
  }
}
