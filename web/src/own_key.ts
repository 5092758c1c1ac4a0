// The signer's own key: made here, kept here, never readable, not even by this page (signing.md 2.4 B).
import { joined, oid, TAG, wrap, type Bytes } from "./der";

const NAME = "chibo-keys"; // a base of its own: the outbox's is emptied and upgraded by others
const STORE = "keys";
const KIND = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const SIZE = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
const NOTHING = Uint8Array.of(TAG.nothing, 0);
const VERSION_0 = Uint8Array.of(0x02, 1, 0);
const NO_ATTRIBUTES = Uint8Array.of(0xa0, 0);

/** `secret` cannot be exported; `open` is its public part (SubjectPublicKeyInfo). */
export interface OwnKey {
  who: string;
  secret: CryptoKey;
  open: Bytes;
}

export async function makeKey(who: string): Promise<OwnKey> {
  const made = await crypto.subtle.generateKey({ ...KIND, ...SIZE }, false, ["sign", "verify"]);
  const open = new Uint8Array(await crypto.subtle.exportKey("spki", made.publicKey));
  return { who, secret: made.privateKey, open };
}

export async function sign(key: OwnKey, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(KIND.name, key.secret, bytes));
}

/** A certificate request (RFC 2986) that says whose key it is; the authority puts the name in. */
export async function certificateRequest(key: OwnKey): Promise<Bytes> {
  const who = wrap(TAG.printable, Uint8Array.from(key.who, (one) => one.charCodeAt(0)));
  const subject = wrap(TAG.sequence, wrap(TAG.set, wrap(TAG.sequence, oid("2.5.4.5"), who)));
  const asked = wrap(TAG.sequence, VERSION_0, subject, key.open, NO_ATTRIBUTES);
  const how = wrap(TAG.sequence, oid("1.2.840.113549.1.1.11"), NOTHING);
  const value = joined(Uint8Array.of(0), await sign(key, asked));
  return wrap(TAG.sequence, asked, how, wrap(TAG.bits, value));
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function base(): Promise<IDBDatabase> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "who" });
  return asked(opening);
}

/** The key of that person in this browser, if there is one. */
export async function keptKey(who: string): Promise<OwnKey | null> {
  const found = await asked((await base()).transaction(STORE).objectStore(STORE).get(who) as IDBRequest<OwnKey | undefined>);
  return found ?? null;
}

/** Done when it is durable. The browser is asked not to clear it when it needs room. */
export async function keepKey(key: OwnKey): Promise<void> {
  const deal = (await base()).transaction(STORE, "readwrite");
  deal.objectStore(STORE).put(key);
  await new Promise<void>((done, failed) => {
    deal.oncomplete = () => done();
    deal.onerror = deal.onabort = () => failed(deal.error);
  });
  await navigator.storage?.persist?.().catch(() => false);
}
