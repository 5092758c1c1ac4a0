// A kept sitting as the server takes it in.
import { known } from "./continued";
import { voteOn } from "./moved";
import type { Papers } from "./papers";
import { absent, type Person, type Sitting, type Vote } from "./record";
import type { Task } from "./tasks";

const iso = (at: number): string => new Date(at).toISOString();
const isoOr = (at: number | null): string | null => (at === null ? null : iso(at));

/** The body for the server, of a closed sitting. `spoken`: how a task that an older build kept reads in the minutes. */
export function body(one: Sitting, now: number, spoken: (task: Task) => string): Record<string, unknown> {
  const told = [one.words, ...one.tasks.filter((task) => !task.given).map(spoken)].filter(Boolean).join("\n");
  return {
    id: one.id, based_on: one.kit.number, sent_at: iso(now + one.offset), accepted: one.accepted,
    continues: one.kit.so_far !== null,
    taken: (one.kit.so_far?.places ?? []).filter((each) => each.words).map(({ place, words }) => ({ place, words })),
    opened_at: isoOr(one.opened), confirmed_at: isoOr(one.confirmed), closed_at: isoOr(one.closed),
    marks: one.marks.slice(known(one)).map(({ member, mark, at, reason, since }) => ({ member, mark, device_at: iso(at), reason: reason ?? null, since: isoOr(since ?? null) })),
    guests: one.guests.map((guest) => ({ ...guest, at: iso(guest.at) })),
    head_count: one.head, chair: one.chair, recorder: one.recorder,
    absences: absent(one).map((member) => absence(member.id, one.absences[member.id] ?? "")),
    fees: one.paid === null || one.of === null ? null : { paid: one.paid, of: one.of },
    items: one.items.map((item) => ({
      id: item.id, title: item.title, planned_minutes: item.planned_minutes, started_at: isoOr(item.started),
      ended_at: isoOr(item.ended), conclusion: item.conclusion, words: item.words,
    })),
    drafts: one.drafts.map((draft) => ({ ...draft, at: iso(draft.at) })),
    before: one.motions.filter((motion) => motion.before !== null && (motion.decided !== null || motion.withdrawn || voteOn(one, motion))).map((motion) => ({
      id: motion.id, taken_up: motion.taken, decided_at: isoOr(motion.decided), withdrawn_at: isoOr(motion.withdrawn ?? null),
    })),
    motions: one.motions.filter((motion) => motion.before === null).map((motion) => ({
      id: motion.id, kind: motion.kind, member: motion.member, text: motion.text, reason: motion.reason ?? "", item: motion.item, against: motion.against,
      at: iso(motion.at), taken_up: motion.taken, decided_at: isoOr(motion.decided), withdrawn_at: isoOr(motion.withdrawn ?? null),
    })),
    votes: one.votes.map(voteBody),
    tasks: one.tasks.flatMap(taskBody),
    reports: one.reports.map((report) => ({ ...report, at: iso(report.at), after: one.kit.asked.find((task) => task.id === report.task)?.reports ?? 0 })),
    words: told, read_at: isoOr(one.read),
  };
}

function taskBody({ what, due, given }: Task): Record<string, unknown>[] {
  return given ? [{ title: what, member: given.member, due, item: given.item, at: iso(given.at) }] : [];
}

function absence(member: string, choice: string): Record<string, unknown> {
  const [decision, reason] = choice.split(":");
  return { member, decision, reason: reason ?? null };
}

function paper(papers: Papers | null): Record<string, unknown> | null {
  if (!papers) return null;
  const { issued, returned, valid, invalid, blank, board } = papers;
  return { issued, returned, valid, invalid, blank, board };
}

/** As the server takes it: who is on the roll without the name. */
function told(person: Person | null): Record<string, string> | null {
  if (!person) return null;
  return person.member ? { member: person.member } : { name: person.name };
}

function voteBody(vote: Vote): Record<string, unknown> {
  const { question, kind, form, item, in_favour, against, abstain, verdict: found } = vote;
  return {
    question, kind, form, item, in_favour, against, abstain,
    opened_at: iso(vote.opened), closed_at: isoOr(vote.closed), taking_part: vote.takingPart, excused: vote.excused,
    motion: vote.motion, person: told(vote.person), papers: paper(vote.papers), tellers: vote.tellers ?? [], base: found?.base ?? 0, needed: found?.needed ?? null, passed: found?.passed ?? null,
  };
}
