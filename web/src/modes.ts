// How much of the line the room uses. It goes down by itself, and up only by the person's tap.

export type Mode = "picture" | "sound" | "follow";

export const POOR_MS = 10_000;

interface Line {
  saveData?: boolean;
  effectiveType?: string;
}

/** What to begin with: pictures only where the browser says nothing against it. */
export function firstMode(line: Line | undefined): Mode {
  if (line?.saveData || /^(slow-2g|2g|3g)$/.test(line?.effectiveType ?? "")) return "sound";
  return "picture";
}

/** Tells when the line has been poor for so long that pictures have to go. */
export class PoorLine {
  private since: number | null = null;

  constructor(private readonly now: () => number) {}

  /** `poor`: as it is at this moment. True once it has been so for ten seconds. */
  see(poor: boolean): boolean {
    if (!poor) {
      this.since = null;
      return false;
    }
    this.since ??= this.now();
    return this.now() - this.since >= POOR_MS;
  }
}
