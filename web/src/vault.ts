// A database of this browser, whichever build made it: an older one, or a newer one that was here before.

export function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

type Stores = Record<string, IDBObjectStoreParameters>;

export class Vault {
  private opening: Promise<IDBDatabase> | null = null;

  constructor(
    private readonly name: string,
    private readonly stores: Stores,
  ) {}

  /** Opened once, and again after another build's page needed it closed. Raises where the browser keeps nothing. */
  base(): Promise<IDBDatabase> {
    this.opening ??= this.open().catch((reason: unknown) => {
      this.opening = null;
      throw reason;
    });
    return this.opening;
  }

  private async open(): Promise<IDBDatabase> {
    const base = await opened(this.name, this.stores);
    base.onversionchange = () => {
      this.opening = null;
      base.close(); // else the page of a newer build would wait for this one for ever
    };
    base.onclose = () => (this.opening = null);
    return base;
  }
}

async function opened(name: string, stores: Stores): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    for (const [store, how] of Object.entries(stores)) opening.result.createObjectStore(store, how);
  };
  try {
    return await asked(opening);
  } catch (reason) {
    if ((reason as DOMException).name !== "VersionError") throw reason;
    return asked(indexedDB.open(name)); // a newer build was here: what it keeps is read as far as it is known
  }
}
