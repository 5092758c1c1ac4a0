import { describe, expect, it } from "vitest";
import { codeOf, sha256 } from "../src/blind";
import vectors from "./rfc9474.json";
import { Booth, type Kept, type Line, type Mark, type Phase } from "../src/booth";

const { n, d } = vectors[0]!;

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let left = exponent, square = base % modulus; left > 0n; left >>= 1n, square = (square * square) % modulus)
    if (left & 1n) result = (result * square) % modulus;
  return result;
}

/** A server in memory, honest unless told otherwise. */
async function server() {
  const state = {
    phase: "issuing" as Phase,
    modulus: n,
    key: await sha256(n),
    entitled: true,
    blinded: null as string | null,
    slips: new Map<string, string>(),
    lost: 0,
    held: 0,
    spoil: false,
    sent: [] as string[],
  };
  const line: Line = {
    async named(_, body) {
      if (!body) return { status: 200, body: { ...state } };
      if (state.lost-- > 0) throw new TypeError("no line");
      const blinded = (body as { blinded: string }).blinded;
      if (state.blinded && state.blinded !== blinded) return { status: 409, body: { title: "another" } };
      state.blinded = blinded;
      const number = state.spoil ? 5n : BigInt(`0x${blinded}`);
      return { status: 200, body: { signed: power(number, BigInt(`0x${d}`), BigInt(`0x${n}`)).toString(16).padStart(1024, "0") } };
    },
    async nameless(path, body) {
      state.sent.push(path);
      const { serial, mark, receipt } = body as Record<string, string>;
      if (path.endsWith("receipts")) {
        const receipts = await Promise.all([...state.slips.keys()].map(sha256));
        return { status: 200, body: { counted: receipts.includes(receipt!) } };
      }
      if (state.phase !== "casting") return { status: 409, body: { title: "over" } };
      if (state.held-- > 0) return { status: 200, body: { recorded: false } };
      state.slips.set(serial!, mark!);
      return { status: 200, body: { recorded: true } };
    },
  };
  return { state, line };
}

async function phone() {
  const { state, line } = await server();
  let kept: Kept = {};
  const drawer = { read: () => kept, write: (now: Kept) => void (kept = now) };
  const naps: number[] = [];
  const sleep = async (ms: number): Promise<void> => void naps.push(ms);
  return { state, naps, kept: () => kept, booth: new Booth("v", line, drawer, { sleep, random: () => 0.5 }) };
}

describe("a booth", () => {
  it("compares, takes, waits, chooses, is recorded, is counted and forgets", async () => {
    const { state, booth, kept, naps } = await phone();
    expect(await booth.stand()).toEqual({ at: "compare", code: codeOf(await sha256(n)) });
    expect(await booth.take()).toEqual({ at: "ready" });
    expect(kept().token?.inverse).toBe("");
    state.phase = "casting";
    expect(await booth.stand()).toEqual({ at: "choose" });
    state.held = 2;
    expect(await booth.cast("a" as Mark)).toEqual({ at: "recorded" });
    expect(naps).toHaveLength(3); // once before it is sent, once for each time it was held
    expect([...state.slips.values()]).toEqual(["a"]);
    state.phase = "closed";
    expect(await booth.stand()).toEqual({ at: "counted" });
    expect(kept()).toEqual({ done: true });
    expect(state.sent.filter((path) => path.includes("votes"))).toEqual([]);
  });

  it("asks again with the same number after a lost answer", async () => {
    const { state, booth, kept } = await phone();
    state.lost = 1;
    await expect(booth.take()).rejects.toThrow("no line");
    const before = kept().token!.blinded;
    expect(await booth.stand()).toEqual({ at: "ready" });
    expect(state.blinded).toBe(before);
  });

  it("stops at a key that is not the one named, at another than before, and when the member says so", async () => {
    const tagged = await phone();
    tagged.state.modulus = n.replace(/.$/, n.endsWith("1") ? "3" : "1");
    expect(await tagged.booth.stand()).toEqual({ at: "wrong_key" });
    const changed = await phone();
    await changed.booth.take();
    changed.state.modulus = n.replace(/.$/, n.endsWith("1") ? "3" : "1");
    changed.state.key = await sha256(changed.state.modulus);
    expect(await changed.booth.stand()).toEqual({ at: "wrong_key" });
    const told = await phone();
    expect(told.booth.differs()).toEqual({ at: "wrong_key" });
    expect(await told.booth.stand()).toEqual({ at: "wrong_key" });
  });

  it("keeps no signature that is none of the key", async () => {
    const { state, booth, kept } = await phone();
    state.spoil = true;
    await expect(booth.take()).rejects.toThrow();
    expect(kept().signature).toBeUndefined();
  });

  it("says where somebody stands who cannot vote here", async () => {
    const { state, booth } = await phone();
    state.blinded = "00";
    expect(await booth.stand()).toEqual({ at: "another_phone" });
    state.blinded = null;
    state.phase = "casting";
    expect(await booth.stand()).toEqual({ at: "too_late" });
    state.entitled = false;
    expect(await booth.stand()).toEqual({ at: "not_yours" });
    state.phase = "set_aside";
    expect(await booth.stand()).toEqual({ at: "paper" });
    state.phase = "closed";
    expect(await booth.stand()).toEqual({ at: "over" });
  });

  it("the first choice stands, also when it is sent again", async () => {
    const { state, booth } = await phone();
    await booth.take();
    state.phase = "casting";
    await booth.cast("f");
    await booth.cast("a");
    expect([...state.slips.values()]).toEqual(["f"]);
  });
});
