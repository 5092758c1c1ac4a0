// Comes back into the room for ten minutes, each time with a new ticket.

export const TEN_MINUTES = 600_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

/** `never`: the server said no for good, so trying again is of no use. */
export type Tried = "in" | "later" | "never";

/** Raises nothing. "later": ten minutes are over. `wanted` says whether the person still wants to be in. */
export async function rejoin(enter: () => Promise<Tried>, wanted: () => boolean, clock: Clock): Promise<Tried> {
  const began = clock.now();
  let pause = FIRST_PAUSE;
  while (wanted() && clock.now() - began < TEN_MINUTES) {
    const tried = await enter();
    if (tried !== "later") return tried;
    await clock.sleep(pause * (0.5 + clock.random()));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
  return "later";
}
