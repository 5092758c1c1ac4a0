// Blind RSA, the client's side: RSABSSA-SHA384-PSS-Randomized of RFC 9474, with BigInt and the browser's own hashes.

const EXPONENT = 65537n;
const HASH = 48; // bytes of SHA-384, and of the salt

/** A token on its way: all hex. Only `blinded` leaves the phone before the ballot is cast. */
export interface Blinded {
  serial: string;
  prefix: string;
  blinded: string;
  inverse: string;
}

export class NotSigned extends Error {}

/** A new token, blinded under the key (RFC 9474, 4.1 and 4.2). `modulus` in hex; the exponent is 65537. */
export async function blind(modulus: string): Promise<Blinded> {
  const serial = random(32);
  const prefix = random(32);
  return blindWith(modulus, serial, prefix, random(HASH), unit(BigInt(`0x${modulus}`)));
}

/** The same with every random number given. */
export async function blindWith(
  modulus: string,
  serial: Uint8Array,
  prefix: Uint8Array,
  salt: Uint8Array,
  factor: bigint,
): Promise<Blinded> {
  const n = BigInt(`0x${modulus}`);
  const encoded = await encode(join(prefix, serial), n.toString(2).length - 1, salt);
  const blinded = (toNumber(encoded) * power(factor, EXPONENT, n)) % n;
  const length = modulus.length;
  return { serial: hex(serial), prefix: hex(prefix), blinded: padded(blinded, length), inverse: padded(invert(factor, n), length) };
}

/** The signature over prefix and serial (4.4). Throws NotSigned where the server's answer is none of its key. */
export function finish(modulus: string, token: Blinded, signed: string): string {
  const n = BigInt(`0x${modulus}`);
  const answer = BigInt(`0x${signed}`);
  // The answer's e-th power is the blinded message itself, exactly where the finished signature's is the encoded one.
  if (answer >= n || power(answer, EXPONENT, n) !== BigInt(`0x${token.blinded}`)) throw new NotSigned();
  return padded((answer * BigInt(`0x${token.inverse}`)) % n, modulus.length);
}

/** SHA-256 in hex of bytes given in hex: the fingerprint of a key, the receipt of a serial. */
export async function sha256(bytes: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", fromHex(bytes))));
}

/** Twelve digits of a fingerprint, to compare with the room's screen. */
export function codeOf(fingerprint: string): string {
  const digits = (BigInt(`0x${fingerprint.slice(0, 24)}`) % 10n ** 12n).toString().padStart(12, "0");
  return `${digits.slice(0, 4)} ${digits.slice(4, 8)} ${digits.slice(8)}`;
}

/** EMSA-PSS of RFC 8017, 9.1.1. */
export async function encode(message: Uint8Array, bits: number, salt: Uint8Array): Promise<Uint8Array> {
  const length = Math.ceil(bits / 8);
  const digest = await sha384(join(new Uint8Array(8), await sha384(message), salt));
  const block = join(new Uint8Array(length - salt.length - HASH - 2), new Uint8Array([1]), salt);
  const cover = await mask(digest, block.length);
  const masked = block.map((byte, place) => byte ^ cover[place]!);
  masked[0]! &= 0xff >> (8 * length - bits);
  return join(masked, digest, new Uint8Array([0xbc]));
}

async function mask(seed: Uint8Array, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let number = 0; number * HASH < length; number++) parts.push(await sha384(join(seed, new Uint8Array([0, 0, 0, number]))));
  return join(...parts).slice(0, length);
}

async function sha384(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-384", bytes as Uint8Array<ArrayBuffer>));
}

function power(base: bigint, exponent: bigint, n: bigint): bigint {
  let result = 1n;
  let square = base % n;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % n;
    square = (square * square) % n;
  }
  return result;
}

function invert(number: bigint, n: bigint): bigint {
  let [a, b] = [number % n, n];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    if (b === 0n) throw new NotSigned(); // not a unit: no key made of two primes shows one by chance
    const turns = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - turns * y];
  }
  return ((x % n) + n) % n;
}

/** Evenly among 2 … n - 1. */
function unit(n: bigint): bigint {
  const bytes = Math.ceil(n.toString(16).length / 2);
  for (;;) {
    const factor = toNumber(random(bytes));
    if (factor > 1n && factor < n) return factor;
  }
}

function random(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes) || "0"}`);
}

function padded(number: bigint, length: number): string {
  return number.toString(16).padStart(length, "0");
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
