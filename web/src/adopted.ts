// What an older build of the scripts kept on this device, with what it did not know of yet.
import { begin, type Item, type Kit, type Sitting, type Vote } from "./record";

const VOTE: Partial<Vote> = { item: null, closed: null, excused: [], motion: null, person: null, papers: null, verdict: null };
const ITEM: Partial<Item> = { started: null, ended: null, conclusion: "", words: "" };

/** The same record; nothing of it is lost, whatever this build does not know. */
export function adopted(known: Sitting): Sitting {
  const kit: Kit = { ...known.kit, drafts: known.kit.drafts ?? [], motions: known.kit.motions ?? [], guests: known.kit.guests ?? [], asked: known.kit.asked ?? [], given: known.kit.given ?? [], so_far: known.kit.so_far ?? null, questions: known.kit.questions.map((one) => ({ ...{ whom: null, about: "" }, ...one })) };
  const made = { ...begin(kit, Date.parse(kit.now)), ...known, kit };
  made.items = made.items.map((one) => ({ ...ITEM, ...one }));
  made.votes = made.votes.map((one) => ({ ...VOTE, ...one }));
  made.motions = made.motions.map((one) => ({ ...{ reason: "", before: null }, ...one }));
  return made;
}
