// The secretary's meeting without a network: taken along while there is a line, kept on this device, sent back once.
import "./core";
import { Behind, openCupboard, safeFromClearing, type Cupboard } from "./cupboard";
import { h, type Part } from "./dom";
import { roll, type Pen } from "./hallroll";
import { clock, run, tick } from "./hallrun";
import { ending, minutes, post, type Sent } from "./hallsend";
import { begin, type Sitting } from "./record";
import { taken } from "./along";
import { one as find, say, show } from "./words";

const TICK_MS = 5000;
const TYPING_MS = 300;
const TABS = ["roll", "run", "minutes", "send"] as const;
type Tab = (typeof TABS)[number];

class Hall implements Pen {
  private tab: Tab;
  private found: Sent | null = null;
  private sending = false;
  private writing: Promise<void> = Promise.resolve();
  private typing = 0;
  private ready = false;
  private wanted = 0;
  private written = 0;

  constructor(
    private readonly cupboard: Cupboard,
    private sitting: Sitting,
    private readonly safe: boolean,
  ) {
    this.tab = sitting.receipt || sitting.closed ? "send" : sitting.opened ? "run" : "roll";
    setInterval(() => tick(Date.now()), TICK_MS);
    addEventListener("online", () => this.due());
    addEventListener("pagehide", () => this.typing && this.write());
    this.render();
    this.due();
    void opensAgain().then((opens) => {
      this.ready = opens || !isSecureContext;
      this.strip();
    });
  }

  act(change: (now: number) => void): void {
    change(Date.now());
    this.write();
    this.render();
  }

  note(change: () => void): void {
    change();
    window.clearTimeout(this.typing);
    this.typing = window.setTimeout(() => this.write(), TYPING_MS);
  }

  /** One writing after the other, each of the whole; "kept" is said when nothing waits to be kept. */
  private write(): void {
    window.clearTimeout(this.typing);
    this.typing = 0;
    this.wanted++;
    this.strip();
    this.writing = this.writing.then(() => this.keep());
  }

  private async keep(): Promise<void> {
    const { wanted } = this;
    if (this.written === wanted) return;
    try {
      this.sitting.saved = Date.now();
      await this.cupboard.put(this.sitting);
      this.written = wanted;
      this.strip();
    } catch (reason) {
      if (reason instanceof Behind) location.reload();
      else show("#trouble", say("not_kept"));
    }
  }

  /** A closed sitting goes out by itself as soon as there is a line, once, until a person has to look. */
  private due(): void {
    if (this.sitting.closed && !this.sitting.receipt && !this.found) void this.send();
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    await this.writing;
    this.found = await post(this.sitting, Date.now());
    if (this.found.kind === "kept") this.forget(this.found.text);
    if (this.found.kind === "later") setTimeout(() => (this.found = null), TICK_MS);
    this.sending = false;
    this.render();
  }

  /** The server has it: names, words and counts leave this device; the receipt stays. */
  private forget(receipt: string): void {
    const { id, who, meeting, edition, kit } = this.sitting;
    this.sitting = { ...begin({ ...kit, members: [], items: [], drafts: [], motions: [], guests: [], asked: [], given: [], questions: [], so_far: null }, Date.now()), id, who, meeting, edition, receipt };
    this.write();
  }

  private render(): void {
    const one = this.sitting;
    const shown: Record<Tab, () => Part[]> = {
      roll: () => roll(one, this),
      run: () => run(one, this),
      minutes: () => minutes(one, this),
      send: () => ending(one, this, this.found, () => void this.send()),
    };
    const place = find("#hall");
    const focused = document.activeElement?.id ?? "";
    place?.replaceChildren(
      h("div.titled", {}, h("h1", { lang: "vi" }, one.kit.title)),
      one.receipt ? "" : this.tabs(),
      h("div.stack", { id: "part" }, ...shown[one.receipt ? "send" : this.tab]().filter((part): part is Node => part instanceof Node)),
    );
    if (focused) document.getElementById(focused)?.focus();
    this.strip();
    tick(Date.now());
  }

  private tabs(): HTMLElement {
    const each = TABS.map((name) =>
      h("button.tab", {
        type: "button", id: `tab-${name}`, "aria-current": name === this.tab ? "page" : null,
        click: () => {
          this.tab = name;
          this.render();
        },
      }, say(`tab_${name}`)));
    return h("nav.tabs", { "aria-label": say("tabs") }, ...each);
  }

  private strip(): void {
    const { receipt, saved, kit, offset } = this.sitting;
    const taken = `${say(this.ready ? "ready" : "not_ready")} ${this.safe ? "" : say("may_be_cleared")}`.trim();
    const waits = this.written !== this.wanted;
    const kept = waits ? say("keeping") : say("saved", { time: clock(kit.zone, saved + offset) });
    const place = find("#kept");
    if (place) {
      place.className = saved ? "problem" : "note ok";
      place.dataset.state = waits ? "keeping" : "kept";
    }
    show("#kept", receipt ? "" : saved ? kept : taken);
  }
}

/** Whether this very page opens without a network: a line must not go before that. */
async function opensAgain(): Promise<boolean> {
  if (!("serviceWorker" in navigator) || !isSecureContext) return false;
  await navigator.serviceWorker.ready;
  return (await caches.match("/hall")) !== undefined;
}

/** Browsers write localStorage some seconds late: after a dead battery what it last said may be gone. */
async function whose(cupboard: Cupboard): Promise<string> {
  const said = localStorage.getItem("chibo-me");
  if (said === null) return cupboard.owner();
  await cupboard.own(said);
  return said;
}

async function list(cupboard: Cupboard, who: string): Promise<void> {
  const kept = await cupboard.all(who);
  const rows = kept.map((one) =>
    h("li", {}, h("a.btn.btn-s", { href: `#${one.meeting}`, lang: "vi" }, `${one.kit.title} · ${one.receipt ? say("sent_before") : say("kept_here")}`)));
  find("#hall")?.replaceChildren(h("h1", {}, say("kept_title")), rows.length ? h("ul.stack", {}, ...rows) : h("p", {}, say("nothing_kept")));
}

async function start(): Promise<void> {
  if (!isSecureContext) show("#insecure", say("insecure"));
  const cupboard = await openCupboard();
  const who = await whose(cupboard);
  if (!who) return show("#trouble", say("sign_in"));
  const meeting = location.hash.slice(1);
  if (!meeting) return list(cupboard, who);
  const safe = await safeFromClearing();
  const found = await taken(cupboard, who, meeting, say("not_taken"));
  if (typeof found === "string") return show("#trouble", found);
  new Hall(cupboard, found, safe);
}

addEventListener("hashchange", () => location.reload());
start().catch(() => show("#trouble", say("cannot_keep")));
