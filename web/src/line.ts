// The line of a device in words.

export type Verdict = "line_good" | "line_slow" | "line_poor" | "line_none";

/** By the middle of the round trips that came back, in ms; a line that loses some is poor. */
export function verdict(trips: (number | null)[]): Verdict {
  const back = trips.filter((trip): trip is number => trip !== null).sort((one, other) => one - other);
  if (back.length === 0) return "line_none";
  const middle = back[Math.floor(back.length / 2)]!;
  if (back.length < trips.length || middle > 1500) return "line_poor";
  return middle > 500 ? "line_slow" : "line_good";
}
