// The outbox's shelf in IndexedDB; in memory where the browser keeps none (private windows of old browsers).
import type { Parcel, Shelf } from "./outbox";

const NAME = "chibo";
const STORE = "outbox";

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

class Kept implements Shelf {
  constructor(
    private readonly base: IDBDatabase,
    private readonly who: string,
  ) {}

  put(parcel: Parcel): Promise<void> {
    return this.written((store) => store.put(parcel));
  }

  async all(): Promise<Parcel[]> {
    const store = this.base.transaction(STORE).objectStore(STORE);
    const found = await asked(store.getAll() as IDBRequest<Parcel[]>);
    return found.filter((parcel) => parcel.who === this.who);
  }

  remove(id: string): Promise<void> {
    return this.written((store) => store.delete(id));
  }

  /** Done when it is durable, not when it was asked for. */
  private written(write: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    return new Promise((done, failed) => {
      const deal = this.base.transaction(STORE, "readwrite");
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
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
    return new Kept(await asked(opening), who);
  } catch {
    return new Remembered();
  }
}
