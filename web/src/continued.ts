// A sitting that was open on the server when it was taken along: it begins here as it stood there.
import type { SoFar, Sitting } from "./record";

const moment = (at: string | null): number | null => (at === null ? null : Date.parse(at));

export function continued(one: Sitting, begun: SoFar): Sitting {
  const there = new Map(begun.places.map((each) => [each.place, each]));
  return {
    ...one,
    opened: moment(begun.opened_at), confirmed: moment(begun.confirmed_at), read: moment(begun.read_at),
    marks: begun.marks.map(({ member, mark, at }) => ({ member, mark, at: Date.parse(at) })),
    head: begun.confirmed_at === null ? null : begun.marks.filter((each) => each.mark !== "absent").length,
    chair: begun.chair ?? "", recorder: begun.recorder ?? "", paid: begun.paid, of: begun.of,
    absences: Object.fromEntries(begun.absences.map((each) => [each.member, [each.decision, each.reason].filter(Boolean).join(":")])),
    items: one.items.map((item) => {
      const known = there.get(item.id);
      return known ? { ...item, started: moment(known.started_at), ended: moment(known.ended_at), conclusion: known.conclusion, words: known.words } : item;
    }),
    words: there.get(one.meeting)?.words ?? "",
  };
}

/** How many of the marks the server has already: all of a confirmed roll; of another one it is told the whole. */
export function known(one: Sitting): number {
  const begun = one.kit.so_far;
  return begun?.confirmed_at ? begun.marks.length : 0;
}
