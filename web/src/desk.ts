// The recorder's page: words are kept while they are typed, in every window and with or without a line.
import "./core";
import { inMemory, openDrafts, type Drafts } from "./drafts";
import { followFloor } from "./floor";
import { Keeper, type Answer } from "./keeper";
import { one, say } from "./words";

const PATIENCE_MS = 9000;
const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("chibo-words") : null;

interface News {
  item: string;
  words?: string;
  over?: string;
}

async function put(url: string, words: string, over: string): Promise<Answer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(`${url}?lang=${document.documentElement.lang}`, {
      method: "PUT",
      credentials: "same-origin",
      keepalive: words.length < 15_000, // browsers carry at most 64 kB over the end of a page
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ words, over }),
      signal: stop.signal,
    });
    const said = (await answer.json().catch(() => ({}))) as Record<string, string>;
    if (answer.ok) return { kind: "kept", over: said.over ?? "", at: said.at ?? "" };
    if (said.code === "words-moved") return { kind: "moved" };
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { kind: "away" };
    return { kind: "refused", text: said.title ?? String(answer.status) };
  } catch {
    return { kind: "away" };
  } finally {
    clearTimeout(timer);
  }
}

/** The words as the server trims them, so that kept and typed can be compared. */
function trimmed(words: string): string {
  return words.normalize("NFC").split("\n").map((line) => line.trimEnd().replace(/\t/g, " ")).join("\n").trim();
}

class Writing {
  readonly keeper: Keeper;
  private readonly area: HTMLTextAreaElement;
  private readonly over: HTMLInputElement;
  private theirs: { words: string; over: string } | null = null;

  constructor(
    private readonly place: HTMLElement,
    private readonly form: HTMLFormElement,
    drafts: Drafts,
  ) {
    const { item = "", url = "" } = place.dataset;
    this.area = place.querySelector("textarea")!;
    this.over = place.querySelector("input[type=hidden]")!;
    this.keeper = new Keeper(item, trimmed(this.area.defaultValue), this.over.value, (words, over) => put(url, words, over), drafts, this.ears(), {
      set: (run, ms) => window.setTimeout(run, ms),
      clear: (timer) => window.clearTimeout(timer),
    });
    this.area.addEventListener("input", () => this.typed());
    one("[data-take]", place)?.addEventListener("click", () => this.take());
    one("[data-insist]", place)?.addEventListener("click", () => this.insist());
  }

  /** What an earlier visit left on the device comes back; over other words of the server it asks first. */
  async recall(drafts: Drafts): Promise<void> {
    const draft = await drafts.get(this.keeper.item);
    const here = trimmed(this.area.value);
    if (here !== trimmed(this.area.defaultValue)) return this.typed(); // typed before this script was there
    if (!draft || this.keeper.dirty) return;
    if (draft.words === here) return drafts.remove(this.keeper.item);
    this.area.value = draft.words;
    if (draft.over === this.keeper.over) this.keeper.typed(draft.words);
    else this.keeper.hold(draft.words);
  }

  heard(news: News): void {
    if (news.item !== this.keeper.item || this.keeper.dirty) return;
    if (news.words === undefined) return this.say(say("elsewhere"));
    this.area.value = news.words;
    this.keeper.take(news.words, news.over ?? "");
    this.over.value = this.keeper.over;
    this.say(say("kept", { time: this.time(new Date().toISOString()) }));
  }

  private typed(): void {
    this.keeper.typed(trimmed(this.area.value));
    channel?.postMessage({ item: this.keeper.item } satisfies News);
  }

  private ears() {
    return {
      typing: () => this.say(say("typing")),
      kept: (at: string) => {
        this.over.value = this.keeper.over;
        this.say(say("kept", { time: this.time(at) }));
        channel?.postMessage({ item: this.keeper.item, words: trimmed(this.area.value), over: this.keeper.over } satisfies News);
      },
      away: () => this.say(say("away")),
      moved: () => void this.showTheirs(),
      refused: (text: string) => this.say(text),
    };
  }

  /** What stands on the server now, as its own page of the minutes shows it. */
  private async showTheirs(): Promise<void> {
    const answer = await fetch(this.form.dataset.notes ?? "", { credentials: "same-origin", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const place = page.querySelector(`[data-item="${this.keeper.item}"]`);
    const area = place?.querySelector("textarea");
    const over = place?.querySelector<HTMLInputElement>("input[type=hidden]");
    if (!area || !over) return this.say(say("choose_first"));
    this.theirs = { words: area.value, over: over.value };
    one("[data-who]", this.place)!.textContent = place?.querySelector("[data-kept]")?.textContent ?? "";
    one("[data-theirs]", this.place)!.textContent = area.value;
    one("[data-moved]", this.place)!.hidden = false;
    this.say("");
  }

  private take(): void {
    if (!this.theirs) return;
    this.area.value = this.theirs.words;
    this.keeper.take(this.theirs.words, this.theirs.over);
    this.settled();
  }

  private insist(): void {
    if (!this.theirs) return;
    this.keeper.insist(this.theirs.over);
    this.settled();
  }

  private settled(): void {
    this.over.value = this.keeper.over;
    this.theirs = null;
    one("[data-moved]", this.place)!.hidden = true;
    this.area.focus();
  }

  say(text: string): void {
    const place = one("[data-kept]", this.place);
    if (place && place.textContent !== text) place.textContent = text;
  }

  private time(at: string): string {
    const clock = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: this.form.dataset.zone } as const;
    return new Date(at).toLocaleTimeString("vi", clock);
  }
}

/** The form goes when its words are on the server: what is typed is not lost with the page. */
async function leave(form: HTMLFormElement, button: HTMLButtonElement | null, writings: Writing[]): Promise<void> {
  for (const writing of writings) {
    await writing.keeper.flush();
    if (writing.keeper.waits) return writing.say(say("choose_first"));
    if (writing.keeper.dirty) return writing.say(say("not_sent"));
  }
  if (button?.name) {
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
    form.append(pressed);
  }
  form.submit();
}

async function begin(form: HTMLFormElement): Promise<void> {
  const drafts = await openDrafts(form.dataset.me ?? "").catch(inMemory);
  const places = [...form.querySelectorAll<HTMLElement>(".writing")];
  const writings = places.map((place) => new Writing(place, form, drafts));
  if (writings.length === 0) return;
  for (const writing of writings) await writing.recall(drafts);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void leave(form, event.submitter as HTMLButtonElement | null, writings);
  });
  const hurry = (): void => writings.forEach((writing) => writing.keeper.hurry());
  addEventListener("online", hurry);
  addEventListener("pagehide", hurry);
  channel?.addEventListener("message", (event: MessageEvent<News>) => writings.forEach((writing) => writing.heard(event.data)));
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-writing]")) void begin(form);

const floor = one("#floor[data-live]");
if (floor) followFloor(floor);

// What was done on line until now is on this device as well: when the line goes, the hall goes on there.
const along = one("[data-along]");
if (along) void import("./aside").then(({ keepAlong }) => keepAlong(along)).catch(() => undefined);
