// The protocol of a counting board in a hall without a network: numbers, who counted, what they come to.
import { button, field, h, line, number, ticks } from "./dom";
import type { Pen } from "./hallroll";
import type { Papers } from "./papers";
import { ballots, count, counters, misfit, raising, verdict, type Sitting, type Vote } from "./record";
import { say } from "./words";

const NUMBERS = ["issued", "returned", "valid", "invalid", "in_favour", "against", "blank"] as const;

/** Where they can be typed, with what is wrong or what they come to below. */
export function protocol(one: Sitting, vote: Vote, pen: Pen): HTMLElement[] {
  const typed: Record<(typeof NUMBERS)[number], number | null> = {
    issued: null, returned: null, valid: null, invalid: null, in_favour: null, against: null, blank: 0,
  };
  const board: string[] = [];
  const told = h("p.result", { role: "status", lang: "vi" });
  const written = (): Papers | null => {
    if (NUMBERS.some((name) => typed[name] === null)) return null;
    return { ...(typed as Record<(typeof NUMBERS)[number], number>), board: [...board] };
  };
  const show = (): void => {
    const papers = written();
    const bad = papers ? misfit(one, vote, papers) : "p_fill";
    told.textContent = bad ? say(bad, { count: String(raising(one, vote).present) }) : (verdict(one, vote, ballots(papers!))?.text ?? "");
  };
  const each = NUMBERS.map((name) =>
    field(`p-${name}`, say(`p_${name}`), line(name === "blank" ? "0" : "", (text) => {
      typed[name] = number(text);
      show();
    }, "numeric")));
  show();
  const press = (): void => {
    const papers = written();
    if (papers && !misfit(one, vote, papers)) pen.act((now) => count(one, vote, papers, now));
  };
  return [
    h("div.counts", {}, ...each), h("fieldset", {}, h("legend", {}, say("p_counters")), ...ticks(counters(one, vote), board, show)), told,
    button("btn-p", say("end_vote"), press), button("btn-t", say("drop_vote"), () => pen.act(() => one.votes.splice(one.votes.indexOf(vote), 1))),
  ];
}
