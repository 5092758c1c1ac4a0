// What a counting board writes down, and its arithmetic: as `meetings/voting/paper.py`.

export interface Papers {
  issued: number;
  returned: number;
  valid: number;
  invalid: number;
  blank: number;
  /** For and against the one question. */
  in_favour: number;
  against: number;
  board: string[];
}

/** The name of words that say what does not add up; null where all does. `entitled`: members of the base in the hall. */
export function wrong(one: Papers, entitled: number, mayCount: ReadonlySet<string>): string | null {
  const numbers = [one.issued, one.returned, one.valid, one.invalid, one.blank, one.in_favour, one.against];
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return "p_numbers";
  if (one.issued > entitled) return "p_too_many";
  if (one.returned > one.issued) return "p_too_many_back";
  if (one.valid + one.invalid !== one.returned) return "p_sorted";
  if (one.blank > one.valid || one.in_favour + one.against > one.valid - one.blank) return "p_marked";
  return one.board.length && one.board.every((member) => mayCount.has(member)) ? null : "p_board";
}
