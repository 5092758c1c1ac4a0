// What a person sends is kept on the device until the server has said that it has it; then it is erased.

export interface Parcel {
  id: string;
  /** Whose it is: on a phone that several people use nobody sends for another. */
  who: string;
  url: string;
  body: Record<string, unknown>;
  /** What it is about, such as a vote: the page shows the answer there. */
  about: string;
  /** Device time in ms. */
  at: number;
}

export interface Shelf {
  put(parcel: Parcel): Promise<void>;
  all(): Promise<Parcel[]>;
  remove(id: string): Promise<void>;
}

export type Post = (parcel: Parcel) => Promise<{ status: number; body: unknown }>;

export interface Told {
  delivered(parcel: Parcel, answer: unknown): void;
  refused(parcel: Parcel, status: number, answer: unknown): void;
  waiting(parcels: Parcel[]): void;
}

export interface Pace {
  sleep(ms: number): Promise<void>;
  random(): number;
}

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;
const AGAIN = new Set([408, 425, 429]);

/** Whether the server may answer otherwise later. */
export function passing(status: number): boolean {
  return status >= 500 || AGAIN.has(status);
}

export class Outbox {
  private busy = false;
  private again = false;
  private pause = FIRST_PAUSE;
  private wake: (() => void) | null = null;

  constructor(
    private readonly shelf: Shelf,
    private readonly post: Post,
    private readonly told: Told,
    private readonly pace: Pace,
  ) {}

  /** Keeps it first, then sends. */
  async add(parcel: Parcel): Promise<void> {
    await this.shelf.put(parcel);
    this.hurry();
  }

  /** The line is back: no more waiting. */
  hurry(): void {
    this.pause = FIRST_PAUSE;
    this.wake?.();
    void this.run();
  }

  /** Reads the shelf anew until it is empty: what came meanwhile is sent as well. */
  async run(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      do {
        this.again = false;
        await this.empty();
      } while (this.again);
    } finally {
      this.busy = false;
    }
  }

  private async empty(): Promise<void> {
    for (;;) {
      const waiting = (await this.shelf.all()).sort((one, other) => one.at - other.at);
      const next = waiting[0];
      if (!next) return;
      if (await this.send(next)) {
        this.pause = FIRST_PAUSE;
        continue;
      }
      this.told.waiting(waiting);
      await this.rest();
    }
  }

  private async send(parcel: Parcel): Promise<boolean> {
    let answer: { status: number; body: unknown };
    try {
      answer = await this.post(parcel);
    } catch {
      return false;
    }
    if (passing(answer.status)) return false;
    await this.shelf.remove(parcel.id);
    if (answer.status < 300) this.told.delivered(parcel, answer.body);
    else this.told.refused(parcel, answer.status, answer.body);
    return true;
  }

  private async rest(): Promise<void> {
    const ms = this.pause * (0.5 + this.pace.random());
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    await Promise.race([this.pace.sleep(ms), new Promise<void>((wake) => (this.wake = wake))]);
    this.wake = null;
  }
}

/** A version 4 UUID, also where `crypto.randomUUID` is missing (Safari before 15.4, Chrome before 92). */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
