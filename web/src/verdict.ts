// What hands come to, in integers, and the sentence of it: as `meetings/voting/tally.py` and `sentences.py`.
import { count, type Base, type BaseKind, type Why } from "./base";

export interface Share {
  numerator: number;
  denominator: number;
  strict: boolean;
}

/** One row of the dated table, as the server gave it for this cell and day. */
export interface Question {
  kind: string;
  forms: string[];
  threshold: Share | null;
  base: BaseKind;
  exempt_may_vote: boolean;
  /** Whom it is about, where it is about one person: "newcomer" is typed, the others are on the roll. */
  whom: "newcomer" | "probationer" | "member" | null;
  subject: string;
  /** The subject with the person's name in place of {name}. */
  about: string;
  share: string;
  sources: string[];
}

export interface Hands {
  in_favour: number;
  against: number;
  abstain: number;
  invalid?: number;
}

export interface Verdict {
  base: number;
  needed: number | null;
  not_cast: number;
  absent: number;
  passed: boolean | null;
  text: string;
}

/** The fewest votes that reach it; at least 1, so that nobody decides nothing. */
export function needed(share: Share, base: number): number {
  const part = base * share.numerator;
  if (share.strict) return Math.floor(part / share.denominator) + 1;
  return Math.max(1, Math.ceil(part / share.denominator));
}

export function total(hands: Hands): number {
  return hands.in_favour + hands.against + hands.abstain + (hands.invalid ?? 0);
}

/** Whether so many hands can have been raised. */
export function possible(hands: Hands, base: Base): boolean {
  const numbers = [hands.in_favour, hands.against, hands.abstain, hands.invalid ?? 0];
  return numbers.every((one) => Number.isSafeInteger(one) && one >= 0) && total(hands) <= base.present;
}

export function decide(question: Question, base: Base, hands: Hands, person = ""): Verdict {
  const enough = question.threshold ? needed(question.threshold, base.size) : null;
  const found = {
    base: base.size,
    needed: enough,
    not_cast: base.present - total(hands),
    absent: base.size - base.present,
    passed: enough === null ? null : base.size > 0 && hands.in_favour >= enough,
  };
  const subject = person ? question.about.replace("{name}", () => person) : question.subject;
  return { ...found, text: sentence({ ...question, subject }, base, hands, found) };
}

const OUT: [Why, string][] = [
  ["away_absent", "đồng chí đang sinh hoạt tạm thời nơi khác vắng mặt"],
  ["exempt_absent", "đồng chí được miễn sinh hoạt vắng mặt"],
  ["exempt_not_taking_part", "đồng chí được miễn sinh hoạt có mặt nhưng không tham gia biểu quyết"],
  ["excused_all_through", "đồng chí vắng mặt suốt thời gian họp có lý do được chấp nhận"],
  ["not_present", "đồng chí vắng mặt (căn cứ tính là số có mặt)"],
];

function sentence(question: Question, base: Base, hands: Hands, found: Omit<Verdict, "text">): string {
  const counted = numbers(hands, found);
  if (found.needed === null)
    return `${taken(base)} Lấy ý kiến, không quyết định. Ý kiến tại hội trường: ${counted}.`;
  const verdict = found.passed ? "được" : "không được";
  return [
    taken(base),
    stay(base),
    `Cần ít nhất ${found.needed} tán thành (${question.share}).`,
    `Kết quả: ${counted}.`,
    `${question.subject} ${verdict} thông qua.`,
    `Căn cứ: ${question.sources.join("; ")}.`,
    "Xem danh sách.",
  ].filter(Boolean).join(" ");
}

function taken(base: Base): string {
  const off = OUT.map(([why, words]) => [count(base, why), words] as const).filter(([number]) => number > 0);
  const parts = off.map(([number, words]) => `${number} ${words}`);
  const called = base.size + off.reduce((sum, [number]) => sum + number, 0);
  const less = parts.length ? `, trừ ${listed(parts)}` : "";
  return `Số đảng viên làm căn cứ tính: ${base.size}, gồm ${called} đảng viên chính thức được triệu tập${less}.`;
}

function stay(base: Base): string {
  const phones = count(base, "absent_by_phone");
  const absent = phones + count(base, "absent");
  if (!absent) return "";
  const other = count(base, "away_absent", "exempt_absent", "excused_all_through") ? " khác" : "";
  const some = phones ? ` (kể cả ${phones} đồng chí dự qua điện thoại)` : "";
  const aside = phones && phones === absent ? " (dự qua điện thoại)" : some;
  return `${absent} đồng chí vắng mặt${other}${aside} vẫn được tính.`;
}

function numbers(hands: Hands, found: Omit<Verdict, "text">): string {
  const rest: [string, number][] = [
    ["không tán thành", hands.against],
    ["không có ý kiến", hands.abstain],
    ["phiếu không hợp lệ", hands.invalid ?? 0],
    ["có mặt nhưng không biểu quyết", found.not_cast],
    ["vắng mặt", found.absent],
  ];
  const said = rest.filter(([, number]) => number).map(([word, number]) => `${word} ${number}`);
  return [`tán thành ${hands.in_favour}`, ...said].join(", ");
}

function listed(parts: string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} và ${parts[parts.length - 1]}`;
}
