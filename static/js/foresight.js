import { foreseen, keyOf } from "./edits.js";

/**
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./sheets.js").Sheets} Sheets
 */

/** A pointer that only passes over a card asks for nothing. */
const DWELL = 60;
const TOUCH = 40;
/** A longer list is not one of how pieces lie. */
const MOST_LISTED = 12;
const MOST_KEPT = 60;

/** Has the drawing of a change before the change is made: while the pointer rests on a card, or the focus. */
export class Foresight {
  /** @type {Map<string, Promise<Drawing>>} */
  asked = new Map();
  /** @type {Map<string, Drawing>} */
  ready = new Map();
  resting = 0;
  isBusy = false;
  /** What the pointer is over, and what it came upon while another drawing was on its way. */
  under = /** @type {Element | null} */ (null);
  next = /** @type {EventTarget | null} */ (null);

  /**
   * @param {string} address
   * @param {Sheets} sheets
   * @param {() => HTMLFormElement | null} form
   * @param {() => number} width of the picture that the canvas stands for
   */
  constructor(address, sheets, form, width) {
    this.address = address;
    this.sheets = sheets;
    this.form = form;
    this.width = width;
  }

  /** @param {AbortSignal} signal */
  watch(signal) {
    document.addEventListener("pointermove", this.pass, { signal, passive: true });
    document.body.addEventListener("htmx:afterRequest", this.goOn, { signal });
    document.addEventListener("pointerdown", this.press, { signal, capture: true });
    document.addEventListener("pointercancel", this.leave, { signal });
    document.addEventListener("focusin", this.rest, { signal });
  }

  /** Not while the page scrolls under a pointer that rests. @param {PointerEvent} event */
  pass = (event) => {
    const target = event.target instanceof Element ? (event.target.closest(".module, button, select") ?? null) : null;
    if (event.pointerType !== "mouse" || target === this.under) return;
    this.under = target;
    if (target) this.foreseeSoon(event.target, DWELL);
    else this.leave();
  };

  /** @param {Event} event */
  rest = (event) => this.foreseeSoon(event.target, DWELL);

  /** A finger may only want to scroll; that shows soon. @param {PointerEvent} event */
  press = (event) => {
    this.foreseeSoon(event.target, event.pointerType === "mouse" ? 0 : TOUCH);
  };

  leave = () => window.clearTimeout(this.resting);

  /**
   * @param {EventTarget | null} target
   * @param {number} pause in milliseconds
   */
  foreseeSoon(target, pause) {
    this.leave();
    if (pause) this.resting = window.setTimeout(() => this.foresee(target), pause);
    else this.foresee(target);
  }

  /** One at a time, the latest first, and never in the way of a change that is on its way. @param {EventTarget | null} target */
  foresee(target) {
    const form = this.form();
    this.next = target;
    if (!form || this.isBusy || form.classList.contains("htmx-request")) return;
    this.next = null;
    const control = controlAt(target);
    const coming = control && foreseen(new FormData(form), control);
    const answer = target instanceof HTMLSelectElement ? this.foreseeList(target) : coming && this.ask(coming);
    if (!answer) return;
    this.isBusy = true;
    answer.catch(() => undefined).finally(() => {
      this.isBusy = false;
      this.goOn();
    });
  }

  goOn = () => {
    if (this.next) this.foresee(this.next);
  };

  /** While a list of patterns or doses is open, what each of them would look like. @param {HTMLSelectElement} list */
  async foreseeList(list) {
    if (list.form?.id !== "design" || list.options.length > MOST_LISTED) return;
    for (const option of list.options) {
      const form = this.form();
      if (!form || document.activeElement !== list) return;
      const coming = new FormData(form);
      coming.set(list.name, option.value);
      await this.ask(coming).catch(() => undefined);
    }
  }

  /**
   * What is there already for a form, with all its sprites.
   * @param {FormData} form
   */
  known(form) {
    const drawing = this.ready.get(this.key(form));
    return drawing && this.sheets.has(drawing) ? drawing : null;
  }

  /** @param {string} digest */
  of(digest) {
    return [...this.ready.values()].find((drawing) => drawing.digest === digest && drawing.width === this.width());
  }

  /**
   * @param {FormData} form
   * @returns {Promise<Drawing>}
   */
  ask(form) {
    const key = this.key(form);
    const known = this.asked.get(key);
    if (known) return known;
    const answer = this.fetch(form, key);
    answer.catch(() => this.asked.delete(key));
    this.asked.set(key, answer);
    for (const oldest of [...this.asked.keys()].slice(0, -MOST_KEPT)) {
      this.asked.delete(oldest);
      this.ready.delete(oldest);
    }
    return answer;
  }

  /**
   * @param {FormData} form
   * @param {string} key
   */
  async fetch(form, key) {
    const body = new URLSearchParams([...form].map(([name, value]) => [name, String(value)]));
    body.set("width", String(this.width()));
    const answer = await fetch(this.address, { method: "POST", body });
    if (!answer.ok) throw new Error(`The drawing answers ${answer.status}`);
    /** @type {Drawing} */
    const drawing = await answer.json();
    await this.sheets.ready(drawing);
    this.ready.set(key, drawing);
    return drawing;
  }

  /** @param {FormData} form */
  key(form) {
    return `${this.width()} ${keyOf(form)}`;
  }
}

/**
 * The control that a press here would change, unless it is closed.
 * @param {EventTarget | null} target
 */
function controlAt(target) {
  if (!(target instanceof Element)) return null;
  const button = target.closest("button[form=design], form#design button");
  if (button instanceof HTMLButtonElement) return button;
  const label = target.closest("label");
  const control = label?.control ?? target;
  const isOpen = control instanceof HTMLInputElement && control.getAttribute("aria-disabled") !== "true";
  const says = isOpen && !control.hasAttribute("data-browse") && !(control.type === "radio" && control.checked);
  return says && control.form?.id === "design" ? control : null;
}
