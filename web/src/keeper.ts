// Keeps the words on one item every few seconds: on the device at once, on the server when there is a line, and never
// over words that somebody else wrote meanwhile.
import type { Drafts } from "./drafts";

export type Answer =
  | { kind: "kept"; over: string; at: string }
  | { kind: "moved" }
  | { kind: "refused"; text: string }
  | { kind: "away" };

export interface Told {
  typing(): void;
  kept(at: string): void;
  away(): void;
  moved(): void;
  refused(text: string): void;
}

export interface Clock {
  set(run: () => void, ms: number): number;
  clear(timer: number): void;
}

export const PAUSE_MS = 4000;
const LONGEST_MS = 20_000;

export class Keeper {
  private words: string;
  private timer = 0;
  private pause = PAUSE_MS;
  private held = false;
  private flying: Promise<void> | null = null;

  constructor(
    readonly item: string,
    private saved: string,
    public over: string,
    private readonly send: (words: string, over: string) => Promise<Answer>,
    private readonly drafts: Drafts,
    private readonly told: Told,
    private readonly clock: Clock,
  ) {
    this.words = saved;
  }

  get dirty(): boolean {
    return this.words !== this.saved;
  }

  /** Whether a person has to say first which words stay. */
  get waits(): boolean {
    return this.held;
  }

  typed(words: string): void {
    this.words = words;
    void this.drafts.put(this.item, { words, over: this.over });
    if (this.held) return;
    this.told.typing();
    this.later(PAUSE_MS);
  }

  /** Sends what is not sent yet, now; done when the server has answered. */
  async flush(): Promise<void> {
    await this.flying;
    await this.keep();
  }

  /** The line is back. */
  hurry(): void {
    this.pause = PAUSE_MS;
    if (this.dirty) void this.keep();
  }

  /** Words found on the device that were written over others than the server has now. */
  hold(words: string): void {
    this.words = words;
    this.held = true;
    this.told.moved();
  }

  /** The other words are taken, or came from a window of the same person that had nothing else here. */
  take(words: string, over: string): void {
    this.words = this.saved = words;
    this.over = over;
    this.held = false;
    void this.drafts.remove(this.item);
  }

  /** One's own words stay, and are written over those that were shown. */
  insist(over: string): void {
    this.over = over;
    this.held = false;
    void this.keep();
  }

  private later(ms: number): void {
    if (this.timer) return; // who types on and on is kept all the same
    this.timer = this.clock.set(() => {
      this.timer = 0;
      void this.keep();
    }, ms);
  }

  private keep(): Promise<void> {
    if (this.timer) this.clock.clear(this.timer);
    this.timer = 0;
    if (this.held || !this.dirty) return this.flying ?? Promise.resolve();
    this.flying ??= this.once().finally(() => (this.flying = null));
    return this.flying;
  }

  private async once(): Promise<void> {
    const words = this.words;
    const answer = await this.send(words, this.over);
    if (answer.kind === "kept") return this.kept(words, answer.over, answer.at);
    if (answer.kind === "away") {
      this.told.away();
      this.later(this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_MS);
      return;
    }
    this.held = true;
    if (answer.kind === "moved") this.told.moved();
    else this.told.refused(answer.text);
  }

  private async kept(words: string, over: string, at: string): Promise<void> {
    this.saved = words;
    this.over = over;
    this.pause = PAUSE_MS;
    if (this.dirty) {
      await this.drafts.put(this.item, { words: this.words, over });
      this.later(PAUSE_MS);
      return;
    }
    await this.drafts.remove(this.item);
    this.told.kept(at);
  }
}
