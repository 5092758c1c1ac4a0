// Where a sitting is kept on this device: written whole at each act, done when it is durable.
import { adopted } from "./adopted";
import type { Sitting } from "./record";
import { asked, Vault } from "./vault";

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

class Kept implements Cupboard {
  constructor(private readonly vault: Vault) {}

  async owner(): Promise<string> {
    const kept = (await this.vault.base()).transaction(WHOSE).objectStore(WHOSE).get(WHOSE) as IDBRequest<string | undefined>;
    return (await asked(kept)) ?? "";
  }

  async own(who: string): Promise<void> {
    const base = await this.vault.base();
    return new Promise((done, failed) => {
      const deal = base.transaction(WHOSE, "readwrite", { durability: "strict" });
      deal.objectStore(WHOSE).put(who, WHOSE);
      deal.oncomplete = () => done();
      deal.onabort = deal.onerror = () => failed(deal.error);
    });
  }

  async all(who: string): Promise<Sitting[]> {
    const found = await asked((await this.vault.base()).transaction(STORE).objectStore(STORE).getAll() as IDBRequest<Sitting[]>);
    return found.filter((one) => one.who === who).map(adopted);
  }

  async get(who: string, meeting: string): Promise<Sitting | undefined> {
    const store = (await this.vault.base()).transaction(STORE).objectStore(STORE);
    const found = await asked(store.get([who, meeting]) as IDBRequest<Sitting | undefined>);
    return found && adopted(found);
  }

  async put(one: Sitting): Promise<void> {
    const base = await this.vault.base();
    return new Promise((done, failed) => {
      const deal = base.transaction(STORE, "readwrite", { durability: "strict" }); // a battery may die
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
  const vault = new Vault(NAME, { [STORE]: { keyPath: ["who", "meeting"] }, [WHOSE]: {} });
  await vault.base();
  return new Kept(vault);
}

/** Whether the browser promised not to throw it away when room gets short. */
export async function safeFromClearing(): Promise<boolean> {
  const storage = (navigator as { storage?: StorageManager }).storage;
  if (!storage?.persist) return false;
  return (await storage.persisted()) || storage.persist();
}
