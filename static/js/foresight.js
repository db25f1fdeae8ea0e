import { foreseen, keyOf } from "./edits.js";

/**
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./sheets.js").Sheets} Sheets
 */

/** A pointer that only passes over a card asks for nothing. */
const DWELL = 60;
const MOST_KEPT = 60;

/** Has the drawing of a change before the change is made: while the pointer rests on a card, or the focus. */
export class Foresight {
  /** @type {Map<string, Promise<Drawing>>} */
  asked = new Map();
  /** @type {Map<string, Drawing>} */
  ready = new Map();
  resting = 0;

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
    document.addEventListener("pointerover", this.rest, { signal });
    document.addEventListener("pointerdown", this.press, { signal, capture: true });
    document.addEventListener("focusin", this.press, { signal });
  }

  /** @param {PointerEvent} event */
  rest = (event) => {
    window.clearTimeout(this.resting);
    if (event.pointerType === "mouse") this.resting = window.setTimeout(() => this.foresee(event.target), DWELL);
  };

  /** @param {Event} event */
  press = (event) => this.foresee(event.target);

  /** @param {EventTarget | null} target */
  foresee(target) {
    const control = controlAt(target);
    const form = this.form();
    const coming = control && form && foreseen(new FormData(form), control);
    if (coming) this.ask(coming).catch(() => undefined);
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
