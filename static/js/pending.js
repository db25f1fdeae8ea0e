import { remember } from "./storage.js";

/** Where an edit waits that has not reached the server; a reload of the page finds it there. */
export const PLACE = "studio-pending";
/** Milliseconds before the next attempt, doubled each time. */
const FIRST = 1000;
const LONGEST = 30_000;
/** Fields that belong to a page and not to the design. */
export const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "shown", "creation", "tab", "q", "step"]);

/** Keeps an edit that failed to reach the server, shows that it waits, and sends it again until it arrives. */
export class Pending {
  attempts = 0;
  timer = 0;
  /** The button whose request failed: what it asked for is still owed. */
  button = /** @type {{ name: string, value: string } | null} */ (null);
  asked = /** @type {{ name: string, value: string } | null} */ (null);
  isWaiting = false;

  /**
   * @param {HTMLFormElement} form
   * @param {() => void} send
   * @param {AbortSignal} signal
   */
  constructor(form, send, signal) {
    this.form = form;
    this.send = send;
    window.addEventListener("online", () => this.isWaiting && this.retry(), { signal });
    this.notice?.querySelector("button")?.addEventListener("click", () => this.retry(), { signal });
    signal.addEventListener("abort", () => window.clearTimeout(this.timer));
  }

  get notice() {
    return document.getElementById("pending");
  }

  /**
   * What goes along with a request: another try says again which button was pressed.
   * @param {HTMLElement | null | undefined} button
   * @param {Event | undefined} event
   */
  owed(button, event) {
    const isRetry = event?.type === "submit" && !button;
    this.asked = button instanceof HTMLButtonElement && button.name ? button : isRetry ? this.button : null;
    return this.asked ? { [this.asked.name]: this.asked.value } : {};
  }

  /**
   * @param {XMLHttpRequest} xhr
   * @returns {string | undefined} what there is to say of it, once
   */
  failed(xhr) {
    const isFirst = !this.isWaiting;
    this.isWaiting = true;
    this.button = this.asked && { name: this.asked.name, value: this.asked.value };
    this.keep();
    const isRefused = xhr.status >= 400 && xhr.status < 500 && xhr.status !== 429;
    const words = this.form.closest("bar-form")?.getAttribute(
      isRefused ? "data-refused" : xhr.status === 429 ? "data-hurried" : "data-failed",
    );
    this.show(words ?? "");
    // A proxy may name a date instead of seconds.
    const asked = 1000 * (Number(xhr.getResponseHeader("Retry-After")) || 60);
    if (!isRefused) this.retryIn(xhr.status === 429 ? asked : this.pause);
    return isFirst || isRefused ? (words ?? "") : undefined;
  }

  get pause() {
    return Math.min(LONGEST, FIRST * 2 ** this.attempts) * (0.75 + Math.random() / 2);
  }

  /** @param {number} pause */
  retryIn(pause) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.retry(), pause);
  }

  retry() {
    window.clearTimeout(this.timer);
    this.attempts += 1;
    this.send();
  }

  arrived() {
    if (!this.isWaiting) return;
    window.clearTimeout(this.timer);
    this.attempts = 0;
    this.isWaiting = false;
    this.button = null;
    this.show("");
    remember(PLACE, null);
  }

  /** @param {string} words */
  show(words) {
    if (!this.notice) return;
    this.notice.hidden = !words;
    const told = this.notice.querySelector("p");
    if (told && words) told.textContent = words;
  }

  keep() {
    const said = [...new FormData(this.form)].filter(([name, value]) => !OF_THE_PAGE.has(name) && typeof value === "string");
    remember(PLACE, JSON.stringify({ path: location.pathname, fields: said }));
  }
}
