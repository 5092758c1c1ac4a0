import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { INTERVALS, Watchdog, type Open } from "../src/watchdog";

type Ears = Parameters<Open>[1];

const HB = 10_000;

describe("watchdog", () => {
  let opened: { last: string; ears: Ears; closed: boolean }[];
  let events: string[];
  let calm: boolean[];
  let dog: Watchdog;

  beforeEach(() => {
    vi.useFakeTimers();
    [opened, events, calm] = [[], [], []];
    const open: Open = (last, ears) => {
      const stream = { last, ears, closed: false };
      opened.push(stream);
      return { close: () => void (stream.closed = true) };
    };
    const heard = { event: (name: string) => void events.push(name), line: (well: boolean) => void calm.push(well) };
    const timers = {
      set: (run: () => void, ms: number) => setTimeout(run, ms) as unknown as number,
      clear: (timer: number) => clearTimeout(timer),
      random: () => 0.5,
    };
    dog = new Watchdog(open, heard, timers, HB, "7");
    dog.start();
  });
  afterEach(() => vi.useRealTimers());

  const newest = () => opened[opened.length - 1]!;

  it("opens again after two and a half intervals of silence, from the number heard last", () => {
    newest().ears.open();
    newest().ears.event("agenda", "{}", "9");
    vi.advanceTimersByTime(HB * INTERVALS - 1);
    expect(opened).toHaveLength(1);
    vi.advanceTimersByTime(1 + 1000);
    expect(opened.map((one) => one.last)).toEqual(["7", "9"]);
    expect(opened[0]!.closed).toBe(true);
  });

  it("is content with heartbeats alone and passes none on", () => {
    newest().ears.open();
    for (let beat = 0; beat < 20; beat++) {
      vi.advanceTimersByTime(HB);
      newest().ears.event("hb", "", "");
    }
    expect(opened).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it("drops what it heard before", () => {
    newest().ears.event("roll", "{}", "8");
    newest().ears.event("roll", "{}", "8");
    newest().ears.event("roll", "{}", "6");
    expect(events).toEqual(["roll"]);
    expect(dog.last).toBe("8");
  });

  it("says that it is coming back only after the second failure, and is calm again at once", () => {
    newest().ears.fail();
    expect(calm).toEqual([]);
    vi.advanceTimersByTime(1000);
    newest().ears.fail();
    expect(calm).toEqual([false]);
    vi.advanceTimersByTime(2000);
    newest().ears.open();
    expect(calm).toEqual([false, true]);
  });

  it("waits longer after each failure, ten seconds at most", () => {
    for (const pause of [1000, 2000, 4000, 8000, 10_000, 10_000]) {
      const before = opened.length;
      newest().ears.fail();
      vi.advanceTimersByTime(pause - 1);
      expect(opened).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(opened).toHaveLength(before + 1);
    }
  });

  it("hears nothing of a stream that it has given up", () => {
    const old = newest();
    dog.start();
    old.ears.fail();
    old.ears.event("agenda", "{}", "99");
    expect([events, dog.last, opened.length]).toEqual([[], "7", 2]);
  });

  it("stays closed when stopped", () => {
    dog.stop();
    vi.advanceTimersByTime(HB * 10);
    expect(opened).toHaveLength(1);
    expect(dog.running).toBe(false);
  });
});
