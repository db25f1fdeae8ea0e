// The page of a station keeps itself, as it stands, for when the tablet is switched on and the network is away
// (workers/stations.js shows it then). One page is kept: the one that was looked at last.
import { forget, isForgotten, PAGES } from "./kept-forgotten.js";

const FILES = "station-files";
const tablet = /** @type {HTMLElement} */ (document.querySelector("[data-tablet]"));
const mine = PAGES + (tablet.dataset.who ?? "");
const plain = new URL(tablet.dataset.noNetwork ?? "", location.href).href;
// As it came, before a script changed anything.
const shell = /** @type {HTMLElement} */ (document.documentElement.cloneNode(true));
const mayKeep = "serviceWorker" in navigator && "caches" in window;
/** When the shop last spoke, and whether this page came from it. */
let heardAt = new Date(tablet.dataset.keptAt ?? Date.now());
let isReady = "keptAt" in tablet.dataset;
/** @type {Promise<void>} */
let turn = Promise.resolve();

/** The shop has spoken: from now on this is a page like any other. */
export function heard() {
  heardAt = new Date();
  delete tablet.dataset.keptAt;
}

/** As it stands now, in turn with what is written already. */
export function keep() {
  if (mayKeep && isReady) turn = turn.then(write).catch(() => undefined);
}

async function write() {
  if (isForgotten || document.hidden) return;
  const kept = await caches.open(mine);
  const wanted = [here(), ...pictures()];
  // Without the network a new picture does not come, and the page does without.
  await Promise.all(wanted.slice(1).map(async (address) => (await kept.match(address)) ?? kept.add(address).catch(() => undefined)));
  await kept.put(here(), await copy());
  await dropBut(kept, wanted);
  // Whoever has signed out meanwhile is gone.
  if (isForgotten) await forget();
}

const here = () => location.href.replace(/#.*/, "");

/** Of the bar in hand and of those that come. */
function pictures() {
  const station = /** @type {HTMLElement} */ (document.getElementById("station"));
  const parts = [station, ...[...station.querySelectorAll("template")].map(({ content }) => content)];
  return [...new Set(parts.flatMap((part) => [...part.querySelectorAll("img")].map(({ src }) => new URL(src, location.href).href)))];
}

/** What changes from second to second, stops people, or names them is not in it. */
async function copy() {
  const page = /** @type {HTMLElement} */ (shell.cloneNode(true));
  page.querySelector("#station")?.replaceWith(/** @type {HTMLElement} */ (document.getElementById("station")).cloneNode(true));
  const parts = [page, ...[...page.querySelectorAll("template")].map(({ content }) => content)];
  for (const part of parts) {
    part.querySelectorAll("[data-live], [data-stop], .messages").forEach((live) => live.remove());
    part.querySelectorAll("[data-instead]").forEach((instead) => instead.removeAttribute("hidden"));
    part.querySelectorAll("button[disabled]").forEach((button) => button.removeAttribute("disabled"));
  }
  /** @type {HTMLElement} */ (page.querySelector("[data-tablet]")).dataset.keptAt = heardAt.toISOString();
  return new Response(`<!DOCTYPE html>${page.outerHTML}`, { headers: await headers() });
}

/** What guards the plain page guards this one: its content security policy above all. */
async function headers() {
  const guards = new Headers((await caches.match(plain, { ignoreVary: true }))?.headers);
  guards.delete("Content-Encoding");
  guards.delete("Content-Length");
  guards.set("Date", heardAt.toUTCString());
  return guards;
}

/** Of this release, with what the plain page needs; files of the one before go. */
async function keepFiles() {
  const files = await caches.open(FILES);
  await files.add(new Request(plain, { redirect: "error" }));
  const text = (await (await files.match(plain, { ignoreVary: true }))?.text()) ?? "";
  const others = named(new DOMParser().parseFromString(text, "text/html"));
  const root = new URL("../", import.meta.url).href;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const wanted = [...new Set([...named(document), ...others, ...loaded.filter((name) => name.startsWith(root))])];
  await files.addAll(wanted);
  await dropBut(files, [plain, ...wanted]);
}

/** @param {Document} page */
function named(page) {
  const tags = page.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]");
  return [...tags].map((tag) => new URL(tag.getAttribute("href") ?? tag.getAttribute("src") ?? "", location.href).href);
}

/**
 * @param {Cache} cache
 * @param {string[]} wanted
 */
async function dropBut(cache, wanted) {
  const others = (await cache.keys()).filter(({ url }) => !wanted.includes(url));
  await Promise.all(others.map((other) => cache.delete(other, { ignoreVary: true })));
}

async function begin() {
  await navigator.serviceWorker.register(tablet.dataset.worker ?? "");
  if (isReady) return;
  await forget(mine);
  await keepFiles();
  isReady = true;
  keep();
}

if (mayKeep) {
  document.addEventListener("visibilitychange", keep);
  // When everything has arrived, so that it costs nobody a moment.
  if (document.readyState === "complete") void begin().catch(() => undefined);
  else window.addEventListener("load", () => void begin().catch(() => undefined));
}
