// The outbox's shelf in IndexedDB; in memory where the browser keeps none (private windows of old browsers).
import type { Parcel, Shelf } from "./outbox";
import { asked, Vault } from "./vault";

const NAME = "chibo";
const STORE = "outbox";

class Kept implements Shelf {
  constructor(
    private readonly vault: Vault,
    private readonly who: string,
  ) {}

  put(parcel: Parcel): Promise<void> {
    return this.written((store) => store.put(parcel));
  }

  async all(): Promise<Parcel[]> {
    const store = (await this.vault.base()).transaction(STORE).objectStore(STORE);
    const found = await asked(store.getAll() as IDBRequest<Parcel[]>);
    return found.filter((parcel) => parcel.who === this.who);
  }

  remove(id: string): Promise<void> {
    return this.written((store) => store.delete(id));
  }

  /** Done when it is durable, not when it was asked for. */
  private async written(write: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    const base = await this.vault.base();
    return new Promise((done, failed) => {
      const deal = base.transaction(STORE, "readwrite");
      write(deal.objectStore(STORE));
      deal.oncomplete = () => done();
      deal.onerror = deal.onabort = () => failed(deal.error);
    });
  }
}

export class Remembered implements Shelf {
  private readonly parcels = new Map<string, Parcel>();

  async put(parcel: Parcel): Promise<void> {
    this.parcels.set(parcel.id, parcel);
  }

  async all(): Promise<Parcel[]> {
    return [...this.parcels.values()];
  }

  async remove(id: string): Promise<void> {
    this.parcels.delete(id);
  }
}

export async function openShelf(who: string): Promise<Shelf> {
  try {
    const vault = new Vault(NAME, { [STORE]: { keyPath: "id" } });
    await vault.base();
    return new Kept(vault, who);
  } catch {
    return new Remembered();
  }
}
