// What happens in the meeting, as the server tells everybody: numbered, resumed from the number heard last.
import { Watchdog, type Heard } from "./watchdog";

const NAMES = ["meeting", "agenda", "hands", "motions", "tasks", "vote.open", "vote.close", "tally", "roll", "reset", "hb"];

/** Follows `url`; `interval`: of the server's heartbeat in ms. Closed while the page is hidden. */
export function follow(url: string, last: string, interval: number, heard: Heard): Watchdog {
  const watchdog = new Watchdog(
    (from, ears) => {
      const source = new EventSource(`${url}?last=${from}`);
      source.onopen = () => ears.open();
      source.onerror = () => ears.fail();
      for (const name of NAMES)
        source.addEventListener(name, (event) => ears.event(name, event.data as string, event.lastEventId));
      return source;
    },
    heard,
    {
      set: (run, ms) => window.setTimeout(run, ms),
      clear: (timer) => window.clearTimeout(timer),
      random: Math.random,
    },
    interval,
    last,
  );
  const visible = (): void => (document.visibilityState === "visible" ? watchdog.start() : watchdog.stop());
  document.addEventListener("visibilitychange", visible);
  addEventListener("pageshow", (event) => event.persisted && watchdog.start());
  addEventListener("pagehide", () => watchdog.stop());
  addEventListener("online", () => document.visibilityState === "visible" && watchdog.start());
  if (document.visibilityState === "visible") watchdog.start();
  return watchdog;
}
