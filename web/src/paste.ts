// Words to be sent on: copied by one tap, or handed to another app. Without this script they are selected by hand.
import { one } from "./words";

/** Where the clipboard is closed, as it is over plain http, the words are selected and copied as by hand. */
async function copied(words: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(words);
    return document.execCommand("copy");
  }
}

function offer(place: HTMLElement): void {
  const words = one(".paste", place);
  const copy = one("[data-copy]", place);
  const share = one("[data-share]", place);
  const said = one("[data-said]", place);
  if (!words || !copy || !share || !said) return;
  copy.hidden = false;
  copy.addEventListener("click", () => void copied(words).then((done) => (said.hidden = !done)));
  share.hidden = typeof navigator.share !== "function";
  share.addEventListener("click", () => void navigator.share({ text: words.textContent ?? "" }).catch(() => undefined)); // put off
  for (const hint of place.querySelectorAll<HTMLElement>("[data-byhand]")) hint.hidden = true;
}

export function offerCopies(): void {
  document.querySelectorAll<HTMLElement>("[data-paste]").forEach(offer);
}
