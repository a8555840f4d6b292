// Lets the page for reporting on the move be opened without a network: that page and what it is
// built of, nothing else. It holds the empty form only; no matter is ever kept here.

interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Installing extends Event {
  waitUntil(done: Promise<unknown>): void;
}

const worker = self as unknown as {
  addEventListener(kind: string, call: (event: never) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: { scope: string };
};
const CACHE = "gongzhi-patrol-1";

async function fromNetworkFirst(request: Request): Promise<Response> {
  const kept = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await kept.put(worker.registration.scope, answer.clone());
    return answer;
  } catch (error) {
    const found = await kept.match(worker.registration.scope);
    if (found) return found;
    throw error;
  }
}

async function fromCacheFirst(request: Request): Promise<Response> {
  const kept = await caches.open(CACHE);
  const found = await kept.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}

/** Keep the page and its parts as soon as the worker is there, for the very first time offline. */
async function fill(): Promise<void> {
  const answer = await fetch(worker.registration.scope, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const kept = await caches.open(CACHE);
  const text = await answer.clone().text();
  await kept.put(worker.registration.scope, answer);
  const parts = [...text.matchAll(/(?:src|href)="(\/static\/[^"#]+)/g)].map((found) => found[1] as string);
  for (const part of new Set(parts)) await keepPart(kept, part);
}

/** Keep one part, and the parts that a script imports. */
async function keepPart(kept: Cache, part: string): Promise<void> {
  if (await kept.match(part)) return;
  const answer = await fetch(part);
  if (!answer.ok) return;
  const text = part.endsWith(".js") ? await answer.clone().text() : "";
  await kept.put(part, answer);
  for (const found of text.matchAll(/["']\.\/([\w.-]+\.js)["']/g)) {
    await keepPart(kept, part.replace(/[^/]+$/, found[1] as string));
  }
}

worker.addEventListener("install", (event: Installing) => event.waitUntil(fill().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event: Installing) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event: Fetching) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(fromNetworkFirst(request));
  else if (pathname.includes("/dist/assets/")) event.respondWith(fromCacheFirst(request));
});
