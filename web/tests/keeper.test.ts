import { describe, expect, it } from "vitest";
import { inMemory } from "../src/drafts";
import { Keeper, PAUSE_MS, type Answer } from "../src/keeper";
import { minutes } from "../src/timer";

function last(all: string[]): string | undefined {
  return all[all.length - 1];
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

function desk(answers: Answer[]) {
  const sent: string[] = [];
  const said: string[] = [];
  const drafts = inMemory();
  let due: (() => void) | null = null;
  const naps: number[] = [];
  const send = async (words: string, over: string): Promise<Answer> => {
    sent.push(`${over || "-"}:${words}`);
    return answers.shift() ?? { kind: "away" };
  };
  const told = {
    typing: () => void said.push("typing"),
    kept: () => void said.push("kept"),
    away: () => void said.push("away"),
    moved: () => void said.push("moved"),
    refused: (text: string) => void said.push(text),
  };
  const clock = {
    set(run: () => void, ms: number): number {
      due = run;
      naps.push(ms);
      return 1;
    },
    clear(): void {
      due = null;
    },
  };
  const keeper = new Keeper("a", "", "", send, drafts, told, clock);
  const pass = async (): Promise<void> => {
    due?.();
    await settled();
  };
  return { keeper, sent, said, drafts, naps, pass };
}

describe("words of the recorder", () => {
  it("stay on the device until the server has them, then leave it", async () => {
    const { keeper, sent, said, drafts, pass } = desk([{ kind: "kept", over: "1", at: "" }]);
    keeper.typed("một");
    await settled();
    expect([await drafts.get("a"), sent]).toEqual([{ words: "một", over: "" }, []]);
    await pass();
    expect([sent, said, await drafts.get("a"), keeper.dirty]).toEqual([["-:một"], ["typing", "kept"], null, false]);
  });

  it("are kept every few seconds though somebody types on, each over the last", async () => {
    const { keeper, sent, naps, pass } = desk([
      { kind: "kept", over: "1", at: "" },
      { kind: "kept", over: "2", at: "" },
    ]);
    for (const words of ["m", "mộ", "một"]) keeper.typed(words);
    expect(naps).toEqual([PAUSE_MS]);
    await pass();
    keeper.typed("một hai");
    await pass();
    expect(sent).toEqual(["-:một", "1:một hai"]);
  });

  it("wait without a line and go when it is back", async () => {
    const { keeper, said, drafts, pass } = desk([{ kind: "away" }, { kind: "kept", over: "1", at: "" }]);
    keeper.typed("một");
    await pass();
    expect([last(said), await drafts.get("a")]).toEqual(["away", { words: "một", over: "" }]);
    keeper.hurry();
    await settled();
    expect([last(said), await drafts.get("a")]).toEqual(["kept", null]);
  });

  it("are never written over another's until a person says so", async () => {
    const { keeper, sent, said, pass } = desk([{ kind: "moved" }, { kind: "kept", over: "9", at: "" }]);
    keeper.typed("của tôi");
    await pass();
    keeper.typed("của tôi nữa");
    keeper.hurry();
    await keeper.flush();
    expect([sent, last(said), keeper.waits]).toEqual([["-:của tôi"], "moved", true]);
    keeper.insist("8");
    await settled();
    expect([last(sent), keeper.over, keeper.dirty]).toEqual(["8:của tôi nữa", "9", false]);
  });

  it("give way where the other words are taken", async () => {
    const { keeper, drafts, pass } = desk([{ kind: "moved" }]);
    keeper.typed("của tôi");
    await pass();
    keeper.take("của đồng chí kia", "7");
    await settled();
    expect([keeper.dirty, keeper.waits, keeper.over, await drafts.get("a")]).toEqual([false, false, "7", null]);
  });

  it("that the server refuses are said so and stay on the device", async () => {
    const { keeper, said, drafts, pass } = desk([{ kind: "refused", text: "Biên bản đã thông qua" }]);
    keeper.typed("một");
    await pass();
    expect([last(said), (await drafts.get("a"))?.words]).toEqual(["Biên bản đã thông qua", "một"]);
  });
});

describe("the timer of an item", () => {
  it("counts whole minutes by the server's clock, whatever the device's says", () => {
    expect(minutes("2026-11-24T12:30:00Z", "2026-11-24T19:41:59+07:00", 0)).toBe(11);
    expect(minutes("2026-11-24T12:30:00Z", "2026-11-24T19:41:59+07:00", 61_000)).toBe(13);
    expect(minutes("2026-11-24T12:30:00Z", "2026-11-24T19:29:00+07:00", 0)).toBe(0);
  });
});
