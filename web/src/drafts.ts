// Words not yet on the server, kept on the device; in memory where the browser keeps nothing.

import { asked, Vault } from "./vault";

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

/** Of one person: on a shared phone nobody finds another's words. */
export async function openDrafts(who: string): Promise<Drafts> {
  const key = (item: string): string => `${who} ${item}`;
  try {
    const vault = new Vault(NAME, { [STORE]: {} });
    await vault.base();
    const store = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => (await vault.base()).transaction(STORE, mode).objectStore(STORE);
    return {
      put: async (item, draft) => void (await asked((await store("readwrite")).put(draft, key(item)))),
      get: async (item) => ((await asked((await store("readonly")).get(key(item)))) as Draft | undefined) ?? null,
      remove: async (item) => void (await asked((await store("readwrite")).delete(key(item)))),
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
