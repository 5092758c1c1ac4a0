// The roll of a meeting without a network: one list, Có and Vắng, a typed head count, reasons, chair and recorder.
import { button, choice, field, h, line, number, type Part } from "./dom";
import { corrected } from "./corrected";
import { fixing, guests } from "./hallbeside";
import { absent, came, here, invited, mark, moment, said, unmarked, type MarkKind, type Member, type Sitting } from "./record";
import { say } from "./words";

/** `act` changes, keeps and shows anew; `note` changes and keeps, while somebody types. */
export interface Pen {
  act(change: (now: number) => void): void;
  note(change: () => void): void;
}

export function roll(one: Sitting, pen: Pen): Part[] {
  const names = invited(one).map((member) => row(one, member, pen));
  const left = unmarked(one).length;
  return [
    h("section.card.meet", {}, h("h2", {}, say("roll")), h("dl.tally", {}, ...tally(say("hall"), here(one).length), ...tally(say("left"), left))),
    h("ul.roll.card", {}, ...names),
    guests(one, pen),
    one.confirmed === null ? confirm(one, pen, left) : null,
    one.confirmed === null ? null : reasons(one, pen),
  ];
}

function tally(word: string, count: number): Part[] {
  return [h("div", {}, h("dt", {}, word), h("dd", {}, String(count)))];
}

function row(one: Sitting, member: Member, pen: Pen): HTMLElement {
  const about = [say(`c_${member.category}`)];
  if (!member.called) about.push(say("not_called"));
  else if (member.asked) about.push(say("asked", { reason: say(`r_${member.asked}`) }));
  else if (member.coming) about.push(say("coming"));
  if (corrected(one, member.id)) about.push(say("fixed"));
  const who = h("div.who", {}, h("b", { lang: "vi" }, member.name), h("span.small.muted", {}, about.join(" · ")));
  const word = said(one, member.id);
  if (one.confirmed === null) return h("li", { id: `n-${member.id}` }, h("div.call", {}, who, ...call(one, member, word, pen)));
  const told = h(`span.mark.${word === "absent" ? "n" : "y"}`, {}, say(`m_${word ?? "absent"}`));
  return h("li", { id: `n-${member.id}` }, h("div.call", {}, who, told), h("div.after", {}, later(one, member, word, pen), fixing(one, member, pen)));
}

function call(one: Sitting, member: Member, word: MarkKind | undefined, pen: Pen): Part[] {
  const way = (kind: MarkKind, text: string): HTMLElement => {
    const input = h("input", {
      type: "radio", name: `m-${member.id}`, value: kind, "aria-label": `${member.name}: ${text}`,
      change: () => pen.act((now) => mark(one, member.id, kind, now)),
    }) as HTMLInputElement;
    input.checked = word === kind;
    return h("label", {}, input, h("span", {}, text));
  };
  return [h("div.cv", {}, way("present", say("yes")), way("absent", say("no")))];
}

function later(one: Sitting, member: Member, word: MarkKind | undefined, pen: Pen): Part {
  if (one.closed !== null || one.opened === null || word === "left_early") return null;
  const away = word === "absent";
  const press = (): void => pen.act((now) => mark(one, member.id, away ? "late" : "left_early", now));
  return h("button.btn.btn-s.fix", { type: "button", click: press }, say(away ? "came_late" : "went_early"));
}

function confirm(one: Sitting, pen: Pen, left: number): HTMLElement {
  const counted = line(one.head === null ? "" : String(one.head), (text) => pen.note(() => (one.head = number(text))), "numeric");
  const press = (): void => pen.act((now) => {
    if (!unmarked(one).length && one.head !== null) one.confirmed = moment(one, now);
  });
  return h(
    "div.card.meet", {},
    field("head", say("head_count"), counted, say("head_hint")),
    left ? h("p.muted", {}, say("still_left", { count: String(left) })) : null,
    button("btn-p", say("confirm"), press),
  );
}

function reasons(one: Sitting, pen: Pen): Part {
  const gone = absent(one);
  if (!gone.length) return null;
  const ways: [string, string][] = [
    ["", say("undecided")],
    ...["ill", "on_duty", "working_away", "family", "other"].map(
      (reason): [string, string] => [`excused:${reason}`, say("excused", { reason: say(`r_${reason}`) })],
    ),
    ["unexcused", say("unexcused")],
  ];
  const each = gone.map((member) => {
    const known = one.absences[member.id] ?? "";
    return field(`a-${member.id}`, member.name, choice(ways, known, (value) => pen.act(() => (one.absences[member.id] = value))));
  });
  return h("section.card.meet", {}, h("h2", {}, say("reasons")), ...each);
}

export function parts(one: Sitting, pen: Pen): HTMLElement {
  const names: [string, string][] = [["", say("choose_present")], ...came(one).map((member): [string, string] => [member.id, member.name])];
  return h(
    "div", {},
    field("chair", say("chair"), choice(names, one.chair, (value) => pen.act(() => (one.chair = value)))),
    field("recorder", say("recorder"), choice(names, one.recorder, (value) => pen.act(() => (one.recorder = value)))),
    one.chair && one.chair === one.recorder ? h("p.problem", {}, say("two_people")) : null,
  );
}

export function fees(one: Sitting, pen: Pen): HTMLElement {
  const shown = (value: number | null): string => (value === null ? "" : String(value));
  return h(
    "details", {}, h("summary", {}, say("fees")),
    h(
      "div.pair", {},
      field("paid", say("fees_paid"), line(shown(one.paid), (text) => pen.note(() => (one.paid = number(text))), "numeric")),
      field("of", say("fees_of"), line(shown(one.of), (text) => pen.note(() => (one.of = number(text))), "numeric")),
    ),
  );
}
