import { describe, expect, it } from "vitest";
import vectors from "./rfc9474.json";
import { blind, blindWith, codeOf, encode, finish, fromHex, hex, NotSigned, sha256 } from "../src/blind";

type Vector = (typeof vectors)[number];

function power(base: bigint, exponent: bigint, n: bigint): bigint {
  let result = 1n;
  for (let left = exponent, square = base % n; left > 0n; left >>= 1n, square = (square * square) % n)
    if (left & 1n) result = (result * square) % n;
  return result;
}

/** The server. */
function signer(vector: Vector): (blinded: string) => string {
  const n = BigInt(`0x${vector.n}`);
  return (blinded) => power(BigInt(`0x${blinded}`), BigInt(`0x${vector.d}`), n).toString(16).padStart(vector.n.length, "0");
}

describe("RFC 9474", () => {
  for (const vector of vectors) {
    it(`encodes and finishes ${vector.name}`, async () => {
      const bits = BigInt(`0x${vector.n}`).toString(2).length - 1;
      expect(hex(await encode(fromHex(vector.prepared_msg), bits, fromHex(vector.salt)))).toBe(vector.encoded_msg);
      const token = { serial: "", prefix: "", blinded: vector.blinded_msg, inverse: vector.inv };
      expect(finish(vector.n, token, vector.blind_sig)).toBe(vector.sig);
    });
  }

  it("blinds as the vector does", async () => {
    const vector = vectors[0]!;
    const n = BigInt(`0x${vector.n}`);
    const inverse = BigInt(`0x${vector.inv}`);
    let [a, b, x, y] = [inverse, n, 1n, 0n];
    while (a > 1n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
    const factor = ((x % n) + n) % n;
    const whole = fromHex(vector.prepared_msg);
    const made = await blindWith(vector.n, whole.slice(32), whole.slice(0, 32), fromHex(vector.salt), factor);
    expect(made.blinded).toBe(vector.blinded_msg);
    expect(made.inverse).toBe(vector.inv);
  });

  it("goes round with a fresh token, and no two are alike", async () => {
    const vector = vectors[0]!;
    const token = await blind(vector.n);
    const other = await blind(vector.n);
    expect(token.blinded).not.toBe(other.blinded);
    expect([token.serial.length, token.prefix.length]).toEqual([64, 64]);
    expect(finish(vector.n, token, signer(vector)(token.blinded))).toHaveLength(1024);
    expect(() => finish(vector.n, token, signer(vector)(other.blinded))).toThrow(NotSigned);
    expect(() => finish(vector.n, token, "0".repeat(1024))).toThrow(NotSigned);
  });
});

describe("what people compare", () => {
  it("is twelve digits", async () => {
    expect(codeOf("ff".repeat(32))).toBe("5935 4395 0335");
    expect(codeOf("00".repeat(32))).toBe("0000 0000 0000");
    expect(await sha256("00".repeat(32))).toBe("66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
  });
});
