// Leading a meeting without a network: opening, agenda with its clock, hand votes with base and verdict.
import { area, button, choice, field, h, line, number, ticks, type Part } from "./dom";
import { fees, parts, type Pen } from "./hallroll";
import { exempt, motions } from "./hallmoved";
import { protocol } from "./hallpaper";
import { concerned, type Chosen } from "./hallperson";
import { asked, tasks } from "./halltasks";
import { recount, recountable } from "./recount";
import { add, ask, asking, base, coming, end, fitting, live, moment, raising, tellers, turn, verdict, type Item, type Put, type Sitting, type Vote } from "./record";
import type { Hands } from "./verdict";
import { say } from "./words";

const ITEM_MINUTES = 10;

export function clock(zone: string, at: number): string {
  return new Intl.DateTimeFormat("vi-VN", { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}

export function run(one: Sitting, pen: Pen): Part[] {
  if (one.confirmed === null) return [h("p", {}, say("roll_first"))];
  if (one.opened === null) return [opening(one, pen)];
  const named = one.chair && one.recorder && one.chair !== one.recorder;
  const since = say(one.kit.so_far ? "opened_before" : "opened_at", { time: clock(one.kit.zone, one.opened) });
  return [
    h("p.muted", {}, since),
    named ? null : h("section.card.meet", {}, h("h2", {}, say("name_parts")), parts(one, pen)),
    named ? question(one, pen) : null,
    named ? agenda(one, pen) : null,
    named ? motions(one, pen) : null,
    named ? asked(one, pen) : null,
    named ? tasks(one, pen) : null,
    named ? h("section.card.meet", {}, h("details", {}, h("summary", {}, say("change_parts")), parts(one, pen)), fees(one, pen)) : null,
    h("p.small.muted", {}, say("not_here")),
  ];
}

function opening(one: Sitting, pen: Pen): HTMLElement {
  const press = (): void => pen.act((now) => (one.opened = moment(one, now)));
  return h("section.card.meet", {}, h("h2", {}, say("opening")), button("btn-p", say("open"), press));
}

function agenda(one: Sitting, pen: Pen): HTMLElement {
  const now = live(one);
  const next = coming(one);
  const red = asking(one) ? "btn-s" : "btn-p";
  const go = next ? say(now ? "to_item" : "first_item", { number: String(one.items.indexOf(next) + 1) }) : say("last_done");
  return h(
    "section.card.meet", {}, h("h2", {}, say("agenda")),
    h("ol.agenda", {}, ...one.items.map((item, place) => row(one, item, place))),
    now ? texts(now, pen) : null,
    now || next ? button(red, go, () => pen.act((at) => turn(one, true, at))) : null,
    adding(one, pen),
  );
}

function row(one: Sitting, item: Item, place: number): HTMLElement {
  const state = item.started === null ? "planned" : item.ended === null ? "live" : "done";
  const votes = one.votes.filter((vote) => vote.item === item.id && vote.verdict);
  const about = state === "live" && item.started !== null
    ? h("span.small", { "data-since": item.started - one.offset, "data-planned": item.planned_minutes })
    : h("span.small.muted", {}, state === "done" ? say("item_done") : say("minutes", { count: String(item.planned_minutes) }));
  return h(
    `li.a-${state}`, {}, h("span.num", { "aria-hidden": "true" }, String(place + 1)),
    h("div", {}, h("b", { lang: "vi" }, item.title), about, ...votes.map((vote) => h("span.small", { lang: "vi" }, vote.verdict!.text))),
  );
}

function texts(item: Item, pen: Pen): HTMLElement {
  return h(
    "div", {},
    field(`w-${item.id}`, say("item_words"), area(item.words, 5, 20_000, (text) => pen.note(() => (item.words = text)))),
    field(`k-${item.id}`, say("conclusion"), area(item.conclusion, 2, 5000, (text) => pen.note(() => (item.conclusion = text)))),
  );
}

function adding(one: Sitting, pen: Pen): HTMLElement {
  let title = "";
  const press = (): void => pen.act(() => title.trim() && add(one, title.trim(), ITEM_MINUTES));
  return h(
    "details", {}, h("summary", {}, say("add_item")),
    field("new-item", say("item_title"), line("", (text) => (title = text))),
    button("btn-s", say("add"), press),
  );
}

function question(one: Sitting, pen: Pen): HTMLElement {
  const open = asking(one);
  if (!open) return putting(one, pen);
  return h("section.card.meet.vote", {}, ...heading(one, open), ...(open.form === "paper" ? protocol(one, open, pen) : counting(one, open, pen)));
}

function putting(one: Sitting, pen: Pen): HTMLElement {
  const first = one.kit.questions[0];
  const put: Put & Chosen = { question: "", kind: first?.kind ?? "", form: first?.forms[0] ?? "", takingPart: [] };
  const kinds = one.kit.questions.map((row): [string, string] => [row.kind, row.subject]);
  const forms = h("div");
  const reform = (): void => {
    const known = one.kit.questions.find((row) => row.kind === put.kind)?.forms ?? [];
    put.form = known[0] ?? "";
    const ways = known.map((form): [string, string] => [form, say(`f_${form}`)]);
    forms.replaceChildren(...concerned(one, put), field("form", say("form"), choice(ways, put.form, (value) => (put.form = value))));
  };
  reform();
  const told = h("p.problem", { role: "status", hidden: true });
  const press = (): void => {
    const ready = { ...put, question: put.question.trim() };
    if (!ready.question || !fitting(one, ready)) {
      told.textContent = say(ready.question ? "one_person" : "question_first");
      told.hidden = false;
    } else pen.act((now) => ask(one, ready, now));
  };
  return h(
    "section.card.meet", {},
    h(
      "details", {}, h("summary", {}, say("put_question")),
      field("question", say("question"), line("", (text) => (put.question = text))),
      field("kind", say("kind"), choice(kinds, put.kind, (value) => {
        put.kind = value;
        reform();
      })),
      forms,
      exempt(one, put.takingPart),
      told, button("btn-s", say("ask"), press),
    ),
    again(one, pen),
  );
}

/** The newest result can be counted again: a number that was typed wrongly must not stand. */
function again(one: Sitting, pen: Pen): Part {
  const vote = recountable(one);
  if (!vote) return null;
  const press = (): void => pen.act(() => recount(one, (question, was) => say("recounted", { question, was })));
  return h(
    "details", {}, h("summary", {}, say("recount")),
    h("p", { lang: "vi" }, h("b", {}, vote.question), " ", vote.verdict!.text), button("btn-s", say("count_again"), press),
  );
}

function heading(one: Sitting, vote: Vote): Part[] {
  const known = base(one, vote);
  return [
    h("span.state.s-vote", {}, say("voting")), h("h2", { lang: "vi" }, vote.question),
    vote.person ? h("p.about", {}, say("person"), ": ", h("b", { lang: "vi" }, vote.person.name)) : null,
    h("p", {}, say(vote.form === "paper" ? "may_vote" : "may_raise", { count: String(known.present), base: String(known.size) })),
  ];
}

function counting(one: Sitting, vote: Vote, pen: Pen): HTMLElement[] {
  const hands: Record<"in_favour" | "against" | "abstain", number | null> = { in_favour: null, against: null, abstain: null };
  const counted: string[] = [];
  const told = h("p.result", { role: "status", lang: "vi" });
  const show = (): void => {
    const found = verdict(one, vote, whole(hands));
    told.textContent = found ? found.text : say("too_many", { count: String(raising(one, vote).present) });
  };
  const count = (name: keyof typeof hands): HTMLElement =>
    field(`h-${name}`, say(name), line("", (text) => {
      hands[name] = number(text);
      show();
    }, "numeric"));
  show();
  const press = (): void => pen.act((now) => hands.in_favour !== null && end(one, vote, whole(hands), now, counted));
  const drop = (): void => pen.act(() => one.votes.splice(one.votes.indexOf(vote), 1));
  return [
    h("div.counts", {}, count("in_favour"), count("against"), count("abstain")),
    h("details", {}, h("summary", {}, say("who_counted")), h("fieldset", {}, h("legend", {}, say("tellers")), ...ticks(tellers(one, vote), counted))),
    told, button("btn-p", say("end_vote"), press), button("btn-t", say("drop_vote"), drop),
  ];
}

function whole(hands: Record<keyof Pick<Hands, "in_favour" | "against" | "abstain">, number | null>): Hands {
  return { in_favour: hands.in_favour ?? 0, against: hands.against ?? 0, abstain: hands.abstain ?? 0 };
}

/** Brings the clock of the live item up to date; quiet for those who listen. */
export function tick(now: number): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-since]")) {
    const minutes = Math.max(0, Math.floor((now - Number(place.dataset.since)) / 60_000));
    const text = say("live_for", { count: String(minutes), planned: place.dataset.planned ?? "" });
    if (place.textContent !== text) place.textContent = text;
  }
}
