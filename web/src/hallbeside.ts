// Beside the roll of a meeting without a network: a confirmed mark that was wrong, and guests.
import { correct, correctable, guestsOf, misfixed, timed, welcome, type Fix } from "./corrected";
import { button, field, h, line } from "./dom";
import type { Pen } from "./hallroll";
import type { Guest, MarkKind, Member, Sitting } from "./record";
import { say } from "./words";

const KINDS: MarkKind[] = ["present", "absent", "late", "left_early"];

/** Below a name: made only when somebody opens it. */
export function fixing(one: Sitting, member: Member, pen: Pen): HTMLElement | null {
  if (!correctable(one, member.id)) return null;
  const place = h("div");
  const box = h("details", { id: `x-${member.id}` }, h("summary", {}, say("fix"), h("span.vh", { lang: "vi" }, ` ${member.name}`)), place);
  box.addEventListener("toggle", () => {
    if (!place.childElementCount) place.append(...form(one, member, pen));
  });
  return box;
}

function form(one: Sitting, member: Member, pen: Pen): HTMLElement[] {
  const fix: Fix = { kind: "present", time: "", reason: "" };
  const told = h("p.problem", { role: "alert", hidden: true });
  const time = field(`xt-${member.id}`, say("fix_at"), line("", (text) => (fix.time = text)), say("fix_at_hint"));
  time.hidden = true;
  const ways = KINDS.map((kind) => {
    const input = h("input", {
      type: "radio", name: `x-${member.id}`, value: kind,
      change: () => {
        fix.kind = kind;
        time.hidden = !timed(kind);
      },
    }) as HTMLInputElement;
    input.checked = kind === fix.kind;
    return h("label.opt", {}, input, h("span", {}, say(kind === "left_early" ? "went_early" : `m_${kind}`)));
  });
  const press = (): void => {
    const wrong = misfixed(one, fix, Date.now());
    if (!wrong) return pen.act((now) => correct(one, member.id, fix, now));
    told.textContent = say(wrong);
    told.hidden = false;
  };
  return [
    h("fieldset", {}, h("legend", {}, say("fix_as")), ...ways), time,
    field(`xw-${member.id}`, say("fix_reason"), line("", (text) => (fix.reason = text))), told, button("btn-s", say("fix_write"), press),
  ];
}

export function guests(one: Sitting, pen: Pen): HTMLElement {
  const known = guestsOf(one);
  const typed: Guest = { full_name: "", comes_from: "", overseer: false };
  const told = h("p.problem", { role: "alert", hidden: true }, say("guest_fill"));
  const press = (): void => {
    told.hidden = Boolean(typed.full_name.trim() && typed.comes_from.trim());
    if (told.hidden) pen.act((now) => welcome(one, typed, now));
  };
  const box = h("input", { type: "checkbox", id: "g-over", change: () => (typed.overseer = (box as HTMLInputElement).checked) });
  const rows = known.map((guest) => {
    const place = one.guests.findIndex((mine) => mine === guest);
    const drop = place < 0 || one.closed !== null ? null : button("btn-t", say("remove"), () => pen.act(() => one.guests.splice(place, 1)));
    const words = [guest.full_name, guest.comes_from, guest.overseer && say("overseer")].filter(Boolean).join(", ");
    return h("li", {}, h("span", { lang: "vi" }, words), drop);
  });
  const writing = [
    field("g-name", say("guest_name"), line("", (text) => (typed.full_name = text))),
    field("g-from", say("guest_from"), line("", (text) => (typed.comes_from = text))),
    h("label.opt", {}, box, h("span", {}, say("guest_overseer"))), told, button("btn-s", say("guest_write"), press),
  ];
  return h(
    "section.card.meet", {},
    h(
      "details", { id: "guests", open: one.guests.length > 0 }, h("summary", {}, say("guests", { count: String(known.length) })),
      rows.length ? h("ul.plain", {}, ...rows) : null, ...(one.closed === null ? writing : []), h("p.muted", {}, say("guest_hint")),
    ),
  );
}
