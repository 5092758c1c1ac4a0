// One member's way through a secret vote: compare the key, get a ballot, cast it without a name, ask whether it counts.
import { blind, codeOf, finish, sha256, type Blinded } from "./blind";

export type Phase = "issuing" | "casting" | "closed" | "set_aside";
export type Mark = "f" | "a" | "n";

/** What the server tells whoever is signed in. */
export interface Told {
  phase: Phase;
  modulus: string;
  key: string;
  entitled: boolean;
  blinded: string | null;
}

/** What the phone keeps of one vote; all of it but `done` is erased once the ballot is known to be counted. */
export interface Kept {
  modulus?: string;
  token?: Blinded;
  signature?: string;
  mark?: Mark;
  recorded?: boolean;
  stopped?: boolean;
  done?: boolean;
}

export interface Line {
  /** As the member. Throws where there is no line. */
  named(path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Without cookies. */
  nameless(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }>;
}

export interface Drawer {
  read(): Kept;
  write(kept: Kept): void;
}

export type Stand =
  | { at: "not_yours" | "another_phone" | "wrong_key" | "paper" | "too_late" | "over" | "ready" | "held" | "recorded" }
  | { at: "compare"; code: string }
  | { at: "choose" }
  | { at: "counted" | "not_counted" }
  | { at: "refused"; title: string };

const LONGEST_DELAY_MS = 6000; // so that the order of arrival is not the order of pressing
const AGAIN_MS = 4000;

export class Booth {
  constructor(
    private readonly vote: string,
    private readonly line: Line,
    private readonly drawer: Drawer,
    private readonly pace: { sleep(ms: number): Promise<void>; random(): number },
  ) {}

  /** Where the member stands now. */
  async stand(): Promise<Stand> {
    const kept = this.drawer.read();
    if (kept.done) return { at: "counted" };
    if (kept.stopped) return { at: "wrong_key" };
    const told = await this.told();
    const fingerprint = await sha256(told.modulus);
    // One key for everybody: the server may not show this phone another than it showed before, or than it names.
    if (fingerprint !== told.key || (kept.modulus && kept.modulus !== told.modulus)) return { at: "wrong_key" };
    if (told.phase === "set_aside") return { at: "paper" };
    if (told.phase === "closed") return this.after(kept);
    if (!told.entitled) return { at: "not_yours" };
    if (!kept.token) {
      if (told.blinded) return { at: "another_phone" };
      return told.phase === "issuing" ? { at: "compare", code: codeOf(fingerprint) } : { at: "too_late" };
    }
    if (!kept.signature) return this.fetchSignature(told);
    if (told.phase === "issuing") return { at: "ready" };
    if (!kept.mark) return { at: "choose" };
    return { at: kept.recorded ? "recorded" : "held" };
  }

  /** The member says that the code is the one on the room's screen. */
  async take(): Promise<Stand> {
    const told = await this.told();
    const kept = this.drawer.read();
    if (!kept.token) this.drawer.write({ modulus: told.modulus, token: await blind(told.modulus) }); // before it is sent
    return this.stand();
  }

  /** The member says that it is another: this phone takes no part in the question any more. */
  differs(): Stand {
    this.drawer.write({ stopped: true });
    return { at: "wrong_key" };
  }

  /** Sends the ballot until it is recorded or refused. The first choice stands. */
  async cast(mark: Mark): Promise<Stand> {
    const kept = this.drawer.read();
    if (!kept.token || !kept.signature) return this.stand();
    this.drawer.write({ ...kept, mark: kept.mark ?? mark });
    await this.pace.sleep(LONGEST_DELAY_MS * this.pace.random());
    return this.send();
  }

  /** Goes on with a ballot that is not recorded yet. */
  async send(): Promise<Stand> {
    for (;;) {
      const kept = this.drawer.read();
      if (!kept.token || !kept.signature || !kept.mark) return this.stand();
      const { serial, prefix } = kept.token;
      const slip = { vote: this.vote, serial, prefix, signature: kept.signature, mark: kept.mark };
      const answer = await this.line.nameless("/api/v1/secret-ballots", slip).catch(() => ({ status: 0, body: {} as Record<string, unknown> }));
      if (answer.status === 200 && answer.body.recorded === true) {
        this.drawer.write({ ...kept, recorded: true });
        return { at: "recorded" };
      }
      if (answer.status >= 400 && answer.status < 500 && ![408, 425, 429].includes(answer.status))
        return { at: "refused", title: String(answer.body.title ?? "") };
      await this.pace.sleep(AGAIN_MS * (0.5 + this.pace.random()));
    }
  }

  private async told(): Promise<Told> {
    const answer = await this.line.named(`/api/v1/votes/${this.vote}/secret`);
    if (answer.status !== 200) throw new TypeError(String(answer.status));
    return answer.body as unknown as Told;
  }

  private async fetchSignature(told: Told): Promise<Stand> {
    const kept = this.drawer.read();
    const answer = await this.line.named(`/api/v1/votes/${this.vote}/secret/token`, { blinded: kept.token!.blinded });
    if (answer.status !== 200) return { at: "refused", title: String(answer.body.title ?? "") };
    const signature = finish(told.modulus, kept.token!, String(answer.body.signed));
    this.drawer.write({ ...kept, token: { ...kept.token!, inverse: "" }, signature });
    return this.stand();
  }

  /** After counting: the receipt is asked for without a name, then the phone forgets the ballot. */
  private async after(kept: Kept): Promise<Stand> {
    if (!kept.token || !kept.mark) return { at: "over" };
    const receipt = await sha256(kept.token.serial);
    const answer = await this.line.nameless("/api/v1/secret-receipts", { vote: this.vote, receipt });
    if (answer.status !== 200) throw new TypeError(String(answer.status));
    if (answer.body.counted !== true) return { at: "not_counted" };
    this.drawer.write({ done: true });
    return { at: "counted" };
  }
}
