// Small parts of pages, made by hand: text is text, never markup.

export type Part = Node | string | null | false;
type Told = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

export function h(name: string, told: Told = {}, ...parts: Part[]): HTMLElement {
  const [tag = "div", ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(told)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...parts.filter((part): part is Node | string => part !== null && part !== false && part !== ""));
  return made;
}

export function button(look: string, text: string, press: () => void): HTMLElement {
  return h(`button.btn.${look}`, { type: "button", click: press }, text);
}

/** A labelled field; `typed` is told at every change. */
export function field(id: string, label: string, control: HTMLElement, hint = ""): HTMLElement {
  control.id = id;
  return h("div.field", {}, h("label", { for: id }, label), hint && h("span.hint", {}, hint), control);
}

export function line(value: string, typed: (text: string) => void, mode = "text"): HTMLElement {
  const made = h("input", { type: "text", inputmode: mode, autocomplete: "off", maxlength: 200 }) as HTMLInputElement;
  made.value = value;
  made.addEventListener("input", () => typed(made.value));
  return made;
}

export function area(value: string, rows: number, most: number, typed: (text: string) => void): HTMLElement {
  const made = h("textarea", { rows, maxlength: most }) as HTMLTextAreaElement;
  made.value = value;
  made.addEventListener("input", () => typed(made.value));
  return made;
}

export function choice(options: [string, string][], value: string, chosen: (value: string) => void): HTMLElement {
  const made = h("select", {}, ...options.map(([one, text]) => h("option", { value: one }, text))) as HTMLSelectElement;
  made.value = value;
  made.addEventListener("change", () => chosen(made.value));
  return made;
}

/** A box for each; `chosen` holds the ids of those that are ticked; `then` is called after a change. */
export function ticks(members: readonly { id: string; name: string }[], chosen: string[], then: () => void = () => undefined): HTMLElement[] {
  return members.map((member) => {
    const box = h("input", { type: "checkbox" }) as HTMLInputElement;
    box.addEventListener("change", () => {
      if (box.checked) chosen.push(member.id);
      else chosen.splice(chosen.indexOf(member.id), 1);
      then();
    });
    return h("label.opt", {}, box, h("span", { lang: "vi" }, member.name));
  });
}

/** A whole number of not more than four digits; null for anything else. */
export function number(text: string): number | null {
  const plain = text.trim();
  return /^\d{1,4}$/.test(plain) ? Number(plain) : null;
}
