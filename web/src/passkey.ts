// Passkeys: asks the device, puts its answer into a plain form and sends that. Without a script the page says what to do.
import "./core";
import { one, say } from "./words";

type Told = Record<string, any>; // eslint-disable-line

function bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
}

function text(raw: ArrayBuffer | null | undefined): string | null {
  if (!raw) return null;
  return btoa(String.fromCharCode(...new Uint8Array(raw))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** What the server asks, with bytes as the browser wants them. */
export function asked(question: Told): Told {
  const known = (list: Told[] = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));
  const made: Told = { ...question, challenge: bytes(question.challenge) };
  if (question.user) made.user = { ...question.user, id: bytes(question.user.id) };
  if (question.excludeCredentials) made.excludeCredentials = known(question.excludeCredentials);
  return made;
}

/** What the device answered, as the server reads it. */
export function answered(found: Told): Told {
  const said = found.response as Told;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = Object.fromEntries(parts.map((name) => [name, text(said[name])]).filter(([, value]) => value));
  return { id: found.id, rawId: text(found.rawId), type: found.type, response, clientExtensionResults: {} };
}

function tell(name: string): void {
  const place = one("[data-told]")!;
  place.hidden = false;
  place.textContent = say(name);
}

function why(problem: unknown): string {
  return problem instanceof DOMException && problem.name === "InvalidStateError" ? "known" : "stopped";
}

async function ask(form: HTMLFormElement, question: Told): Promise<void> {
  tell("working");
  try {
    const publicKey = asked(question) as any;
    const found = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
    one<HTMLInputElement>("[name=credential]", form)!.value = JSON.stringify(answered(found as Told));
    form.submit();
  } catch (problem) {
    tell(why(problem));
  }
}

function begin(form: HTMLFormElement): void {
  if (!window.isSecureContext || !("PublicKeyCredential" in window)) return tell("unable");
  const question = JSON.parse(one("#question")!.textContent ?? "{}") as Told;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask(form, question);
  });
}

const form = one<HTMLFormElement>("form[data-passkey]");
if (form) begin(form);
