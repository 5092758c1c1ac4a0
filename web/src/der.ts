// As much of DER (X.690) as a certificate request and the attributes of a signature need.

export type Bytes = Uint8Array<ArrayBuffer>;

export interface Piece {
  tag: number;
  body: Bytes;
}

export class BadDer extends Error {}

/** The pieces that stand one after another in `bytes`, which they fill. Throws BadDer. */
export function pieces(bytes: Bytes): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { length, head } = lengthAt(bytes, at + 1);
    const start = at + 1 + head;
    if (start + length > bytes.length) throw new BadDer("longer than what holds it");
    found.push({ tag: bytes[at]!, body: bytes.slice(start, start + length) });
    at = start + length;
  }
  return found;
}

function lengthAt(bytes: Bytes, at: number): { length: number; head: number } {
  const first = bytes[at];
  if (first === undefined) throw new BadDer("ends too early");
  if (first < 0x80) return { length: first, head: 1 };
  const count = first & 0x7f;
  if (count < 1 || count > 3 || at + count >= bytes.length) throw new BadDer("strange length");
  const length = bytes.slice(at + 1, at + 1 + count).reduce((sum, one) => sum * 256 + one, 0);
  if (length < 0x80 || length < 256 ** (count - 1)) throw new BadDer("length not as short as it may be");
  return { length, head: 1 + count };
}

/** The one piece that fills `bytes`, which must have that tag. Throws BadDer. */
export function only(bytes: Bytes, tag: number): Bytes {
  const [first, ...more] = pieces(bytes);
  if (!first || more.length > 0 || first.tag !== tag) throw new BadDer("not the one expected piece");
  return first.body;
}

export function joined(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function wrap(tag: number, ...parts: Bytes[]): Bytes {
  const body = joined(...parts);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 + length.length, ...length];
  return joined(Uint8Array.from(head), body);
}

/** An object identifier such as 1.2.840.113549.1.9.4. */
export function oid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const out = [first * 40 + second];
  for (const number of rest) {
    const digits = [number % 128];
    for (let high = Math.floor(number / 128); high > 0; high = Math.floor(high / 128)) digits.unshift(0x80 + (high % 128));
    out.push(...digits);
  }
  return wrap(TAG.oid, Uint8Array.from(out));
}

export const TAG = { bits: 0x03, octets: 0x04, nothing: 0x05, oid: 0x06, printable: 0x13, sequence: 0x30, set: 0x31 };

export function same(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Whether `part` stands somewhere in `whole`. */
export function holds(whole: Bytes, part: Bytes): boolean {
  for (let at = 0; at + part.length <= whole.length; at++) {
    if (same(whole.subarray(at, at + part.length), part)) return true;
  }
  return false;
}

export function hex(bytes: Bytes): string {
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

export function base64(bytes: Bytes): string {
  return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
}

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}
