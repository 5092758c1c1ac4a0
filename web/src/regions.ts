// Brings what the server shows now into the page, part by part; a part that somebody is busy with stays.

function busy(part: Element): boolean {
  return part instanceof HTMLElement && "waiting" in part.dataset;
}

function parts(place: Element): Map<string, Element> {
  return new Map([...place.children].map((child) => [child.id, child]));
}

/** Whether anything changed. Parts are told apart by id, and by `data-key` whether they changed. */
function bring(place: Element, fresh: Element): boolean {
  const here = parts(place);
  const there = parts(fresh);
  let changed = false;
  for (const [id, part] of here)
    if (!there.has(id) && !busy(part)) {
      part.remove();
      changed = true;
    }
  for (const [id, part] of there) {
    const old = here.get(id);
    const elsewhere = document.getElementById(id);
    if (!old && elsewhere && busy(elsewhere)) continue;
    if (!old) place.append(part);
    else if (old.getAttribute("data-key") === part.getAttribute("data-key") || busy(old)) continue;
    else swap(old, part);
    changed = true;
  }
  return changed;
}

function swap(old: Element, part: Element): void {
  const focused = old.contains(document.activeElement);
  const opened = old.querySelector("details")?.open ?? false;
  old.replaceWith(part);
  const details = part.querySelector("details");
  if (details) details.open = opened;
  if (focused) part.querySelector<HTMLElement>("button, summary, a")?.focus();
}

/** Raises TypeError where there is no line. Answers whether anything changed. */
export async function refresh(path: string): Promise<boolean> {
  const answer = await fetch(path, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!answer.ok) return false;
  const text = (await answer.text()).replace(/<style[\s\S]*?<\/style>/, ""); // its nonce is not this page's
  const page = new DOMParser().parseFromString(text, "text/html");
  let changed = false;
  for (const place of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(place.id);
    if (fresh && bring(place, fresh)) changed = true;
  }
  return changed;
}
