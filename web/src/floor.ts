// The list of raised hands on the console: told by the meeting's events, brought anew part by part. Nothing that somebody
// fills in lies inside those parts, so a form being filled is never disturbed.
import { follow } from "./live";
import { refresh } from "./regions";

const JITTER_MS = 700;
const SHOWN = new Set(["hands", "reset"]);

export function followFloor(place: HTMLElement): void {
  const { meeting = "", last = "0", hb = "10" } = place.dataset;
  let due = 0;
  const fresh = (): void => {
    window.clearTimeout(due);
    due = window.setTimeout(() => void refresh(location.pathname).catch(() => false), Math.random() * JITTER_MS);
  };
  follow(`/m/${meeting}/live`, last, Number(hb) * 1000, {
    event: (name) => SHOWN.has(name) && fresh(),
    line: (calm) => calm && fresh(), // what was told while there was no line
  });
}
