// Motions in a hall without a network: who moves what, and what becomes of it.
import { area, button, choice, field, h, type Part } from "./dom";
import type { Pen } from "./hallroll";
import { draftOf, move, settle, stale, stateOf, unsay, withdraw, write, type Wanted } from "./moved";
import { ask, asking, here, live, type Motion, type Sitting } from "./record";
import { say } from "./words";

const QUESTION_LETTERS = 200;
const WORDS_LETTERS = 2000;
const DRAFT_LETTERS = 8000;
const REASON_LETTERS = 2000;

export function exempt(one: Sitting, taking: string[]): Part {
  const elders = here(one).filter((member) => member.category === "exempt");
  if (!elders.length) return null;
  const each = elders.map((member) => {
    const box = h("input", { type: "checkbox" }) as HTMLInputElement;
    box.addEventListener("change", () => {
      if (box.checked) taking.push(member.id);
      else taking.splice(taking.indexOf(member.id), 1);
    });
    return h("label.opt", {}, box, h("span", { lang: "vi" }, member.name));
  });
  return h("fieldset", {}, h("legend", {}, say("taking_part")), ...each);
}

export function motionText(one: Sitting, motion: Motion): string {
  const name = one.kit.members.find((member) => member.id === motion.member)?.name ?? "";
  const what = motion.kind === "amendment" ? say("motion_amends", { text: motion.text }) : motion.text;
  return say("motion_line", { number: String(one.motions.indexOf(motion) + 1), who: name, what });
}

/** One line, and no longer than a question may be. */
function asked(text: string): string {
  return [...text.replace(/\s+/g, " ").trim()].slice(0, QUESTION_LETTERS).join("");
}

export function motions(one: Sitting, pen: Pen): HTMLElement {
  const each = one.motions.map((motion) => line(one, motion, pen));
  return h("section.card.meet", {}, h("h2", {}, say("motions")), each.length ? h("ul.plain", {}, ...each) : null, writing(one, pen), drafting(one, pen));
}

/** The draft of the item under discussion, as the secretary writes it. */
function drafting(one: Sitting, pen: Pen): Part {
  const item = live(one);
  if (!item) return null;
  const known = draftOf(one, item.id);
  let text = known?.text ?? "";
  return h(
    "details", {}, h("summary", {}, say(known ? "draft_again" : "draft_first")),
    field("draft", say("draft_words"), area(text, 8, DRAFT_LETTERS, (typed) => (text = typed)), say("draft_hint")),
    button("btn-s", say("draft_write"), () => pen.act((now) => write(one, item.id, text, now))),
  );
}

function line(one: Sitting, motion: Motion, pen: Pen): HTMLElement {
  const old = stale(one, motion);
  return h(
    "li", {}, h("span", { lang: "vi" }, motionText(one, motion)),
    h("span.small.muted", {}, say(old ? "motion_stale" : `motion_${stateOf(one, motion)}`)),
    stateOf(one, motion) === "proposed" && !asking(one) ? deciding(one, motion, pen, old) : null,
  );
}

function deciding(one: Sitting, motion: Motion, pen: Pen, old: boolean): HTMLElement {
  const rule = one.kit.questions.find((row) => row.kind === "motion");
  const put = { question: asked(motionText(one, motion)), kind: "motion", form: rule?.forms[0] ?? "", takingPart: [] as string[], motion: motion.id };
  const ways = (rule?.forms ?? []).map((form): [string, string] => [form, say(`f_${form}`)]);
  return h(
    "details", {}, h("summary", {}, say("motion_decide")),
    old || !rule ? null : field(`mf-${motion.id}`, say("form"), choice(ways, put.form, (value) => (put.form = value))),
    old || !rule ? null : exempt(one, put.takingPart),
    old || !rule ? null : button("btn-s", say("motion_vote"), () => pen.act((now) => ask(one, put, now))),
    old ? null : button("btn-s", say("motion_take"), () => pen.act((now) => settle(one, motion, true, now))),
    button("btn-s", say("motion_turn"), () => pen.act((now) => settle(one, motion, false, now))),
    button("btn-s", say("motion_withdraw"), () => pen.act((now) => withdraw(one, motion, now))),
    motion.before === null ? button("btn-t", say("remove"), () => pen.act(() => unsay(one, motion))) : null,
  );
}

function writing(one: Sitting, pen: Pen): HTMLElement {
  const item = live(one)?.id ?? null;
  const draft = item ? draftOf(one, item) : undefined;
  const wanted: Wanted = { kind: "words", member: "", text: "", item, reason: "" };
  const people = here(one).filter((member) => member.called).map((member): [string, string] => [member.id, member.name]);
  const place = h("div");
  const rewrite = (): void => {
    const amends = wanted.kind === "amendment";
    wanted.text = amends ? (draft?.text ?? "") : "";
    const words = area(wanted.text, amends ? 8 : 3, amends ? DRAFT_LETTERS : WORDS_LETTERS, (text) => (wanted.text = text));
    place.replaceChildren(field("mo-text", say(amends ? "motion_draft" : "motion_words"), words));
  };
  rewrite();
  const kinds: [string, string][] = [["words", say("motion_words")], ["amendment", say("motion_draft")]];
  const turn = (value: string): void => {
    wanted.kind = value === "amendment" ? "amendment" : "words";
    rewrite();
  };
  return h(
    "details", {}, h("summary", {}, say("motion_add")),
    field("mo-who", say("motion_who"), choice([["", say("choose_present")], ...people], "", (value) => (wanted.member = value))),
    draft ? field("mo-kind", say("motion_kind"), choice(kinds, "words", turn)) : null,
    place,
    field("mo-why", say("motion_why"), area("", 2, REASON_LETTERS, (text) => (wanted.reason = text))),
    button("btn-s", say("add"), () => pen.act((now) => move(one, { ...wanted }, now))),
  );
}
