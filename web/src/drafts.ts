// Words not yet on the server, kept on the device; in memory where the browser keeps nothing.

export interface Draft {
  words: string;
  /** Over which words of the server they were written. */
  over: string;
}

export interface Drafts {
  put(item: string, draft: Draft): Promise<void>;
  get(item: string): Promise<Draft | null>;
  remove(item: string): Promise<void>;
}

const NAME = "chibo-words";
const STORE = "words";

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

/** Of one person: on a shared phone nobody finds another's words. */
export async function openDrafts(who: string): Promise<Drafts> {
  const key = (item: string): string => `${who} ${item}`;
  try {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const base = await asked(opening);
    const store = (mode: IDBTransactionMode): IDBObjectStore => base.transaction(STORE, mode).objectStore(STORE);
    return {
      put: async (item, draft) => void (await asked(store("readwrite").put(draft, key(item)))),
      get: async (item) => ((await asked(store("readonly").get(key(item)))) as Draft | undefined) ?? null,
      remove: async (item) => void (await asked(store("readwrite").delete(key(item)))),
    };
  } catch {
    return inMemory();
  }
}

export function inMemory(): Drafts {
  const held = new Map<string, Draft>();
  return {
    put: async (item, draft) => void held.set(item, draft),
    get: async (item) => held.get(item) ?? null,
    remove: async (item) => void held.delete(item),
  };
}
