// Where a sitting is kept on this device: written whole at each act, done when it is durable.
import type { Sitting } from "./record";

const NAME = "chibo-hall";
const STORE = "sittings";
const WHOSE = "whose";

/** Another tab has written since: what is shown here is behind. */
export class Behind extends Error {}

export interface Cupboard {
  /** Who used this device last, as of the last `own`; empty for nobody. */
  owner(): Promise<string>;
  own(who: string): Promise<void>;
  all(who: string): Promise<Sitting[]>;
  get(who: string, meeting: string): Promise<Sitting | undefined>;
  /** Raises Behind, or what the browser says where nothing can be kept. */
  put(one: Sitting): Promise<void>;
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

class Kept implements Cupboard {
  constructor(private readonly base: IDBDatabase) {}

  async owner(): Promise<string> {
    const kept = this.base.transaction(WHOSE).objectStore(WHOSE).get(WHOSE) as IDBRequest<string | undefined>;
    return (await asked(kept)) ?? "";
  }

  own(who: string): Promise<void> {
    return new Promise((done, failed) => {
      const deal = this.base.transaction(WHOSE, "readwrite", { durability: "strict" });
      deal.objectStore(WHOSE).put(who, WHOSE);
      deal.oncomplete = () => done();
      deal.onabort = deal.onerror = () => failed(deal.error);
    });
  }

  async all(who: string): Promise<Sitting[]> {
    const found = await asked(this.base.transaction(STORE).objectStore(STORE).getAll() as IDBRequest<Sitting[]>);
    return found.filter((one) => one.who === who);
  }

  get(who: string, meeting: string): Promise<Sitting | undefined> {
    const store = this.base.transaction(STORE).objectStore(STORE);
    return asked(store.get([who, meeting]) as IDBRequest<Sitting | undefined>);
  }

  put(one: Sitting): Promise<void> {
    return new Promise((done, failed) => {
      const deal = this.base.transaction(STORE, "readwrite", { durability: "strict" }); // a battery may die
      const store = deal.objectStore(STORE);
      let behind = false;
      const known = store.get([one.who, one.meeting]) as IDBRequest<Sitting | undefined>;
      known.onsuccess = () => {
        if ((known.result?.edition ?? 0) !== one.edition) {
          behind = true;
          deal.abort();
        } else store.put({ ...one, edition: one.edition + 1 });
      };
      deal.oncomplete = () => {
        one.edition++;
        done();
      };
      deal.onabort = deal.onerror = () => failed(behind ? new Behind() : deal.error);
    });
  }
}

/** Raises where the browser keeps nothing (some private windows): such a device cannot hold a meeting. */
export async function openCupboard(): Promise<Cupboard> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(STORE, { keyPath: ["who", "meeting"] });
    opening.result.createObjectStore(WHOSE);
  };
  return new Kept(await asked(opening));
}

/** Whether the browser promised not to throw it away when room gets short. */
export async function safeFromClearing(): Promise<boolean> {
  const storage = (navigator as { storage?: StorageManager }).storage;
  if (!storage?.persist) return false;
  return (await storage.persisted()) || storage.persist();
}
