// A stream of events that notices its own silence: EventSource tells nothing of a line that swallows everything.

/** How long nothing may come, in intervals of the server's `hb`. */
export const INTERVALS = 2.5;
export const QUIET_TRIES = 2;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 10_000;

export interface Stream {
  close(): void;
}

export interface Heard {
  event(name: string, data: string): void;
  /** `calm`: nothing to say; not calm: "Đang nối lại…". */
  line(calm: boolean): void;
}

export type Open = (last: string, ears: { open(): void; event(name: string, data: string, id: string): void; fail(): void }) => Stream;

export interface Timers {
  set(run: () => void, ms: number): number;
  clear(timer: number): void;
  random(): number;
}

/** Opens the stream, and again after silence, from the number it heard last. */
export class Watchdog {
  private stream: Stream | null = null;
  private timer = 0;
  private pause = FIRST_PAUSE;
  private failures = 0;
  private turn = 0;

  constructor(
    private readonly open: Open,
    private readonly heard: Heard,
    private readonly timers: Timers,
    private readonly interval: number,
    public last: string,
  ) {}

  /** At once; whatever was open before is closed. */
  start(): void {
    this.stop();
    const turn = ++this.turn;
    const mine = (act: () => void) => () => { if (turn === this.turn) act(); };
    this.stream = this.open(this.last, {
      open: mine(() => this.alive()),
      event: (name, data, id) => mine(() => this.take(name, data, id))(),
      fail: mine(() => this.lost()),
    });
    this.watch(this.interval * INTERVALS, () => this.lost());
  }

  stop(): void {
    this.turn++;
    this.timers.clear(this.timer);
    this.stream?.close();
    this.stream = null;
  }

  get running(): boolean {
    return this.stream !== null;
  }

  private alive(): void {
    this.failures = 0;
    this.pause = FIRST_PAUSE;
    this.heard.line(true);
    this.watch(this.interval * INTERVALS, () => this.lost());
  }

  private take(name: string, data: string, id: string): void {
    if (id && Number(id) <= Number(this.last) && name !== "reset") return this.alive(); // told twice
    if (id) this.last = id;
    this.alive();
    if (name !== "hb") this.heard.event(name, data);
  }

  private lost(): void {
    this.stop();
    this.failures++;
    if (this.failures >= QUIET_TRIES) this.heard.line(false);
    const ms = this.pause * (0.5 + this.timers.random()); // ±50 %, so that forty phones do not come back at once
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    this.watch(ms, () => this.start());
  }

  private watch(ms: number, act: () => void): void {
    this.timers.clear(this.timer);
    this.timer = this.timers.set(act, ms);
  }
}
