// How long the item has been discussed: counted by whole minutes from the server's clock, and never announced.
import { one, say } from "./words";

const EVERY_MS = 15_000;
const MINUTE_MS = 60_000;

/** Whole minutes since, where the server's clock stood at `now` when the page was made. */
export function minutes(since: string, now: string, passed: number): number {
  return Math.max(0, Math.floor((Date.parse(now) + passed - Date.parse(since)) / MINUTE_MS));
}

function count(timer: HTMLElement): void {
  const { since = "", now = "", planned = "0" } = timer.dataset;
  const seen = (timer.dataset.seen ??= String(Date.now())); // the server's clock stood at `now` about then
  const spent = minutes(since, now, Date.now() - Number(seen));
  const over = spent - Number(planned);
  const text = one("[data-spent]", timer);
  const bar = timer.querySelector("progress");
  if (!text || !bar || Number.isNaN(spent)) return;
  text.hidden = bar.hidden = false;
  text.textContent = over > 0 ? say("over", { spent: String(spent), over: String(over) }) : say("spent", { spent: String(spent) });
  bar.value = Math.min(spent, bar.max);
}

function all(): void {
  for (const timer of document.querySelectorAll<HTMLElement>("[data-timer]")) count(timer);
}

export function startTimers(): void {
  all();
  setInterval(all, EVERY_MS);
  document.addEventListener("visibilitychange", all);
}
