// Work in a hall without a network: what is found of earlier work, and what is given to whom, until when.
import { button, choice, field, h, line, type Part } from "./dom";
import type { Pen } from "./hallroll";
import { invited, type Sitting } from "./record";
import { foundOf, give, misfound, miswanted, MOST, MOST_AHEAD_YEARS, report, workable, type Found, type Task, type TaskThere, type Typed, type Wanted } from "./tasks";
import { say } from "./words";

/** "30/11/2026"; what an older build kept as it was typed stays so. */
function dayText(due: string): string {
  return due.replace(/^(\d{4})-(\d\d)-(\d\d)$/, "$3/$2/$1");
}

export function taskText(task: Task): string {
  return say("task_line", { who: task.who, what: task.what, due: dayText(task.due) || say("no_due") });
}

const OUTCOMES: Found["outcome"][] = ["done", "late", "extended", "dropped"];

function foundText({ outcome, due, note }: Found): string {
  const told = due ? say("task_extended", { day: dayText(due) }) : say(`out_${outcome}`);
  return note ? `${told}: ${note}` : told;
}

/** Everything that was found here, as text. */
export function reportTexts(one: Sitting): string[] {
  return one.kit.asked.flatMap((task) => {
    const found = foundOf(one, task);
    return found ? [`${task.title} (${task.name}): ${foundText(found)}`] : [];
  });
}

function refusal(): [HTMLElement, (wrong: string) => void] {
  const told = h("p.problem", { role: "alert", hidden: true });
  return [told, (wrong) => {
    told.textContent = say(wrong, { years: String(MOST_AHEAD_YEARS), most: String(MOST) });
    told.hidden = false;
  }];
}

export function asked(one: Sitting, pen: Pen): Part {
  if (!one.kit.asked.length) return null;
  const each = one.kit.asked.map((task) => {
    const found = foundOf(one, task);
    return h(
      "li", { id: `as-${task.id}` }, ...about(task.title, task.name, task.due),
      found && h("span.small", { lang: "vi" }, foundText(found)), workable(one) ? finding(one, task, pen) : null,
    );
  });
  return h("section.card.meet", { id: "asked" }, h("h2", {}, say("asked_after")), h("ul.plain", {}, ...each));
}

/** Below a task: made only when somebody opens it. */
function finding(one: Sitting, task: TaskThere, pen: Pen): HTMLElement {
  const place = h("div");
  const box = h("details", {}, h("summary", {}, say(foundOf(one, task) ? "found_again" : "found_write"), h("span.vh", { lang: "vi" }, ` ${task.title}`)), place);
  box.addEventListener("toggle", () => {
    if (!place.childElementCount) place.append(...form(one, task, pen));
  });
  return box;
}

function form(one: Sitting, task: TaskThere, pen: Pen): HTMLElement[] {
  const typed: Typed = { outcome: "", due: "", note: "" };
  const [told, refuse] = refusal();
  const until = field(`ad-${task.id}`, say("found_until"), line("", (text) => (typed.due = text)), say("day_hint"));
  until.hidden = true;
  const ways = OUTCOMES.map((outcome) => {
    const input = h("input", {
      type: "radio", name: `ao-${task.id}`, value: outcome,
      change: () => {
        typed.outcome = outcome;
        until.hidden = outcome !== "extended";
      },
    });
    return h("label.opt", {}, input, h("span", {}, say(`out_${outcome}`)));
  });
  const press = (): void => {
    const wrong = misfound(one, typed);
    if (wrong) refuse(wrong);
    else pen.act((now) => report(one, task, typed, now));
  };
  return [
    h("fieldset", {}, h("legend", {}, say("found_how")), ...ways), until,
    field(`an-${task.id}`, say("found_note"), line("", (text) => (typed.note = text))), told, button("btn-s", say("found_write"), press),
  ];
}

/** What, who, until when. */
function about(what: string, who: string, due: string): HTMLElement[] {
  const until = due && ` · ${say("task_until", { day: dayText(due) })}`;
  return [h("b", { lang: "vi" }, what), h("span.small.muted", {}, h("span", { lang: "vi" }, who), until)];
}

export function tasks(one: Sitting, pen: Pen): HTMLElement {
  const there = one.kit.given.map(({ title, name, due }) => h("li", {}, ...about(title, name, due)));
  const each = [...there, ...one.tasks.map((task) => row(one, task, pen))];
  return h(
    "section.card.meet", { id: "tasks" }, h("h2", {}, say("tasks")),
    each.length ? h("ul.plain", {}, ...each) : null, workable(one) ? giving(one, pen) : null,
  );
}

function row(one: Sitting, task: Task, pen: Pen): HTMLElement {
  const drop = workable(one) ? button("btn-t", say("remove"), () => pen.act(() => one.tasks.splice(one.tasks.indexOf(task), 1))) : null;
  return h("li", {}, ...about(task.what, task.who, task.due), drop);
}

function giving(one: Sitting, pen: Pen): Part {
  const wanted: Wanted = { member: "", what: "", due: "" };
  const people = invited(one).map((member): [string, string] => [member.id, member.name]);
  const [told, refuse] = refusal();
  const press = (): void => {
    const wrong = miswanted(one, wanted);
    if (wrong) refuse(wrong);
    else pen.act((now) => give(one, wanted, now));
  };
  return h(
    "details", {}, h("summary", {}, say("task_give")),
    field("t-what", say("task_what"), line("", (text) => (wanted.what = text))),
    field("t-who", say("task_who"), choice([["", say("choose_member")], ...people], "", (value) => (wanted.member = value))),
    field("t-due", say("task_due"), line("", (text) => (wanted.due = text)), say("day_hint")),
    told, button("btn-s", say("task_give"), press),
  );
}
