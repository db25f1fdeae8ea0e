// A tablet at a station. Forms work without this script; with it the page follows what happens elsewhere,
// and steps and weights wait in the tablet while the network is away.
import { Waiting } from "./station-waiting.js";
import { heard, keep } from "./station-kept.js";
import { leaveNothing } from "./kept-forgotten.js";
import { readCodes } from "./station-camera.js";

/** Milliseconds between two looks at what has changed. */
const LOOKS = 1000;
/** Milliseconds after which a look has failed. */
const PATIENCE = 8000;
const tablet = /** @type {HTMLElement} */ (document.querySelector("[data-tablet]"));
const waiting = new Waiting(tablet);
const scan = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-station-scan]"));
let isBusy = false;
/** How often this tablet has told the shop something: news from before that is old. */
let turns = 0;

const station = () => /** @type {HTMLElement} */ (document.getElementById("station"));

/**
 * @param {Document} page
 * @param {boolean} [isNews] nobody asked for it: then the focus stays where it is
 */
function show(page, isNews = false) {
  const fresh = page.getElementById("station");
  if (!fresh) return;
  const typed = whatIsTyped(fresh);
  const here = whereFocusIs();
  station().replaceWith(document.adoptNode(fresh));
  retype(typed);
  warm();
  heard();
  keep();
  focusOn(here, isNews);
}

/** In words that hold on the fresh page, too. */
function whereFocusIs() {
  const here = document.activeElement;
  if (!here || !station().contains(here)) return "";
  const link = here.getAttribute("href");
  if (link) return `a[href="${CSS.escape(link)}"]`;
  const form = here.closest("form")?.getAttribute("action");
  return form ? `form[action="${CSS.escape(form)}"] :is(button, input:not([type=hidden]))` : "";
}

/**
 * @param {string} here
 * @param {boolean} isNews
 */
function focusOn(here, isNews) {
  const again = here ? station().querySelector(here) : null;
  const next = isNews ? again : (station().querySelector("[data-stop]") ?? wanted() ?? again);
  if (next instanceof HTMLElement && !station().contains(document.activeElement)) next.focus();
}

/** The field that comes next: grams, once the lot is known, or the weight of a bar. */
function wanted() {
  const lot = station().querySelector(".station-job input[name=lot]");
  const isKnown = lot instanceof HTMLInputElement && lot.value;
  return station().querySelector(isKnown ? ".station-job input[name=grams]" : ".station-job input[name=weight]");
}

/**
 * What somebody has begun to type for the same bar is not lost to news.
 * @param {HTMLElement} fresh
 */
function whatIsTyped(fresh) {
  const bar = station().querySelector("article[data-bar]")?.getAttribute("data-bar");
  if (!bar || bar !== fresh.querySelector("article[data-bar]")?.getAttribute("data-bar")) return [];
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (station().querySelectorAll(".station-job input:not([type=hidden])"));
  return [...fields]
    .filter((field) => field.value !== field.defaultValue || field === document.activeElement)
    .map((field) => ({ name: field.name, value: field.value, isHere: field === document.activeElement }));
}

/** @param {{ name: string, value: string, isHere: boolean }[]} typed */
function retype(typed) {
  for (const { name, value, isHere } of typed) {
    const field = station().querySelector(`.station-job input[name="${name}"]`);
    if (!(field instanceof HTMLInputElement)) continue;
    if (field.type !== "checkbox") field.value = value;
    if (isHere) field.focus();
  }
}

/** The pictures of the next bars, so that they are there when the network is not. */
function warm() {
  for (const next of station().querySelectorAll("template")) {
    for (const picture of next.content.querySelectorAll("img")) new Image().src = picture.src;
  }
}

/** @param {string} text */
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

// ── What happens elsewhere ────────────────────────────────────────────────────────────────────────

async function look() {
  if (isBusy || document.hidden || waiting.messages.length) return;
  const known = station().dataset.digest ?? "";
  const hasStop = station().querySelector("[data-stop]");
  const turn = turns;
  try {
    const answer = await fetch(tablet.dataset.now ?? "", {
      headers: { "If-None-Match": known },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    waiting.isAway = false;
    if (answer.status === 304) heard();
    // A stop stays until somebody has read it.
    if (answer.status === 200 && !hasStop && turn === turns) show(parsed(await answer.text()), true);
    if (answer.type === "opaqueredirect") signedOut();
  } catch {
    waiting.isAway = true;
  }
  waiting.show();
}

function signedOut() {
  waiting.isSignedOut = true;
  void leaveNothing();
}

// ── What somebody does ────────────────────────────────────────────────────────────────────────────

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.closest("#station, [data-station-scan]")) return;
  event.preventDefault();
  const told = new FormData(form, event.submitter);
  const stray = strayScan(form);
  if (stray && scan) scanned(scan, new FormData(scan), stray);
  else if (form.matches("[data-queued]")) queue(form, told);
  else if (form === scan) scanned(form, told);
  else send(form, told);
});

/**
 * A scanner types wherever the focus is: no weight has letters.
 * @param {HTMLFormElement} form
 */
function strayScan(form) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[inputmode=decimal]"));
  const field = [...fields].find(({ value }) => /[a-z/]/i.test(value));
  const typed = field?.value;
  if (field) field.value = "";
  return typed;
}

/**
 * @param {HTMLFormElement} form
 * @param {FormData} told
 */
async function queue(form, told) {
  const words = /** @type {HTMLElement} */ (form.querySelector("button:not([type=button])")).textContent?.trim() ?? "";
  const code = String(told.get("code"));
  waiting.add({ url: form.action, told: [...told].map(([name, value]) => [name, String(value)]), code, words });
  form.querySelectorAll("button").forEach((button) => (button.disabled = true));
  await flush();
  if (waiting.messages.length) goOn(form);
}

/**
 * Without the network: the next row of the cup, or the next bar that the tablet knows.
 * @param {HTMLFormElement} form
 */
function goOn(form) {
  const rows = [...station().querySelectorAll(".station-job [data-open]")];
  if (form.matches("[data-dose]") && rows.length) {
    rows[0].removeAttribute("data-open");
    rows[0].className = "station-cup--done";
    if (rows[1]) nextCup(form, /** @type {HTMLElement} */ (rows[1]));
    else kitted(form);
    keep();
  } else nextBar();
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} row
 */
function nextCup(form, row) {
  row.className = "station-cup--next";
  const [name, grams] = station().querySelectorAll("[data-cup-next] > *");
  name.textContent = row.dataset.name ?? "";
  grams.textContent = `${row.dataset.grams} g`;
  const take = station().querySelector("[data-cup-take]");
  if (take) take.textContent = row.dataset.lots ?? "";
  form.reset();
  const lot = form.elements.namedItem("lot");
  const key = form.elements.namedItem("key");
  if (lot instanceof HTMLInputElement) lot.value = "";
  if (key instanceof HTMLInputElement) key.value = newKey();
  form.querySelectorAll("button").forEach((button) => (button.disabled = false));
}

/** @param {HTMLFormElement} form */
function kitted(form) {
  form.hidden = true;
  const step = station().querySelector("[data-step]");
  if (step instanceof HTMLElement) step.hidden = false;
}

/** @param {string} [code] the bar that was scanned, or else the next one */
function nextBar(code) {
  const gone = new Set(waiting.messages.filter(({ told }) => told.some(([name]) => name === "to")).map((message) => message.code));
  const known = [...station().querySelectorAll("template")].filter(({ dataset }) => !gone.has(dataset.bar ?? ""));
  const next = code ? known.find(({ dataset }) => plain(dataset.bar ?? "") === plain(code)) : known[0];
  if (!next && code) return false;
  const place = station().querySelector("[data-before]");
  place?.replaceChildren(...(next ? [next.content.cloneNode(true)] : [said(tablet.dataset.noMore ?? "", "station-empty")]));
  keep();
  return true;
}

/** @param {string} code */
const plain = (code) => code.replace(/[?#].*$/, "").replace(/\/+$/, "").replace(/^.*\//, "").replace(/[\s-]/g, "").toUpperCase();

/**
 * @param {HTMLFormElement} form
 * @param {FormData} told
 */
async function send(form, told) {
  isBusy = true;
  turns += 1;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(/** @type {any} */ (told)), signal: AbortSignal.timeout(2 * PATIENCE) });
    if (isSignIn(answer)) location.reload();
    else show(parsed(await answer.text()));
  } catch {
    waiting.isAway = true;
    if (!form.matches("[data-take-up]") || !nextBar()) stop(tablet.dataset.needsNetwork ?? "");
  } finally {
    isBusy = false;
    waiting.show();
  }
}

/** @param {Response} answer */
const isSignIn = (answer) => answer.redirected && new URL(answer.url).pathname.includes("/login/");

/**
 * @param {HTMLFormElement} form
 * @param {FormData} told
 * @param {string} [code] where it was not typed into the form
 */
async function scanned(form, told, code) {
  if (code) told.set("code", code);
  const typed = String(told.get("code"));
  form.reset();
  if (!waiting.isAway && !waiting.messages.length) {
    await send(form, told);
    if (!waiting.isAway) return;
  }
  station().querySelector("[data-stop]")?.remove();
  const lots = [...station().querySelectorAll(".station-job [data-open]")].map((row) => /** @type {HTMLElement} */ (row).dataset.lots ?? "");
  const lot = lots.flatMap((codes) => codes.split(" ")).find((code) => code && plain(code) === plain(typed));
  const field = station().querySelector(".station-job input[name=lot]");
  if (lot && lots[0].split(" ").includes(lot) && field instanceof HTMLInputElement) {
    field.value = lot;
    /** @type {HTMLElement | null} */ (station().querySelector(".station-job input[name=grams]"))?.focus();
  } else if (!nextBar(typed)) stop(tablet.dataset.unknown ?? "");
}

/** @param {string} words */
function stop(words) {
  station().querySelector("[data-stop]")?.remove();
  const box = said("", "station-stop");
  box.dataset.stop = "";
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  const understood = document.createElement("button");
  understood.type = "button";
  understood.className = "button floor-button";
  understood.textContent = tablet.dataset.understood ?? "";
  understood.addEventListener("click", () => box.remove());
  box.append(said(tablet.dataset.stopWord ?? "", "station-stop__word"), said(words, "station-stop__why"), understood);
  station().prepend(box);
  box.focus();
}

/**
 * @param {string} words
 * @param {string} looks
 */
function said(words, looks) {
  const box = document.createElement("div");
  box.className = looks;
  box.textContent = words;
  return box;
}

// A page that did not come by https has no randomUUID.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const signs = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return signs.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// ── What has waited ───────────────────────────────────────────────────────────────────────────────

async function flush() {
  if (isBusy) return;
  isBusy = true;
  turns += 1;
  try {
    const page = await waiting.send(token());
    if (page) show(page);
    if (waiting.isSignedOut) signedOut();
  } finally {
    isBusy = false;
    waiting.show();
  }
}

const token = () => /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"))?.value ?? "";

async function beat() {
  if (waiting.messages.length) await flush();
  else await look();
  window.setTimeout(beat, LOOKS);
}

window.addEventListener("online", () => void flush());
waiting.isAway = "keptAt" in tablet.dataset;
// What is kept lacks the counts: the first answer brings them, whatever has changed.
if (waiting.isAway) delete station().dataset.digest;
waiting.show();
warm();
window.setTimeout(beat, LOOKS);

if (scan) {
  const camera = /** @type {HTMLButtonElement} */ (scan.querySelector("[data-camera]"));
  readCodes(camera, (code) => void scanned(scan, new FormData(scan), code));
}
