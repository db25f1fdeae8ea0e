import { fits } from "./fits.js";

/**
 * "Hide what contains …": health data, so it lives in this page alone. The boxes have no names and are
 * never sent; nothing is stored.
 */
export class DietFilter extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("input", this.changed);
    document.body.addEventListener("htmx:afterSettle", this.compare);
  }

  disconnectedCallback() {
    document.body.removeEventListener("htmx:afterSettle", this.compare);
  }

  /** @returns {import("./fits.js").Wishes} */
  get wishes() {
    return {
      avoid: this.boxes("[data-avoid]:checked").map((box) => box.dataset.avoid ?? ""),
      traces: this.boxes("[data-traces]:checked").length > 0,
      vegan: this.boxes("[data-vegan]:checked").length > 0,
    };
  }

  changed = () => {
    const count = this.querySelector(".diet__count");
    const chosen = this.boxes("input:checked").length;
    if (count) count.textContent = chosen ? String(chosen) : "";
    this.compare();
    this.dispatchEvent(new Event("diet", { bubbles: true }));
  };

  /** What is in the bar already is not taken out, only named. */
  compare = () => {
    const wishes = this.wishes;
    const names = new Set();
    for (const box of document.querySelectorAll(".module__box:checked")) {
      const card = box.closest(".module");
      if (card instanceof HTMLElement && !fits(card.dataset, wishes)) {
        names.add(card.querySelector(".module__name")?.textContent?.trim());
      }
    }
    const notice = this.querySelector(".diet__conflict");
    if (notice instanceof HTMLElement) {
      notice.hidden = names.size === 0;
      notice.textContent = (this.dataset.conflict ?? "%s").replace("%s", [...names].join(", "));
    }
  };

  /** @param {string} selector */
  boxes(selector) {
    return /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll(selector)]);
  }
}

customElements.define("diet-filter", DietFilter);
