import { PLACE, Pending } from "./pending.js";
import { recalled } from "./storage.js";

/** What a step back or forth is called by the keyboard: the names of their buttons. */
const STEPS = /** @type {Record<string, string>} */ ({ z: "undo", Z: "redo", y: "redo" });

/**
 * Looks after the form that is the design. Every edit is written into the form, so that the form alone
 * says what the bar is: an answer that comes after a newer edit is dropped, and the next one asked for.
 * Knows no rules and no prices.
 */
export class BarForm extends HTMLElement {
  edits = 0;
  /** How many edits the request on its way knows of; null when none is on its way. */
  asked = /** @type {number | null} */ (null);
  /** The customer pressed "Add to cart" while a change was on its way. */
  ordering = false;
  /** Tells the server which of somebody's windows speaks. */
  tab = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  /** There before it is needed: without the network it could not be fetched any more. */
  pending = /** @type {Pending | null} */ (null);
  /** What was told with an answer that a newer edit has overtaken. */
  untold = /** @type {Element[]} */ ([]);
  leaving = new AbortController();

  connectedCallback() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    document.addEventListener("click", this.edit, { signal });
    document.addEventListener("keydown", this.step, { signal });
    document.addEventListener("submit", this.holdOrder, { signal, capture: true });
    this.addEventListener("change", this.keepBrowsing, { signal, capture: true });
    const { body } = document;
    body.addEventListener("change", this.count, { signal, capture: true });
    body.addEventListener("htmx:configRequest", this.nameButton, { signal });
    body.addEventListener("htmx:beforeSend", this.ask, { signal });
    body.addEventListener("htmx:beforeSwap", this.dropStale, { signal });
    body.addEventListener("htmx:afterRequest", this.hear, { signal });
    body.addEventListener("htmx:afterSettle", this.settle, { signal });
    this.pending = new Pending(this.form, () => this.send(), signal);
    // Not before htmx looks after the form.
    if (document.readyState === "complete") this.begin();
    else document.addEventListener("DOMContentLoaded", this.begin, { signal, once: true });
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  /** What was changed before this script came, or had not arrived before a reload, is sent now. */
  begin = async () => {
    const isKept = recalled(PLACE) !== null && (await import("./restoring.js")).restored(this.form);
    if (isKept || [...this.form.elements].some(isChanged)) this.form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  get form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  /** The form as it stands, without another edit. */
  send() {
    this.form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  }

  /** @param {Event} event */
  edit = (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest("button");
    if (target instanceof HTMLInputElement && target.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      this.explain(`${target.name}:${target.value}`);
    } else if (button?.name === "why") {
      event.preventDefault();
      this.explain(button.value);
    } else if (button?.form === this.form && button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
    } else if (button?.name === "remove") {
      event.preventDefault();
      this.takeOut(button.value);
    } else if (button?.name === "instead") {
      event.preventDefault();
      this.exchange(button.value);
    } else if (button?.name === "scatter") {
      event.preventDefault();
      this.scatter();
    } else if (button?.name === "surprise" && !customElements.get("surprise-me")) {
      event.preventDefault();
      this.surprise(button);
    }
  };

  /** Who avoids something must never be quicker than the script that heeds it. @param {HTMLButtonElement} button */
  async surprise(button) {
    await import("./surprise.js").then(() => button.click(), () => this.say(this.dataset.failed ?? ""));
  }

  /** A blocked module can be reached and read, not chosen. @param {string} choice as "toppings:almond_whole" */
  async explain(choice) {
    const { showWhy } = await import("./why.js");
    await showWhy(this.form, choice);
  }

  /** Ctrl+Z outside of text, where it takes back what was typed. @param {KeyboardEvent} event */
  step = (event) => {
    const name = STEPS[event.shiftKey ? event.key.toUpperCase() : event.key];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    document.getElementById(name)?.click();
  };

  /** @param {string} choice slot and module, as "toppings:almond_whole" */
  takeOut(choice) {
    const box = document.getElementById(choice.replace(":", "-"));
    if (box instanceof HTMLInputElement) {
      box.checked = false;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /** @param {string} choices what goes and what comes, as "toppings:a ingredients:b" */
  exchange(choices) {
    const [old, coming] = choices.split(" ").map((choice) => document.getElementById(choice.replace(":", "-")));
    if (old instanceof HTMLInputElement && coming instanceof HTMLInputElement) {
      old.checked = false;
      coming.checked = true;
      coming.focus({ preventScroll: true });
      coming.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  scatter() {
    const seed = document.querySelector("#shown input[name=seed]");
    if (seed instanceof HTMLInputElement) {
      seed.value = String(Number(seed.value) + 1);
      seed.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /** Searching and filtering change the view, not the bar. @param {Event} event */
  keepBrowsing = (event) => {
    if (isBrowsing(event)) event.stopPropagation();
  };

  /** @param {Event} event */
  count = (event) => {
    const { target } = event;
    if (target instanceof HTMLSelectElement && target.value === "other") {
      // Nothing has changed before the grams are typed.
      event.stopPropagation();
      askGrams(target);
    } else if (!isBrowsing(event)) {
      this.edits += 1;
    }
  };

  /** A button beside the form belongs to it too, and says what it was pressed for. @param {Event} event */
  nameButton = (event) => {
    const { triggeringEvent, parameters } = /** @type {CustomEvent} */ (event).detail;
    const button = triggeringEvent?.submitter;
    if (button instanceof HTMLButtonElement && button.name) parameters[button.name] = button.value;
    Object.assign(parameters, { tab: this.tab }, this.pending?.owed(button, triggeringEvent));
  };

  ask = () => {
    this.asked = this.edits;
  };

  /** Also an answer that is dropped says which step of the bar the server stands at. @param {Event} event */
  dropStale = (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    const place = detail.xhr.getResponseHeader("X-Creation");
    const field = this.form.querySelector("[name=creation]");
    if (place && field instanceof HTMLInputElement) field.value = place;
    if (this.asked === this.edits) return;
    detail.shouldSwap = false;
    const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
    this.untold.push(...page.querySelectorAll("#told [data-message]"));
  };

  /** @param {Event} event */
  hear = (event) => {
    const isUpToDate = this.asked === this.edits;
    this.asked = null;
    const { successful, xhr } = /** @type {CustomEvent} */ (event).detail;
    if (successful) {
      if (isUpToDate) this.pending?.arrived();
    } else {
      this.ordering = false;
      const words = this.pending?.failed(xhr);
      if (words) this.say(words);
    }
  };

  settle = () => {
    this.markMistakes();
    document.getElementById("told")?.prepend(...this.untold.splice(0));
    if (document.activeElement === document.body) document.getElementById("bar-heading")?.focus({ preventScroll: true });
    if (this.ordering && this.asked === null) {
      this.ordering = false;
      const order = document.getElementById("order");
      if (order instanceof HTMLFormElement && !order.querySelector("button:disabled")) order.requestSubmit();
    }
  };

  /** A field that is not swapped, so that one can go on typing, is marked by the mistake beside it. */
  markMistakes() {
    for (const mistake of document.querySelectorAll(".field__error[id$='-error']")) {
      const field = document.getElementById(mistake.id.replace(/-error$/, ""));
      if (!(field instanceof HTMLInputElement)) continue;
      if (mistake instanceof HTMLElement && mistake.hidden) field.removeAttribute("aria-invalid");
      else field.setAttribute("aria-invalid", "true");
    }
  }

  /** Nothing is ordered before the last change has arrived. @param {Event} event */
  holdOrder = (event) => {
    const isOrder = event.target instanceof HTMLFormElement && event.target.id === "order";
    if (isOrder && (this.asked !== null || this.pending?.isWaiting)) {
      event.preventDefault();
      this.ordering = true;
      if (this.asked === null) this.pending?.retry();
    }
  };

  /** @param {string} words */
  say(words) {
    const news = document.getElementById("news");
    if (news) news.textContent = words;
  }
}

/** @param {HTMLSelectElement} dose */
function askGrams(dose) {
  const field = document.getElementById(dose.id.replace("dose-", "grams-"));
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.select();
}

/** @param {Event} event */
function isBrowsing(event) {
  return event.target instanceof Element && event.target.hasAttribute("data-browse");
}

/** Whether a control says something else than the page that came. @param {Element} control */
function isChanged(control) {
  if (control.hasAttribute("data-browse") || control.closest("#placing")) return false;
  if (control instanceof HTMLSelectElement) {
    const usual = [...control.options].findIndex((option) => option.defaultSelected);
    return control.value !== "other" && control.selectedIndex !== Math.max(0, usual);
  }
  if (!(control instanceof HTMLInputElement) || control.type === "file") return false;
  return control.checked !== control.defaultChecked || control.value !== control.defaultValue;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}

customElements.define("bar-form", BarForm);
