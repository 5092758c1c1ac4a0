import { describe, expect, it } from "vitest";
import { newId, Outbox, passing, type Parcel, type Post } from "../src/outbox";
import { Remembered } from "../src/shelf";

function parcel(id: string, at: number): Parcel {
  return { id, who: "me", url: "/votes/1/ballots", body: { id }, about: "1", at };
}

function desk(post: Post) {
  const shelf = new Remembered();
  const said: string[] = [];
  const naps: number[] = [];
  const told = {
    delivered: (one: Parcel) => void said.push(`in ${one.id}`),
    refused: (one: Parcel, status: number) => void said.push(`no ${one.id} ${status}`),
    waiting: (all: Parcel[]) => void said.push(`waiting ${all.length}`),
  };
  const sleep = async (ms: number): Promise<void> => void naps.push(ms);
  return { shelf, said, naps, outbox: new Outbox(shelf, post, told, { sleep, random: () => 0.5 }) };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}

describe("outbox", () => {
  it("keeps before it sends and erases at acknowledgement, before the page is told", async () => {
    let kept = 0;
    const { shelf, said, outbox } = desk(async () => {
      kept = (await shelf.all()).length;
      return { status: 200, body: {} };
    });
    await outbox.add(parcel("a", 1));
    await settled();
    expect([kept, await shelf.all(), said]).toEqual([1, [], ["in a"]]);
  });

  it("tries again after a lost line and after a busy server, with the same id", async () => {
    const seen: string[] = [];
    const { said, naps, outbox } = desk(async (one) => {
      seen.push(one.id);
      if (seen.length === 1) throw new TypeError("no line");
      return { status: seen.length === 2 ? 503 : 200, body: {} };
    });
    await outbox.add(parcel("a", 1));
    await settled();
    expect(seen).toEqual(["a", "a", "a"]);
    expect(said).toEqual(["waiting 1", "waiting 1", "in a"]);
    expect(naps).toEqual([300, 600]);
  });

  it("says a refusal once and goes on with the next", async () => {
    const { shelf, said, outbox } = desk(async (one) => ({ status: one.id === "a" ? 409 : 200, body: {} }));
    await shelf.put(parcel("a", 1));
    await outbox.add(parcel("b", 2));
    await settled();
    expect(said).toEqual(["no a 409", "in b"]);
    expect(await shelf.all()).toEqual([]);
  });

  it("sends in the order in which people chose", async () => {
    const seen: string[] = [];
    const { shelf, outbox } = desk(async (one) => (seen.push(one.id), { status: 200, body: {} }));
    await shelf.put(parcel("later", 20));
    await shelf.put(parcel("earlier", 10));
    await outbox.run();
    expect(seen).toEqual(["earlier", "later"]);
  });

  it("leaves nothing behind that came while it was sending", async () => {
    const { shelf, said, outbox } = desk(async (one) => {
      if (one.id === "a") void outbox.add(parcel("b", 2));
      return { status: 200, body: {} };
    });
    await outbox.add(parcel("a", 1));
    await settled();
    expect(said).toEqual(["in a", "in b"]);
    expect(await shelf.all()).toEqual([]);
  });

  it("hurries when the line is back", async () => {
    let line = false;
    const shelf = new Remembered();
    const said: string[] = [];
    const told = { delivered: () => void said.push("in"), refused: () => undefined, waiting: () => undefined };
    const post: Post = async () => {
      if (!line) throw new TypeError("no line");
      return { status: 200, body: {} };
    };
    const outbox = new Outbox(shelf, post, told, { sleep: () => new Promise(() => undefined), random: () => 0 });
    await outbox.add(parcel("a", 1));
    await settled();
    line = true;
    outbox.hurry();
    await settled();
    expect(said).toEqual(["in"]);
  });

  it("takes only these answers for passing", () => {
    expect([408, 425, 429, 500, 502, 503].every(passing)).toBe(true);
    expect([200, 400, 401, 403, 404, 409, 422].some(passing)).toBe(false);
  });

  it("makes ids of version 4, also without randomUUID", () => {
    const version4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const known = crypto.randomUUID;
    expect(newId()).toMatch(version4);
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    expect(newId()).toMatch(version4);
    Object.defineProperty(crypto, "randomUUID", { value: known, configurable: true });
  });
});
