// A refused form was answered to a POST, and going back to such a page asks whether to send the form again. It becomes an
// ordinary page of the history; what was typed waits in this tab's history alone, for the same person.

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Typed = Record<string, string | boolean>;

const FIELDS = "input:not([type=hidden], [type=password], [type=file]), select, textarea";

const box = (field: Field): field is HTMLInputElement => /^(checkbox|radio)$/.test(field.type);

function name(field: Field): string {
  return [field.form?.getAttribute("action"), field.name, box(field) ? field.value : ""].join(" ");
}

/** Words that the recorder's own script keeps are left to it, and what somebody chose in a vote is never kept. */
function fields(): Field[] {
  const all = [...document.querySelectorAll<Field>(FIELDS)];
  const left = (form: HTMLFormElement): boolean => "writing" in form.dataset || form.dataset.enhance === "ballot";
  return all.filter((field) => field.name && field.form && !left(field.form));
}

/** Once, when a page opens. */
export function comeBack(me: string): void {
  const page = document.body.dataset.refused;
  if (page) {
    const typed: Typed = Object.fromEntries(fields().map((field) => [name(field), box(field) ? field.checked : field.value]));
    history.replaceState({ me, typed }, "", page);
    return;
  }
  const kept = history.state as { me: string; typed: Typed } | null;
  if (kept?.me !== me || !kept.typed) return;
  for (const field of fields()) {
    const value = kept.typed[name(field)];
    if (typeof value === "boolean") (field as HTMLInputElement).checked = value;
    else if (value !== undefined) field.value = value;
  }
}
