import { beforeAll, describe, expect, it } from "vitest";
import { base64, BadDer, fromBase64, hex, holds, joined, oid, only, pieces, same, TAG, wrap, type Bytes } from "../src/der";
import { certificateRequest, makeKey, sign, type OwnKey } from "../src/own_key";
import { checked, sha256, type Told } from "../src/prepared";

const WHO = "0b0f6b1e-1111-5222-8333-944444444444";
const text = (words: string): Bytes => Uint8Array.from(words, (one) => one.charCodeAt(0));
const octets = (value: Bytes): Bytes => wrap(TAG.octets, value);
const attribute = (kind: string, ...values: Bytes[]): Bytes => wrap(TAG.sequence, oid(kind), wrap(TAG.set, ...values));

describe("der", () => {
  it("writes identifiers and lengths as X.690 does", () => {
    expect(hex(oid("1.2.840.113549.1.9.4"))).toBe("06092a864886f70d010904");
    for (const length of [0, 1, 127, 128, 255, 256, 65535, 65536]) {
      const body = new Uint8Array(length).fill(7);
      expect(same(only(wrap(TAG.octets, body), TAG.octets), body)).toBe(true);
    }
  });

  it.each(["30", "3005", "308001", "30810100", "3082000100", "0401000500ff"])("refuses %s", (bad) => {
    const bytes = Uint8Array.from(bad.match(/../g)!, (one) => parseInt(one, 16));
    expect(() => pieces(bytes)).toThrow(BadDer);
  });
});

describe("a signer's own key", () => {
  let key: OwnKey;
  let certificate: Bytes;

  beforeAll(async () => {
    key = await makeKey(WHO);
    certificate = wrap(TAG.sequence, text("a certificate around "), key.open);
  });

  it("cannot be taken out", async () => {
    expect(key.secret.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("pkcs8", key.secret)).rejects.toThrow();
  });

  it("asks for its certificate in its owner's name, signed by itself", async () => {
    const [info, , value] = pieces(only(await certificateRequest(key), TAG.sequence));
    expect(holds(info!.body, text(WHO)) && holds(info!.body, key.open)).toBe(true);
    const open = await crypto.subtle.importKey("spki", key.open, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, true, ["verify"]);
    const signed = wrap(TAG.sequence, info!.body);
    expect(await crypto.subtle.verify("RSASSA-PKCS1-v1_5", open, value!.body.slice(1), signed)).toBe(true);
  });

  /** A small file with a hole, and what an honest server says of it. */
  async function prepared(change: Partial<Record<"digest" | "named" | "more" | "hole", Bytes>> = {}): Promise<{ pdf: Bytes; told: Told }> {
    const hole = change.hole ?? text(`<${"0".repeat(64)}>`);
    const tail = text(" the end");
    let head = text("");
    for (let turn = 0; turn < 5; turn++) head = text(`%PDF /ByteRange [0 ${head.length} ${head.length + hole.length} ${tail.length}] /Contents `);
    const pdf = joined(head, hole, tail);
    const digest = await sha256(joined(head, tail));
    const attributes = wrap(
      TAG.set,
      attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.1")),
      attribute("1.2.840.113549.1.9.4", octets(change.digest ?? digest)),
      attribute("1.2.840.113549.1.9.16.2.47", octets(change.named ?? (await sha256(certificate)))),
      change.more ?? new Uint8Array(),
    );
    const told = { id: WHO, pdf: "/x.pdf", digest_sha256: hex(digest), attributes: base64(attributes), certificate: base64(certificate) };
    return { pdf, told: { ...told, hole_start: head.length, hole_end: head.length + hole.length } };
  }

  it("signs attributes that are about this file and this certificate", async () => {
    const { pdf, told } = await prepared();
    const attributes = await checked(pdf, told, key.open);
    expect(base64(attributes)).toBe(told.attributes);
    expect((await sign(key, attributes)).length).toBe(256);
  });

  it("refuses another file, another digest, another certificate, another key", async () => {
    const { pdf, told } = await prepared();
    const flipped = pdf.slice();
    flipped[2]! ^= 1;
    await expect(checked(flipped, told, key.open)).rejects.toThrow("another file");
    const zeros = new Uint8Array(32);
    for (const [change, why] of [[{ digest: zeros }, "another file"], [{ named: zeros }, "name another certificate"]] as const) {
      const other = await prepared(change);
      await expect(checked(other.pdf, other.told, key.open)).rejects.toThrow(why);
    }
    await expect(checked(pdf, told, (await makeKey(WHO)).open)).rejects.toThrow("another key");
    await expect(checked(pdf, { ...told, digest_sha256: hex(zeros) }, key.open)).rejects.toThrow("another file");
  });

  it("refuses attributes twice, unknown, or of several values", async () => {
    const digest = octets(new Uint8Array(32));
    const strange = [attribute("1.2.840.113549.1.9.4", digest), attribute("1.2.3.4", digest), attribute("1.2.840.113549.1.9.52", digest, digest)];
    for (const more of strange) {
      const { pdf, told } = await prepared({ more });
      await expect(checked(pdf, told, key.open)).rejects.toThrow(/an attribute (too many|of several values)/);
    }
  });

  it("refuses a file that leaves out more than an empty hole", async () => {
    const full = await prepared({ hole: text(`<${"0".repeat(40)}text that nobody hashes${"0".repeat(1)}>`) });
    await expect(checked(full.pdf, full.told, key.open)).rejects.toThrow("not empty");
    const { pdf, told } = await prepared();
    for (const moved of [{ hole_start: told.hole_start - 4 }, { hole_end: told.hole_end + 4 }, { hole_start: 0, hole_end: 0 }]) {
      await expect(checked(pdf, { ...told, ...moved }, key.open)).rejects.toThrow("covers something else");
    }
  });

  it("refuses what comes behind the attributes", async () => {
    const { pdf, told } = await prepared();
    const longer = base64(joined(fromBase64(told.attributes), text("x")));
    await expect(checked(pdf, { ...told, attributes: longer }, key.open)).rejects.toThrow(BadDer);
  });
});
