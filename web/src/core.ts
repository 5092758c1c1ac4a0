// On every page with forms that must not get lost: sends them through the outbox and says what became of them.
import { newId, Outbox, type Parcel } from "./outbox";
import { offerCopies } from "./paste";
import { comeBack } from "./refused";
import { followMarks } from "./rollcount";
import { openShelf } from "./shelf";
import { startTimers } from "./timer";
import { one, say } from "./words";

const PATIENCE_MS = 9000;
const me = document.body.dataset.me ?? "";
let ready: Promise<Outbox> | null = null;
let pressed: HTMLButtonElement | null = null;

interface Receipt {
  text: string;
  counted: boolean;
}

async function post(parcel: Parcel): Promise<{ status: number; body: unknown }> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS); // fetch has no patience of its own
  try {
    const language = document.documentElement.lang;
    const answer = await fetch(`${parcel.url}?lang=${language}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(parcel.body),
      signal: stop.signal,
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  } finally {
    clearTimeout(timer);
  }
}

function sectionOf(parcel: Parcel): HTMLElement | null {
  return document.getElementById(`v-${parcel.about}`);
}

function tell(section: HTMLElement | null, kind: string, text: string): void {
  const strip = section && one("[data-strip]", section);
  if (!strip) return;
  strip.className = kind;
  strip.hidden = false;
  if (strip.textContent !== text) strip.textContent = text;
}

function waitingText(section: HTMLElement | null): string {
  const until = section?.dataset.until ?? "";
  return until ? say("waiting_until", { until }) : say("waiting");
}

const told = {
  delivered(parcel: Parcel, answer: unknown): void {
    const receipt = answer as Receipt;
    const section = sectionOf(parcel);
    delete section?.dataset.waiting;
    tell(section, receipt.counted ? "note ok" : "problem", receipt.text);
    document.dispatchEvent(new CustomEvent("chibo:line", { detail: true }));
  },
  refused(parcel: Parcel, status: number, answer: unknown): void {
    const section = sectionOf(parcel);
    delete section?.dataset.waiting;
    const title = (answer as { title?: string } | null)?.title;
    tell(section, "problem", title ?? say("refused", { status: String(status) }));
  },
  waiting(parcels: Parcel[]): void {
    for (const parcel of parcels) tell(sectionOf(parcel), "problem", waitingText(sectionOf(parcel)));
    document.dispatchEvent(new CustomEvent("chibo:line", { detail: false }));
  },
};

function choose(section: HTMLElement | null, choice: string): void {
  for (const button of section?.querySelectorAll<HTMLButtonElement>("button[name=choice]") ?? []) {
    const chosen = button.value === choice;
    button.classList.toggle("chosen", chosen);
    button.querySelector(".yr")?.remove();
    if (chosen) button.insertAdjacentHTML("beforeend", '<span class="yr"></span>');
    if (chosen) one(".yr", button)!.textContent = say("chosen");
  }
}

function hidden(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

async function keep(form: HTMLFormElement, choice: string): Promise<void> {
  const id = hidden(form, "ballot").value;
  const version = Number(hidden(form, "version").value);
  const about = form.dataset.vote ?? "";
  const url = `/api/v1/votes/${about}/ballots`;
  hidden(form, "ballot").value = newId();
  hidden(form, "version").value = String(version + 1);
  const section = document.getElementById(`v-${about}`);
  if (section) section.dataset.waiting = "";
  choose(section, choice);
  tell(section, "note", say("sending"));
  await (await ready)?.add({ id, who: me, url, body: { id, version, choice }, about, at: Date.now() });
}

function submitted(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const button = (event.submitter as HTMLButtonElement | null) ?? pressed;
  if (!ready || form.dataset.enhance !== "ballot" || button?.name !== "choice") return;
  event.preventDefault();
  void keep(form, button.value);
}

/** What waited from an earlier visit shows as chosen, and goes out. */
async function begin(): Promise<Outbox> {
  const shelf = await openShelf(me);
  for (const parcel of await shelf.all()) {
    choose(sectionOf(parcel), String(parcel.body.choice ?? ""));
    const section = sectionOf(parcel);
    if (section) section.dataset.waiting = "";
  }
  const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
  const outbox = new Outbox(shelf, post, told, { sleep, random: Math.random });
  addEventListener("online", () => outbox.hurry());
  void outbox.run();
  return outbox;
}

/** The line is known to be back. */
export function hurry(): void {
  void ready?.then((outbox) => outbox.hurry());
}

/** Who uses this browser now: what another person's device kept is theirs alone. The shell says nothing of it. */
function remember(): void {
  if (document.body.dataset.me === undefined) return;
  try {
    localStorage.setItem("chibo-me", me);
  } catch {
    // a browser that keeps nothing holds no meeting without a network either
  }
}

remember();
if (isSecureContext && "serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => undefined);
if (me) {
  document.addEventListener("click", (event) => {
    pressed = (event.target as Element).closest("button");
  });
  document.addEventListener("submit", submitted);
  ready = begin();
}

startTimers();
comeBack(me);
followMarks();
offerCopies();

// A screen that nobody holds, such as the hall's code, loads itself anew.
const again = one("[data-again]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.again) * 1000);
