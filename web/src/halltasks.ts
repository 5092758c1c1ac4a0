// Work in a hall without a network: what is given to whom, until when.
import { button, choice, field, h, line, type Part } from "./dom";
import type { Pen } from "./hallroll";
import { invited, type Sitting } from "./record";
import { give, miswanted, MOST, MOST_AHEAD_YEARS, workable, type Task, type Wanted } from "./tasks";
import { say } from "./words";

/** "30/11/2026"; what an older build kept as it was typed stays so. */
function dayText(due: string): string {
  return due.replace(/^(\d{4})-(\d\d)-(\d\d)$/, "$3/$2/$1");
}

export function taskText(task: Task): string {
  return say("task_line", { who: task.who, what: task.what, due: dayText(task.due) || say("no_due") });
}

export function tasks(one: Sitting, pen: Pen): HTMLElement {
  const each = one.tasks.map((task) => row(one, task, pen));
  return h(
    "section.card.meet", { id: "tasks" }, h("h2", {}, say("tasks")),
    each.length ? h("ul.plain", {}, ...each) : null, workable(one) ? giving(one, pen) : null,
  );
}

function row(one: Sitting, task: Task, pen: Pen): HTMLElement {
  const drop = workable(one) ? button("btn-t", say("remove"), () => pen.act(() => one.tasks.splice(one.tasks.indexOf(task), 1))) : null;
  const due = task.due ? ` · ${say("task_until", { day: dayText(task.due) })}` : "";
  return h("li", {}, h("b", { lang: "vi" }, task.what), h("span.small.muted", {}, h("span", { lang: "vi" }, task.who), due), drop);
}

function giving(one: Sitting, pen: Pen): Part {
  const wanted: Wanted = { member: "", what: "", due: "" };
  const people = invited(one).map((member): [string, string] => [member.id, member.name]);
  const told = h("p.problem", { role: "alert", hidden: true });
  const press = (): void => {
    const wrong = miswanted(one, wanted);
    if (!wrong) return pen.act((now) => give(one, wanted, now));
    told.textContent = say(wrong, { years: String(MOST_AHEAD_YEARS), most: String(MOST) });
    told.hidden = false;
  };
  return h(
    "details", {}, h("summary", {}, say("task_give")),
    field("t-what", say("task_what"), line("", (text) => (wanted.what = text))),
    field("t-who", say("task_who"), choice([["", say("choose_member")], ...people], "", (value) => (wanted.member = value))),
    field("t-due", say("task_due"), line("", (text) => (wanted.due = text)), say("day_hint")),
    told, button("btn-s", say("task_give"), press),
  );
}
