// Beside the console of an open sitting in a hall: the device has it too, as of the last act.
import { taken } from "./along";
import { openCupboard } from "./cupboard";
import { show } from "./words";

const PATIENCE_MS = 30_000; // nobody waits for it

/** Once on opening the page: every act of the console opens it anew. What was begun on the device is left alone. */
export async function keepAlong(place: HTMLElement): Promise<void> {
  const { meeting = "", said = "" } = place.dataset;
  const cupboard = await openCupboard();
  const who = document.body.dataset.me ?? "";
  await cupboard.own(who);
  const found = await taken(cupboard, who, meeting, "", PATIENCE_MS);
  show("[data-along]", typeof found === "string" ? found : said);
}
