// What the page says, in its own language: the server puts it there.

const found = typeof document === "undefined" ? null : document.getElementById("words");
const words: Record<string, string> = found ? JSON.parse(found.textContent ?? "{}") : {};

export function say(name: string, values: Record<string, string> = {}): string {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

export function one<T extends HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector);
}

/** Shows a text in an element, or hides it where there is nothing to say. */
export function show(selector: string, text: string): void {
  const place = one(selector);
  if (!place) return;
  if (place.textContent !== text) place.textContent = text;
  place.hidden = text === "";
}
