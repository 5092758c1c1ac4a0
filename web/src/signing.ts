// The page on which minutes and other papers are signed with the key of this very browser. Without it, the plain forms stay as they are.
import { BadDer, base64, hex, type Bytes } from "./der";
import { certificateRequest, keepKey, keptKey, makeKey, sign, type OwnKey } from "./own_key";
import { checked, Mismatch, sha256, type Told } from "./prepared";

const PATIENCE_MS = 60_000; // a certificate and a prepared file take seconds on a small machine

/** What the server said of why not, in the page's language; empty where it said nothing. */
class Refused extends Error {}

function one<T extends HTMLElement>(selector: string): T {
  return document.querySelector<T>(selector)!;
}

interface Shown {
  told: Told;
  attributes: Bytes;
}

async function asked(path: string, body: object | null, key = ""): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  const headers: Record<string, string> = {};
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  try {
    const answer = await fetch(`${path}?lang=${document.documentElement.lang}`, {
      method: body ? "POST" : "GET",
      credentials: "same-origin",
      headers,
      body: body && JSON.stringify(body),
      signal: stop.signal,
    });
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => null)) as { title?: string } | null;
    throw new Refused(problem?.title ?? "");
  } finally {
    clearTimeout(timer);
  }
}

class Signer {
  private shown: Shown | null = null;
  private key: OwnKey | null = null;

  constructor(private readonly box: HTMLElement) {}

  /** Takes its room before anything is painted, and is seen once it knows: nothing moves away under a finger. */
  async begin(): Promise<void> {
    this.on("#key-make", () => this.make());
    this.on("#key-show", () => this.show());
    this.on("#key-sign", () => this.sign());
    const likely = this.said("home") === "browser";
    this.tell(likely ? "here" : "none");
    this.offer(likely ? "#key-show" : "#key-make");
    this.box.style.visibility = "hidden";
    this.first(true);
    try {
      this.key = await keptKey(this.said("me"));
      await this.stand();
      this.box.style.visibility = "";
    } catch {
      this.first(false); // some private windows keep no base
    }
  }

  /** Whether this way comes first. The plain forms then step back, unless one has just said what was wrong with it. */
  private first(it: boolean): void {
    this.box.hidden = !it;
    const said = document.querySelector(".other-way .err, main > .problem[role=alert]") !== null;
    const [from, to] = it ? ["btn-p", "btn-s"] : ["btn-s", "btn-p"];
    for (const details of document.querySelectorAll<HTMLDetailsElement>("details.other-way")) details.open = said || !it;
    for (const button of document.querySelectorAll(`.other-way .${from}`)) button.classList.replace(from, to);
  }

  /** What can be done here: sign, or first make a key. */
  private async stand(): Promise<void> {
    const mine = this.key !== null && hex(await sha256(this.key.open)) === this.said("key");
    const elsewhere = !mine && this.said("home") === "browser";
    this.tell(mine ? "here" : elsewhere ? "elsewhere" : "none");
    this.offer(mine ? "#key-show" : "#key-make");
  }

  private async make(): Promise<void> {
    this.tell("making");
    const made = await makeKey(this.said("me"));
    await keepKey(made); // first kept, then certified: a lost answer must not leave a certificate without its key
    this.key = made;
    const request = base64(await certificateRequest(made));
    const answer = await asked("/api/v1/me/signing-key/device", { request });
    const { fingerprint } = (await answer.json()) as { fingerprint: string | null };
    if (fingerprint === null) return this.wait();
    this.box.dataset.key = hex(await sha256(made.open));
    await this.stand();
    this.tell("made");
  }

  /** The authority's key is elsewhere: whoever keeps it will answer the request. */
  private wait(): void {
    this.offer("");
    this.tell("waiting");
  }

  private async show(): Promise<void> {
    if (!this.key) return;
    this.tell("preparing");
    const told = (await (await asked(this.said("pending"), { role: this.said("part") })).json()) as Told;
    const pdf = new Uint8Array(await (await asked(told.pdf, null)).arrayBuffer());
    this.shown = { told, attributes: await checked(pdf, told, this.key.open) };
    one<HTMLAnchorElement>("#key-file").href = URL.createObjectURL(new Blob([pdf], { type: "application/pdf" }));
    one("#key-digest").textContent = told.digest_sha256.replace(/(.{8})/g, "$1 ").trim();
    one("#key-shown").hidden = false;
    this.tell("checked");
    this.offer("#key-sign");
  }

  private async sign(): Promise<void> {
    if (!this.key || !this.shown) return;
    this.tell("signing");
    const { told, attributes } = this.shown;
    const signature = base64(await sign(this.key, attributes));
    await asked(told.pdf.replace(/\.pdf$/, ""), { signature }, told.id);
    location.reload();
  }

  private said(name: "me" | "pending" | "part" | "key" | "home"): string {
    return this.box.dataset[name] ?? "";
  }

  private tell(name: string): void {
    for (const text of this.box.querySelectorAll<HTMLElement>("[data-say]")) text.hidden = text.dataset.say !== name;
  }

  private offer(selector: string): void {
    for (const button of this.box.querySelectorAll<HTMLButtonElement>("button")) {
      button.hidden = `#${button.id}` !== selector;
      button.className = button.hidden ? "btn btn-s" : "btn btn-p";
    }
  }

  /** One press at a time; what goes wrong is said, and can be tried again from the step before. */
  private on(selector: string, act: () => Promise<void>): void {
    const button = one<HTMLButtonElement>(selector);
    button.addEventListener("click", () => {
      button.disabled = true;
      act()
        .catch((wrong: unknown) => this.failed(wrong))
        .finally(() => (button.disabled = false));
    });
  }

  private async failed(wrong: unknown): Promise<void> {
    this.shown = null;
    one("#key-shown").hidden = true;
    await this.stand();
    const told = wrong instanceof Refused ? wrong.message : "";
    one("[data-say=refused]").textContent = told;
    const strange = wrong instanceof Mismatch || wrong instanceof BadDer;
    this.tell(strange ? "mismatch" : told ? "refused" : "failed");
  }
}

const box = document.querySelector<HTMLElement>("#own-key");
// Only a secure context has `subtle`: without it the other ways remain.
if (box && crypto.subtle) void new Signer(box).begin();
