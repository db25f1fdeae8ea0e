import { CHANGED, GROUPS, fits, isEmpty, readFacts, saveDiet, storedDiet } from "./diet.js";
import { touched } from "./touched.js";

/**
 * Marks everything on the page by whether it fits what this browser's owner eats; the stylesheet hides the rest.
 *
 * Nothing is fetched because of the choice, for what is fetched tells: the panel and the words for what clashes
 * come to everybody when the browser is idle, and so do all bars; hidden modules of the open shelf at once, others
 * at a touch.
 */
export class DietFilter extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.press);
    window.addEventListener(CHANGED, this.apply);
    document.body.addEventListener("change", this.applyOnce);
    document.body.addEventListener("htmx:oobAfterSwap", this.applyOnce);
    this.fetchPictures(".shelf__switch:checked ~ * ");
    this.apply();
    const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ task) => setTimeout(task, 1000));
    touched.then(() => idle(() => this.fetchPictures()));
    idle(() => this.fetchPictures(".bar-card"));
    idle(() => Promise.all([import("./diet-panel.js"), import("./diet-clashes.js")]).catch(() => {}));
  }

  disconnectedCallback() {
    window.removeEventListener(CHANGED, this.apply);
    document.body.removeEventListener("change", this.applyOnce);
    document.body.removeEventListener("htmx:oobAfterSwap", this.applyOnce);
  }

  /** @param {MouseEvent} event */
  press = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.matches(".diet__open")) this.open();
    else if (button?.dataset.drop) this.drop(button.dataset.drop);
    else if (button?.dataset.relax) this.relax(button.dataset.relax.split(" "));
  };

  async open() {
    try {
      const { openPanel } = await import("./diet-panel.js");
      openPanel(this);
    } catch {
      this.find(".diet__left").textContent = this.dataset.offline ?? "";
    }
  }

  /** @param {string} key of a group or a need */
  drop(key) {
    const { avoid, needs } = storedDiet();
    delete avoid[key];
    saveDiet({ avoid, needs: needs.filter((need) => need !== key) });
    this.querySelector("button")?.focus();
  }

  /** @param {string[]} groups */
  relax(groups) {
    const diet = storedDiet();
    for (const group of groups) if (group in diet.avoid) diet.avoid[group] = "careful";
    saveDiet(diet);
    this.querySelector("button")?.focus();
  }

  isDue = false;

  /** One look at all cards of an answer is enough. */
  applyOnce = () => {
    if (this.isDue) return;
    this.isDue = true;
    queueMicrotask(() => {
      this.isDue = false;
      this.apply();
    });
  };

  apply = () => {
    const diet = storedDiet();
    for (const one of this.judged) one.dataset.fit = fits(readFacts(one), diet);
    this.showChips(diet);
    this.showLeft(isEmpty(diet));
    this.find(".diet__zone").hidden = !Object.values(diet.avoid).includes("strict");
    this.tellClashes(diet);
    delete document.documentElement.dataset.filtering;
    this.dispatchEvent(new Event("fitted", { bubbles: true }));
  };

  fetchPictures(place = "") {
    for (const picture of document.querySelectorAll(`${place}[data-contains] img`)) picture.setAttribute("loading", "eager");
  }

  /** Cards of modules and of bars. @returns {HTMLElement[]} */
  get judged() {
    return [...document.querySelectorAll("[data-contains]")].filter((one) => one instanceof HTMLElement);
  }

  /** @param {import("./diet.js").Diet} diet */
  showChips(diet) {
    const chips = Object.entries(diet.avoid).map(([group, mode]) => ({
      key: group,
      words: (this.dataset[mode] ?? "%s").replace("%s", this.nameOf(group)),
    }));
    const needs = diet.needs.map((need) => ({ key: need, words: this.nameOf(need) }));
    this.find(".diet__chips").replaceChildren(...[...needs, ...chips].map(({ key, words }) => this.chip(key, words)));
  }

  /** @param {string} key @param {string} words */
  chip(key, words) {
    const chip = document.createElement("li");
    chip.innerHTML = '<button type="button" class="diet__chip"><span></span> <span aria-hidden="true">×</span></button>';
    const button = /** @type {HTMLButtonElement} */ (chip.firstElementChild);
    button.dataset.drop = key;
    button.setAttribute("aria-label", `${words}: ${this.dataset.drop}`);
    /** @type {Element} */ (button.firstElementChild).textContent = words;
    return chip;
  }

  /** @param {boolean} isOff */
  showLeft(isOff) {
    const { left, all } = this.count();
    const words = (this.dataset.left ?? "").replace("%1", String(left)).replace("%2", String(all));
    this.find(".diet__left").textContent = isOff ? "" : words;
  }

  /** A module may stand on two shelves and is one all the same. */
  count() {
    const all = new Set();
    const left = new Set();
    for (const one of this.judged) {
      const box = one.querySelector(".module__box");
      const key = box instanceof HTMLInputElement ? box.value : one;
      all.add(key);
      if (one.dataset.fit !== "no") left.add(key);
    }
    return { left: left.size, all: all.size };
  }

  clashing = false;

  /** @param {import("./diet.js").Diet} diet */
  async tellClashes(diet) {
    const isClashing = this.judged.some((one) => one.matches(".module[data-fit=no]"));
    if (!isClashing && !this.clashing) return;
    this.clashing = true;
    // Without the network the cards themselves still show what does not fit.
    const { tellClashes } = await import("./diet-clashes.js").catch(() => ({ tellClashes: undefined }));
    tellClashes?.(this, diet);
  }

  /** As the panel calls it. @param {string} key of a group or a need */
  nameOf(key) {
    const kind = key in GROUPS ? "group" : "need";
    const box = this.panel.querySelector(`[data-${kind}="${key}"]`);
    return box?.nextElementSibling?.firstChild?.textContent?.trim() ?? key;
  }

  /** The panel's content, until it is opened and lives in the page. */
  get panel() {
    const kept = /** @type {HTMLTemplateElement} */ (this.find("template"));
    return kept.content;
  }

  /** @param {string} selector */
  find(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }
}

customElements.define("diet-filter", DietFilter);
