// What a tablet at a station sees when the network does not answer: the page that was open last, as that page kept
// itself (js/station-kept.js). With the network everything is as without this worker. It looks at pages of the stations
// and the files they load, and never at what somebody sends or at what a page asks every second.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** So begins the name of what is kept for one person; js/kept-forgotten.js knows it too. */
const PAGES = "station-page:";
/** Milliseconds after which what is kept is better than waiting. */
const PATIENCE = 8000;
/** Milliseconds after which a kept page tells of another day's work. */
const SHIFT = 12 * 3_600_000;
/** A server that is away, told by what stands before it. */
const AWAY = [502, 503, 504];
const FILES = ["style", "script", "font", "image"];
/** Pages that came from here: their files do, too, and wait for nobody. */
const shown = new Set();

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { method, mode, destination } = event.request;
  if (method === "GET" && mode === "navigate") event.respondWith(page(event));
  else if (method === "GET" && FILES.includes(destination)) event.respondWith(file(event));
});

/** @param {FetchEvent} event */
async function page({ request, resultingClientId }) {
  const kept = await keptPage(request.url);
  const answer = await heard(request, Boolean(kept));
  if (answer && isRefusal(answer)) await forget();
  if (!answer) shown.add(resultingClientId);
  return answer ?? kept ?? (await found(new URL("no-network/", worker.registration.scope).href)) ?? Response.error();
}

/** @param {FetchEvent} event */
async function file({ request, clientId }) {
  const kept = await found(request.url);
  if (!kept) return fetch(request);
  return shown.has(clientId) ? kept : ((await heard(request, true)) ?? kept);
}

/**
 * @param {Request} request
 * @param {boolean} hasElse whether something is kept that can be shown instead
 */
async function heard(request, hasElse) {
  const coming = fetch(request).catch(() => undefined);
  const answer = await (hasElse ? Promise.race([coming, late()]) : coming);
  return answer && AWAY.includes(answer.status) ? undefined : answer;
}

/** @returns {Promise<undefined>} */
const late = () => new Promise((resolve) => setTimeout(resolve, PATIENCE, undefined));

/** @param {string} address */
async function keptPage(address) {
  const kept = await found(address);
  const isOfToday = kept && Date.now() - Date.parse(kept.headers.get("Date") ?? "") < SHIFT;
  return isOfToday ? kept : undefined;
}

/** @param {string} address */
const found = (address) => caches.match(address, { ignoreVary: true });

/**
 * To be asked who one is, or not to be let in, ends what this tablet may show.
 * @param {Response} answer
 */
const isRefusal = (answer) => answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;

async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PAGES)).map((name) => caches.delete(name)));
}
