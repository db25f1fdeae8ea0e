import { DietFilter } from "./diet-filter.js";
import { fits, matches } from "./fits.js";

/** Where one was on the shelves; Back and a refresh load the page anew and should not lose it. */
const PLACE = "studio-place";

/** Finds modules as one types, and leaves out what the diet filter hides. The form stays complete. */
export class ModuleBrowser extends HTMLElement {
  connectedCallback() {
    this.recall();
    this.addEventListener("input", this.refresh);
    this.addEventListener("input", this.remember);
    this.addEventListener("keydown", this.keepEnter);
    this.addEventListener("diet", this.refresh);
    document.body.addEventListener("htmx:afterSettle", this.refreshOnce);
    this.refresh();
  }

  disconnectedCallback() {
    document.body.removeEventListener("htmx:afterSettle", this.refreshOnce);
  }

  /** Enter in the search box must not send the design. @param {KeyboardEvent} event */
  keepEnter = (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.type === "search") {
      event.preventDefault();
    }
  };

  remember = () => {
    const places = this.switches(":checked").map((radio) => radio.id);
    sessionStorage.setItem(PLACE, JSON.stringify(places));
  };

  recall() {
    /** @type {string[]} */
    const places = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
    for (const radio of this.switches("")) if (places.includes(radio.id)) radio.checked = true;
  }

  /** @param {string} state */
  switches(state) {
    return /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll(`input[type=radio][data-browse]${state}`)]);
  }

  isDue = false;

  /** An answer tells of every card that it swapped; one look at all of them is enough. */
  refreshOnce = () => {
    if (this.isDue) return;
    this.isDue = true;
    queueMicrotask(() => {
      this.isDue = false;
      this.refresh();
    });
  };

  refresh = () => {
    const search = this.querySelector("input[type=search]");
    const words = search instanceof HTMLInputElement ? search.value : "";
    const filter = this.querySelector("diet-filter");
    const diet = filter instanceof DietFilter ? filter.wishes : null;
    for (const card of this.querySelectorAll(".module")) {
      if (card instanceof HTMLElement) {
        card.hidden = !matches(card.dataset.words ?? "", words) || (diet !== null && !fits(card.dataset, diet));
      }
    }
    for (const body of this.querySelectorAll(".shelf__body")) {
      const nothing = body.querySelector(".shelf__nothing");
      if (nothing instanceof HTMLElement) nothing.hidden = body.querySelector(".module:not([hidden])") !== null;
    }
  };
}

customElements.define("module-browser", ModuleBrowser);
