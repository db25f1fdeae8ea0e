// The plain page, shown for a station of which nothing is kept: it leads to the one that is, and on as soon as there is
// a network.
import { PAGES } from "./kept-forgotten.js";

const LOOKS = 3000;
const away = /** @type {HTMLElement} */ (document.querySelector("[data-away]"));

async function leadBack() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES));
  for (const name of names) {
    const pages = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url)).filter(({ pathname }) => pathname.includes("/stations/"));
    const link = /** @type {HTMLAnchorElement} */ (away.querySelector("[data-last]"));
    if (pages[0]) link.href = pages[0].href;
    link.hidden = !pages[0];
  }
}

async function look() {
  const goal = location.pathname === away.dataset.away ? (away.dataset.stations ?? "") : location.href;
  try {
    const answer = await fetch(goal, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(LOOKS) });
    if (answer.type === "opaqueredirect" || answer.status < 500) return location.replace(goal);
  } catch {
    // Still away.
  }
  window.setTimeout(look, LOOKS);
}

if ("caches" in window) void leadBack().catch(() => undefined);
window.setTimeout(look, LOOKS);
