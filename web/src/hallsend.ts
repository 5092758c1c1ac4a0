// The end of a meeting without a network: the words of the minutes, the last button, and the sending.
import { area, button, field, h, type Part } from "./dom";
import type { Pen } from "./hallroll";
import { motionText } from "./hallmoved";
import { clock } from "./hallrun";
import { reportTexts, taskText } from "./halltasks";
import { stateOf } from "./moved";
import { close, missing, readOut, type Sitting } from "./record";
import { body } from "./told";
import { say } from "./words";

const PATIENCE_MS = 20_000;

export interface Difference {
  key: string;
  text: string;
}

export type Sent =
  | { kind: "kept"; text: string }
  | { kind: "look"; differences: Difference[] }
  | { kind: "refused"; text: string }
  | { kind: "later" };

export function minutes(one: Sitting, pen: Pen): Part[] {
  const items = one.items.filter((item) => item.started !== null).map((item) =>
    field(`n-${item.id}`, item.title, area(item.words, 4, 20_000, (text) => pen.note(() => (item.words = text)))));
  const before = (one.kit.so_far?.votes ?? []).map(({ question, text }) => ({ question, text }));
  const since = one.votes.filter((vote) => vote.verdict).map((vote) => ({ question: vote.question, text: vote.verdict!.text }));
  const results = [...before, ...since].map(({ question, text }) => h("li", { lang: "vi" }, h("b", {}, question), h("span.small", {}, text)));
  return [
    h("section.card.meet", {}, h("h2", {}, say("minutes_text")), ...items,
      field("words", say("general_words"), area(one.words, 5, 20_000, (text) => pen.note(() => (one.words = text))))),
    results.length ? h("section.card.meet", {}, h("h2", {}, say("results")), h("ul.plain", {}, ...results)) : null,
  ];
}

export function ending(one: Sitting, pen: Pen, found: Sent | null, send: () => void): Part[] {
  if (one.receipt) return [h("p.note.ok", { role: "status" }, one.receipt), h("a.btn.btn-p", { href: `/m/${one.meeting}/review` }, say("to_minutes"))];
  if (one.closed === null) return [last(one, pen)];
  const held = say("waits", { from: clock(one.kit.zone, one.opened ?? 0), to: clock(one.kit.zone, one.closed) });
  return [h("p.problem", { role: "status" }, held), ...outcome(one, pen, found, send), whole(one)];
}

function last(one: Sitting, pen: Pen): HTMLElement {
  const lacks = missing(one);
  if (lacks.length)
    return h("section.card.meet", {}, h("h2", {}, say("not_yet")), h("ul.checks", {}, ...lacks.map((name) => h("li", {}, say(name)))));
  const read = one.read === null
    ? button("btn-s", say("read_out"), () => pen.act((now) => readOut(one, now)))
    : h("p.note.ok", { role: "status" }, say("read_done", { time: clock(one.kit.zone, one.read) }));
  return h("section.card.meet", {}, h("h2", {}, say("all_done")), h("p", {}, say("read_hint")), read, h("p", {}, say("end_hint")), button("btn-p", say("end"), () => pen.act((now) => close(one, now))));
}

function outcome(one: Sitting, pen: Pen, found: Sent | null, send: () => void): Part[] {
  if (found?.kind === "look")
    return [h(
      "section.card.meet", {}, h("h2", {}, say("look_first")), h("p", {}, say("look_hint")),
      h("ul.checks", {}, ...found.differences.map((each) => h("li", {}, each.text))),
      button("btn-p", say("looked"), () => {
        pen.note(() => (one.accepted = [...new Set([...one.accepted, ...found.differences.map((each) => each.key)])]));
        send();
      }),
    )];
  const told = found?.kind === "refused" ? h("p.problem", { role: "alert" }, found.text, " ", say("still_here")) : null;
  return [told, found?.kind === "later" ? h("p", {}, say("no_line")) : null, button("btn-p", say("send"), send)];
}

/** Everything as text, to copy or to read out where it cannot be taken in. */
function whole(one: Sitting): HTMLElement {
  const names = new Map(one.kit.members.map((member) => [member.id, member.name]));
  const lines = [
    `${one.kit.title} · ${one.kit.place}`,
    ...one.marks.map((mark) => `${clock(one.kit.zone, mark.at)} ${names.get(mark.member) ?? ""}: ${say(`m_${mark.mark}`)}${mark.reason ? ` (${say("fixed")}: ${mark.reason})` : ""}`),
    ...one.guests.map((guest) => `${say("guest_name")}: ${guest.full_name}, ${guest.comes_from}`),
    ...one.drafts.map((draft) => draft.text),
    ...one.votes.map((vote) => `${vote.question}: ${vote.verdict?.text ?? ""}`),
    ...one.items.flatMap((item) => [item.title, item.words, item.conclusion]),
    ...one.motions.map((motion) => `${motionText(one, motion)} (${say(`motion_${stateOf(one, motion)}`)})`),
    one.words, ...reportTexts(one), ...one.tasks.map(taskText),
  ];
  return h("details", {}, h("summary", {}, say("whole")), h("p.paste", { lang: "vi" }, lines.filter(Boolean).join("\n")));
}

export async function post(one: Sitting, now: number): Promise<Sent> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(`/api/v1/meetings/${one.meeting}/offline?lang=${document.documentElement.lang}`, {
      method: "POST", credentials: "same-origin", signal: stop.signal,
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body(one, now, taskText)),
    });
    return await read(answer);
  } catch {
    return { kind: "later" };
  } finally {
    clearTimeout(timer);
  }
}

async function read(answer: Response): Promise<Sent> {
  if (answer.status >= 500 || [408, 425, 429].includes(answer.status)) return { kind: "later" };
  const told = (await answer.json()) as { kept?: boolean; text?: string; title?: string; differences?: Difference[] };
  if (!answer.ok) return { kind: "refused", text: told.title ?? "" };
  return told.kept ? { kind: "kept", text: told.text ?? "" } : { kind: "look", differences: told.differences ?? [] };
}
