// Runs of the plan are dragged by pointer or moved by arrow keys. Wherever one is put, its own form is
// filled in and sent: the server's guard decides, and refuses in words.
import { placed, steps } from "./plan-places.js";

/** @typedef {{ turn: HTMLElement, before: Element | null, position: number }} Place */

const plan = /** @type {HTMLElement | null} */ (document.querySelector("[data-dragging]"));
const mark = document.createElement("li");
mark.className = "floor-plan__mark";
mark.ariaHidden = "true";
/** Pixels at the edge of the window that let the page follow the pointer. */
const EDGE = 80;
const SCROLLED = 16;

class Dragging {
  /** @type {Place | null} */
  place = null;

  /**
   * @param {HTMLElement} grip
   */
  constructor(grip) {
    this.grip = grip;
    this.run = /** @type {HTMLElement} */ (grip.closest("[data-run]"));
    this.run.toggleAttribute("data-dragged", true);
  }

  /** @param {Place} place */
  show(place) {
    this.place = place;
    const list = /** @type {HTMLElement} */ (place.turn.querySelector("ol"));
    list.insertBefore(mark, place.before);
    say("place", place.turn.ariaLabel ?? "", String(place.position));
  }

  /** The place before the first run whose middle lies below the pointer.
   * @param {number} x
   * @param {number} y */
  point(x, y) {
    const turn = document.elementFromPoint(x, y)?.closest(".floor-plan__turn");
    if (!(turn instanceof HTMLElement)) return;
    const others = runs(turn).filter((run) => run !== this.run);
    const index = placed(others.map((run) => middle(run)), y);
    this.show({ turn, before: others[index] ?? null, position: index + 1 });
  }

  /** @param {string} key */
  step(key) {
    const turns = /** @type {HTMLElement[]} */ ([...(plan?.querySelectorAll(".floor-plan__turn") ?? [])]);
    const own = /** @type {HTMLElement} */ (this.run.closest(".floor-plan__turn"));
    const from = this.place ?? { turn: own, position: runs(own).indexOf(this.run) + 1 };
    const lengths = turns.map((turn) => runs(turn).filter((run) => run !== this.run).length);
    const to = steps(key, { turn: turns.indexOf(from.turn), position: from.position }, lengths);
    const turn = turns[to.turn];
    const others = runs(turn).filter((run) => run !== this.run);
    this.show({ turn, before: others[to.position - 1] ?? null, position: to.position });
    mark.scrollIntoView({ block: "nearest" });
  }

  put() {
    const form = this.run.querySelector("form");
    const { place } = this;
    this.end();
    if (!place || !form || place.turn.contains(this.run) && position(this.run) === place.position) return;
    field(form, "day").value = place.turn.dataset.day ?? "";
    field(form, "temperer").value = place.turn.dataset.temperer ?? "";
    field(form, "position").value = String(place.position);
    form.requestSubmit();
  }

  end() {
    mark.remove();
    this.run.toggleAttribute("data-dragged", false);
  }
}

/** @type {Dragging | null} */
let dragging = null;

/** @param {Element} turn */
function runs(turn) {
  return [...turn.querySelectorAll("[data-run]")];
}

/** @param {HTMLElement} run */
function position(run) {
  return runs(/** @type {HTMLElement} */ (run.closest(".floor-plan__turn"))).indexOf(run) + 1;
}

/** @param {Element} run */
function middle(run) {
  const { top, height } = run.getBoundingClientRect();
  return top + height / 2;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function field(form, name) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (form.elements.namedItem(name));
}

/**
 * @param {"place" | "left"} what
 * @param {string[]} words
 */
function say(what, ...words) {
  const live = document.getElementById("dragged");
  if (live) live.textContent = (live.dataset[what] ?? "").replace(/\{(\d)\}/g, (_all, number) => words[number] ?? "");
}

function leave() {
  dragging?.end();
  dragging = null;
  say("left");
}

/** @param {PointerEvent} event */
function follow(event) {
  if (!dragging || !dragging.grip.hasPointerCapture(event.pointerId)) return;
  dragging.point(event.clientX, event.clientY);
  if (event.clientY < EDGE) window.scrollBy(0, -SCROLLED);
  else if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, SCROLLED);
}

/** @param {KeyboardEvent} event */
function press(event) {
  const grip = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.key.startsWith("Arrow")) {
    dragging ??= new Dragging(grip);
    dragging.step(event.key);
  } else if (dragging && (event.key === "Enter" || event.key === " ")) {
    dragging.put();
    dragging = null;
  } else if (dragging && event.key === "Escape") leave();
  else return;
  event.preventDefault();
}

for (const grip of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-grip]"))) {
  grip.hidden = false;
  grip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    grip.setPointerCapture(event.pointerId);
    dragging?.end();
    dragging = new Dragging(grip);
  });
  grip.addEventListener("pointermove", follow);
  grip.addEventListener("pointerup", () => {
    dragging?.put();
    dragging = null;
  });
  grip.addEventListener("pointercancel", leave);
  grip.addEventListener("keydown", press);
  grip.addEventListener("blur", () => dragging && leave());
}
const told = document.getElementById("dragging");
if (told) told.hidden = false;
