// The page of a secret vote: shows where the member stands, and asks the server again while that may change.
import { NotSigned } from "./blind";
import { Booth, type Kept, type Mark, type Stand } from "./booth";

const LOOK_EVERY_MS = 3000;
const { vote = "", me = "" } = document.getElementById("booth")?.dataset ?? {};
// Its own few words, so that the room's scripts stay in one piece.
const sayings = JSON.parse(document.getElementById("words")?.textContent ?? "{}") as Record<string, string>;
const shelf = `chibo-secret-${me}-${vote}`;
const drawer = {
  read: (): Kept => JSON.parse(localStorage.getItem(shelf) ?? "{}") as Kept,
  write: (kept: Kept): void => localStorage.setItem(shelf, JSON.stringify(kept)),
};
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function ask(path: string, body: object | undefined, credentials: RequestCredentials) {
  const answer = await fetch(`${path}${credentials === "omit" ? "" : `?lang=${document.documentElement.lang}`}`, {
    method: body ? "POST" : "GET",
    credentials,
    referrerPolicy: "no-referrer",
    cache: "no-store",
    headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, unknown> };
}

const booth = new Booth(
  vote,
  {
    named: (path, body) => ask(path, body, "same-origin"),
    nameless: (path, body) => ask(path, body, "omit"),
  },
  drawer,
  { sleep, random: Math.random },
);
let busy = false;

function show(id: string, text: string): void {
  const place = document.getElementById(id);
  if (!place) return;
  if (place.textContent !== text) place.textContent = text;
  place.hidden = text === "";
}

function reveal(stand: Stand): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-at]")) part.hidden = part.dataset.at !== stand.at;
  show("code", stand.at === "compare" ? stand.code : "");
  show("told", stand.at === "refused" ? stand.title : (sayings[stand.at] ?? ""));
}

async function run(act: () => Promise<Stand>): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    const stand = await act();
    reveal(stand);
    if (stand.at === "held") reveal(await booth.send());
  } catch (problem) {
    show("told", sayings[problem instanceof NotSigned ? "wrong_key" : "no_line"] ?? "");
  } finally {
    busy = false;
  }
}

function pressed(event: Event): void {
  const button = (event.target as Element).closest<HTMLButtonElement>("button[data-do]");
  if (!button) return;
  const wanted = button.dataset.do ?? "";
  if (wanted === "take") void run(() => booth.take());
  else if (wanted === "differs") reveal(booth.differs());
  else {
    reveal({ at: "held" });
    void run(() => booth.cast(wanted as Mark));
  }
}

async function watch(): Promise<void> {
  for (;;) {
    await run(() => booth.stand());
    await sleep(LOOK_EVERY_MS);
  }
}

if (vote) {
  document.addEventListener("click", pressed);
  void watch();
}
