// A tablet keeps the page of its station for when the network is away (station-kept.js). Whoever signs out, on whatever
// page, leaves nothing of it behind.

/** So begins the name of what is kept for one person; workers/stations.js knows it too. */
export const PAGES = "station-page:";
const OFFICE = "[data-admin-utc-offset]:not(.popup)";
const WAYS_OUT = 'form[action$="/logout/"], form[action$="/sign-out/"]';

// A page that did not come by https has no such store.
const hasStore = "caches" in window;
export let isForgotten = false;

/** @param {string} [but] what stays */
export async function forget(but) {
  const names = await caches.keys();
  const gone = names.filter((name) => name.startsWith(PAGES) && name !== but);
  await Promise.all(gone.map((name) => caches.delete(name)));
}

/** For good: this page keeps nothing any more. */
export async function leaveNothing() {
  isForgotten = true;
  if (hasStore) await forget().catch(() => undefined);
}

/** @param {SubmitEvent} event */
async function signOut(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches(WAYS_OUT)) return;
  event.preventDefault();
  await leaveNothing();
  form.submit();
}

if (hasStore) {
  document.addEventListener("submit", signOut);
  // The office shows a way out to whoever is in: without one this is its sign-in page, or its farewell.
  if (document.body.matches(OFFICE) && !document.querySelector(WAYS_OUT)) void leaveNothing();
}
