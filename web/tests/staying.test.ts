import { describe, expect, it } from "vitest";
import { firstMode, PoorLine, POOR_MS } from "../src/modes";
import { rejoin, TEN_MINUTES, type Tried } from "../src/rejoin";

function clock() {
  let now = 0;
  return { now: () => now, random: () => 0.5, sleep: async (ms: number) => void (now += ms) };
}

describe("coming back", () => {
  it("takes a new ticket until it is in", async () => {
    const answers: Tried[] = ["later", "later", "in"];
    expect(await rejoin(async () => answers.shift()!, () => true, clock())).toBe("in");
    expect(answers).toEqual([]);
  });

  it("gives up after ten minutes", async () => {
    const time = clock();
    let tries = 0;
    expect(await rejoin(async () => (tries++, "later"), () => true, time)).toBe("later");
    expect(time.now()).toBeGreaterThanOrEqual(TEN_MINUTES);
    expect(tries).toBeGreaterThan(60);
    expect(tries).toBeLessThan(90);
  });

  it("stops at a no, and when the person left", async () => {
    expect(await rejoin(async () => "never", () => true, clock())).toBe("never");
    let tries = 0;
    await rejoin(async () => (tries++, "later"), () => tries < 2, clock());
    expect(tries).toBe(2);
  });
});

describe("modes", () => {
  it("begins with sound alone where data is dear or slow", () => {
    expect(firstMode(undefined)).toBe("picture");
    expect(firstMode({ effectiveType: "4g" })).toBe("picture");
    for (const effectiveType of ["slow-2g", "2g", "3g"]) expect(firstMode({ effectiveType })).toBe("sound");
    expect(firstMode({ saveData: true, effectiveType: "4g" })).toBe("sound");
  });

  it("steps down after ten poor seconds without a break", () => {
    let now = 0;
    const line = new PoorLine(() => now);
    expect(line.see(true)).toBe(false);
    now = POOR_MS - 1;
    expect(line.see(true)).toBe(false);
    expect(line.see(false)).toBe(false);
    now += 2;
    expect(line.see(true)).toBe(false);
    now += POOR_MS;
    expect(line.see(true)).toBe(true);
  });
});
