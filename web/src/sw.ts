// The service worker. `chibo` is written before this by the server: which build, and what the shell is made of.
// The worker's own world, in the few words used here: the page's types and a worker's cannot both be loaded.
interface Extending extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Extending {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  readonly chibo: { build: string; shell: string[] };
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", heard: (event: Extending) => void): void;
  addEventListener(kind: "fetch", heard: (event: Fetching) => void): void;
}
const worker = self as unknown as Worker;

const SHELL = `shell-${worker.chibo.build}`;
const PAGES = "pages";
const WHOSE = "/whose"; // a key of the pages' cache: of whom its pages are
const PATIENCE_MS = 3000;
const GIVE_UP_MS = 20_000; // a line that swallows everything never says so
const OFFLINE = "/offline";
const OWN = /^\/($|m\/|c\/|hall$|offline$)/; // elsewhere somebody else may sign in: then nothing kept is shown again

worker.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== worker.location.origin) return;
  if (request.mode === "navigate" && !OWN.test(url.pathname)) event.waitUntil(caches.delete(PAGES));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (/^\/(scripts|static)\//.test(url.pathname)) event.respondWith(asset(request));
});

/** Scripts have names of their content, so they are never old; pages of the shell are asked for anew. */
async function fill(): Promise<void> {
  const shell = await caches.open(SHELL);
  await shell.addAll(worker.chibo.shell.map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
}

/** This build's shell and the one before stay, as open pages may still ask for its scripts. */
async function tidy(): Promise<void> {
  const shells = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
  await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name)));
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** The network first, for three seconds; then what was kept for this person; then the shell in plain words. */
async function page(request: Request, url: URL): Promise<Response> {
  const fetched = fetch(request).then((answer) => noted(request, answer));
  const first = await Promise.race([fetched.catch(() => null), after(PATIENCE_MS)]);
  if (first) return first;
  const kept = (await shellOf(url)) ?? (await keptPage(url));
  if (kept) {
    fetched.catch(() => undefined);
    return kept;
  }
  const late = await Promise.race([fetched.catch(() => null), after(GIVE_UP_MS)]);
  return late ?? (await caches.match(OFFLINE, { ignoreSearch: true })) ?? Response.error();
}

function after(ms: number): Promise<null> {
  return new Promise((done) => setTimeout(() => done(null), ms));
}

async function shellOf(url: URL): Promise<Response | undefined> {
  const shell = await caches.open(SHELL);
  return shell.match(url.pathname + url.search).then((found) => found ?? shell.match(url.pathname));
}

/** What was kept for this person: its own line, hidden in it until now, tells of when it is. */
async function keptPage(url: URL): Promise<Response | undefined> {
  const kept = await (await caches.open(PAGES)).match(url.pathname);
  return kept && new Response((await kept.text()).replace("data-kept hidden", "data-kept"), { headers: kept.headers });
}

/** `Chibo-Who` says whose page it is: when somebody else is signed in, or nobody, what was kept goes away.
 *  `Chibo-Keep` marks the few pages that may be kept. */
async function noted(request: Request, answer: Response): Promise<Response> {
  const who = answer.headers.get("Chibo-Who");
  if (who === null || answer.redirected) return answer;
  const cache = await caches.open(PAGES);
  const known = await (await cache.match(WHOSE))?.text();
  if (known !== who) {
    await caches.delete(PAGES);
    if (who) await (await caches.open(PAGES)).put(WHOSE, new Response(who));
  }
  if (who && answer.ok && answer.headers.has("Chibo-Keep"))
    await (await caches.open(PAGES)).put(new URL(request.url).pathname, answer.clone());
  return answer;
}
export {};
