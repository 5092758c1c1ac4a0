// The member's room: what is discussed, the vote, and, by a tap, the sound.
import { hurry } from "./core";
import { hands } from "./hands";
import { follow } from "./live";
import { Listening } from "./listening";
import { refresh } from "./regions";
import { one, say, show } from "./words";

const JITTER_MS = 700;
const { meeting = "", last = "0", hb = "10" } = document.body.dataset;
let due = 0;

function fresh(): void {
  window.clearTimeout(due);
  due = window.setTimeout(() => {
    refresh(location.pathname).then(looked, () => undefined);
  }, Math.random() * JITTER_MS);
}

/** A vote takes the whole screen; what came is said once to those who listen to the page. */
function looked(changed: boolean): void {
  document.body.classList.toggle("voting", one("#votes form") !== null);
  if (changed) show("#said", one("#votes form") ? say("vote_opened") : (one("#item h1")?.textContent ?? ""));
}

const facts: Record<string, (data: Record<string, unknown>) => void> = {
  roll: ({ hall }) => show("[data-fact=hall]", say("hall", { count: String(hall) })),
  tally: ({ vote, answered }) => show(`#v-${String(vote)} [data-fact=answered]`, say("answered", { count: String(answered) })),
};

function heard(name: string, data: string): void {
  if (name === "reset") return location.reload();
  const told = facts[name];
  if (told) return told(JSON.parse(data) as Record<string, unknown>);
  if (name === "meeting" && (JSON.parse(data) as { state: string }).state !== document.body.dataset.state)
    return location.reload(); // opened or ended: the whole page says something else
  fresh();
}

function begin(): void {
  looked(false);
  document.addEventListener("chibo:line", (event) => (event as CustomEvent<boolean>).detail && fresh());
  hands(
    (status) => (status < 400 ? fresh() : show("#line", say("refused", { status: String(status) }))),
    () => show("#line", say("hand_waits")),
  );
  const button = one<HTMLButtonElement>("#listen");
  if (button) new Listening(meeting, button);
  follow(`/m/${meeting}/live`, last, Number(hb) * 1000, {
    event: heard,
    line(calm) {
      show("#line", calm ? "" : say("reconnecting"));
      if (calm) hurry();
    },
  });
}

begin();
