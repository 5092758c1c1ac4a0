// Whom a question is about, where it is about one person: chosen from the roll, or typed for who is to be admitted.
import { choice, field, line } from "./dom";
import { concernable, rule, type Person, type Sitting } from "./record";
import { say } from "./words";

export interface Chosen {
  kind: string;
  person?: Person;
}

/** The field for it; the choice is forgotten where the kind changes. */
export function concerned(one: Sitting, put: Chosen): HTMLElement[] {
  delete put.person;
  if (!one.kit.questions.length) return [];
  const { whom } = rule(one, put.kind);
  if (!whom) return [];
  if (whom === "newcomer") {
    const typed = (text: string): void => {
      put.person = { member: null, name: text.trim().normalize("NFC") };
    };
    return [field("person", say("person_name"), line("", typed))];
  }
  const names = concernable(one, put.kind);
  const options = names.map((member): [string, string] => [member.id, member.name]);
  const chosen = (id: string): void => {
    const found = names.find((member) => member.id === id);
    if (found) put.person = { member: found.id, name: found.name };
    else delete put.person;
  };
  return [field("person", say("person"), choice([["", say("choose_person")], ...options], "", chosen))];
}
