// "Bấm để nghe" and what follows: the microphone, the modes, coming back after the line was lost.
import { firstMode, PoorLine, type Mode } from "./modes";
import { rejoin, type Tried } from "./rejoin";
import type { Ears, Sound, Ticket } from "./sound";
import { one, say, show } from "./words";

const CLOCK = {
  now: () => Date.now(),
  sleep: (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms)),
  random: Math.random,
};
const connection = (navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection;

export class Listening {
  private sound: Sound | null = null;
  private mode: Mode = firstMode(connection);
  private wanted = false;
  private coming = false;
  private speaks = false;
  private outdated = false;
  private awake: WakeLockSentinel | null = null;
  private readonly poor = new PoorLine(() => Date.now());

  constructor(
    private readonly meeting: string,
    private readonly button: HTMLButtonElement,
  ) {
    button.hidden = false;
    one("#modes")!.hidden = false;
    button.addEventListener("click", () => void this.listen());
    one("#mic")?.addEventListener("click", () => void this.toggleMicrophone());
    for (const choice of document.querySelectorAll<HTMLInputElement>("#modes input"))
      choice.addEventListener("change", () => this.choose(choice.value as Mode));
    document.addEventListener("visibilitychange", () => this.seen());
    document.addEventListener("resume", () => this.seen());
    this.showMode("");
    setInterval(() => this.checkLine(), 2000);
  }

  private async listen(): Promise<void> {
    if (this.outdated) return location.reload();
    if (this.sound && this.wanted) return this.sound.startAudio();
    this.wanted = true;
    if (this.mode === "follow") this.mode = "sound";
    this.showMode("");
    await this.come();
  }

  /** Into the room, again and again for ten minutes. */
  private async come(): Promise<void> {
    if (this.coming) return;
    this.coming = true;
    this.button.disabled = true;
    show("#calm", this.sound ? say("reconnecting") : say("joining"));
    const tried = await rejoin(() => this.enter(), () => this.wanted, CLOCK);
    this.coming = false;
    this.button.disabled = false;
    if (tried === "in") return this.entered();
    this.wanted = false;
    document.body.classList.remove("hearing");
    if (tried === "later") show("#calm", say("gave_up"));
  }

  private async enter(): Promise<Tried> {
    try {
      const coming = import("./sound").catch(() => null); // beside the ticket: a thin line has long ways
      const ticket = await this.ticket();
      if (!ticket) return "never";
      const loaded = await coming;
      if (!loaded) return await this.unloaded();
      const { Sound } = loaded;
      this.sound ??= new Sound(one("#sound")!, one("#pictures")!, this.ears());
      await this.sound.enter(ticket, this.mode);
      return "in";
    } catch {
      if (this.wanted) show("#calm", say("reconnecting"));
      return "later";
    }
  }

  /** The sound did not come: the line is bad, or the server has other scripts since this page was opened. */
  private async unloaded(): Promise<Tried> {
    const own = await fetch(import.meta.url, { method: "HEAD", cache: "no-store" });
    if (own.status !== 404) throw new Error("later");
    this.outdated = true;
    show("#calm", say("outdated"));
    return "never";
  }

  /** Nothing where the server says no; the page then says why. Raises where it cannot be asked. */
  private async ticket(): Promise<Ticket | null> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 9000);
    const options = { method: "POST", credentials: "same-origin", signal: stop.signal } as const;
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const path = `/api/v1/meetings/${this.meeting}/ticket?lang=${document.documentElement.lang}`;
    const answer = await fetch(path, { ...options, headers, body: "{}" });
    clearTimeout(timer);
    if (answer.ok) return (await answer.json()) as Ticket;
    if (answer.status >= 500 || answer.status === 429) throw new Error("later");
    show("#calm", ((await answer.json()) as { title: string }).title);
    return null;
  }

  private entered(): void {
    show("#calm", "");
    document.body.classList.add("hearing");
    const mic = one<HTMLButtonElement>("#mic");
    if (mic) mic.hidden = false;
    void this.stayAwake();
    void this.microphone(this.speaks); // whoever was speaking when the line broke still is
  }

  private ears(): Ears {
    return {
      speaking: (names) => this.speaking(names),
      people: (count) => show("#people", say("people", { count: String(count) })),
      quality: (poor, bars) => this.quality(poor, bars),
      hesitating: () => show("#calm", say("reconnecting")),
      back: () => show("#calm", ""),
      gone: (final) => this.gone(final),
      blocked: (blocked) => document.body.classList.toggle("hearing", !blocked),
    };
  }

  private gone(final: boolean): void {
    if (this.coming) return;
    this.speaking([]);
    if (!this.wanted) return;
    if (final && document.visibilityState === "visible") {
      this.wanted = false;
      document.body.classList.remove("hearing");
      show("#calm", say("left"));
      return;
    }
    if (document.visibilityState === "visible") void this.come();
  }

  private seen(): void {
    if (document.visibilityState !== "visible" || !this.wanted) return;
    void this.stayAwake();
    if (this.sound && !this.sound.connected && !this.coming) void this.come();
  }

  private speaking(names: string[]): void {
    const name = names[0] ?? "";
    show("#who", name);
    show("#talk", name ? (names.length > 1 ? say("speaking_more", { count: String(names.length - 1) }) : say("speaking")) : "");
    const letters = name.split(/\s+/).filter(Boolean);
    show("#face", letters.slice(-2).map((word) => word[0]!.toUpperCase()).join(""));
  }

  private quality(poor: boolean, bars: number): void {
    this.poor.see(poor);
    const place = one("#bars");
    if (place) place.dataset.bars = String(bars);
  }

  private checkLine(): void {
    const bars = one("#bars")?.dataset.bars;
    if (this.mode === "picture" && this.wanted && bars !== undefined && this.poor.see(Number(bars) <= 1))
      this.choose("sound", say("stepped_down"));
  }

  private choose(mode: Mode, why = ""): void {
    this.mode = mode;
    this.showMode(why);
    if (mode === "follow") {
      this.wanted = false;
      document.body.classList.remove("hearing");
      void this.sound?.leave();
      this.speaking([]);
    } else if (this.wanted) this.sound?.setMode(mode);
    const menu = one<HTMLDetailsElement>("#modes");
    if (menu) menu.open = false;
  }

  private showMode(why: string): void {
    show("#mode", say(`mode_${this.mode}`));
    show("#why", why);
    const chosen = one<HTMLInputElement>(`#modes input[value=${this.mode}]`);
    if (chosen) chosen.checked = true;
  }

  private toggleMicrophone(): Promise<void> {
    this.speaks = !(this.sound?.speakingMyself ?? false);
    return this.microphone(this.speaks);
  }

  private async microphone(on: boolean): Promise<void> {
    if (!this.sound) return;
    try {
      if (on !== this.sound.speakingMyself) await this.sound.microphone(on);
      show("#why", "");
    } catch (problem) {
      this.speaks = false;
      const name = (problem as { name?: string }).name ?? "";
      show("#why", say(name === "NotAllowedError" ? "mic_refused" : "mic_missing"));
      const outside = one("#outside"); // there where the page stands inside an application such as Zalo
      if (outside) outside.hidden = false;
    }
    this.showMicrophone();
  }

  private showMicrophone(): void {
    const mic = one<HTMLButtonElement>("#mic");
    const on = this.sound?.speakingMyself ?? false;
    mic?.setAttribute("aria-pressed", String(on));
    show("#mic span", say(on ? "mic_off" : "mic_on"));
  }

  private async stayAwake(): Promise<void> {
    try {
      if (!this.awake || this.awake.released) this.awake = await navigator.wakeLock.request("screen");
    } catch {
      this.awake = null; // an old browser, or a low battery: the screen goes dark as it always does
    }
  }
}
