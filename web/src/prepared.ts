// What the signer's device checks before it signs: that the attributes are about this very file and this very key.
import { fromBase64, hex, holds, joined, oid, only, pieces, same, TAG, type Bytes } from "./der";

/** As the server tells of a prepared signature. */
export interface Told {
  id: string;
  pdf: string;
  digest_sha256: string;
  attributes: string;
  certificate: string;
  hole_start: number;
  hole_end: number;
}

/** Something is not what it was said to be: nothing may be signed. */
export class Mismatch extends Error {}

const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const CERTIFICATE = "1.2.840.113549.1.9.16.2.47";
const ALGORITHMS = "1.2.840.113549.1.9.52";
const DATA = "1.2.840.113549.1.7.1";
const RANGE = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g;

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The attributes to sign, when all of it fits. Throws Mismatch; BadDer for what cannot be read. */
export async function checked(pdf: Bytes, told: Told, open: Bytes): Promise<Bytes> {
  checkHole(pdf, told.hole_start, told.hole_end);
  const digest = await sha256(joined(pdf.slice(0, told.hole_start), pdf.slice(told.hole_end)));
  const certificate = fromBase64(told.certificate);
  if (!holds(certificate, open)) throw new Mismatch("the certificate is of another key");
  const attributes = fromBase64(told.attributes);
  const found = valuesOf(attributes);
  if (!same(found.get(CONTENT_TYPE) ?? oid(MESSAGE_DIGEST), oid(DATA))) throw new Mismatch("not about data");
  const message = only(found.get(MESSAGE_DIGEST) ?? new Uint8Array(), TAG.octets);
  if (!same(message, digest) || hex(digest) !== told.digest_sha256) throw new Mismatch("the attributes are about another file");
  const named = found.get(CERTIFICATE);
  if (!named || !holds(named, await sha256(certificate))) throw new Mismatch("the attributes name another certificate");
  return attributes;
}

/** What is left out of the hash is the room for the signature alone, and readers will leave out just that. */
function checkHole(pdf: Bytes, start: number, end: number): void {
  const range = [...new TextDecoder("latin1").decode(pdf).matchAll(RANGE)].pop()?.slice(1).map(Number) ?? [];
  if (range.join() !== [0, start, end, pdf.length - end].join()) throw new Mismatch("the file covers something else");
  const hole = pdf.slice(start, end);
  const zeros = hole.slice(1, -1).every((byte) => byte === 0x30);
  if (hole.length < 2 || hole[0] !== 0x3c || hole[hole.length - 1] !== 0x3e || !zeros) throw new Mismatch("the hole is not empty");
}

/** The single value of each attribute, by kind: only kinds that are known here, each once. */
function valuesOf(attributes: Bytes): Map<string, Bytes> {
  const known = new Map([CONTENT_TYPE, MESSAGE_DIGEST, CERTIFICATE, ALGORITHMS].map((kind) => [hex(oid(kind)), kind]));
  const found = new Map<string, Bytes>();
  for (const { tag, body } of pieces(only(attributes, TAG.set))) {
    const [type, values, ...more] = pieces(body);
    if (tag !== TAG.sequence || !type || !values || more.length > 0) throw new Mismatch("not an attribute");
    const kind = known.get(hex(Uint8Array.from([type.tag, type.body.length, ...type.body])));
    if (kind === undefined || found.has(kind) || values.tag !== TAG.set) throw new Mismatch("an attribute too many");
    if (pieces(values.body).length !== 1) throw new Mismatch("an attribute of several values");
    found.set(kind, values.body);
  }
  return found;
}
