import { fits, isEmpty, readFacts, storedDiet } from "./diet.js";

/**
 * Shows, of all bars that the shop found for a wish, a handful that fit what this browser's owner eats.
 * Where none does, it asks for the same wish without one of its parts and offers those that help.
 */
class WishList extends HTMLElement {
  connectedCallback() {
    document.addEventListener("fitted", this.show);
    this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("fitted", this.show);
  }

  show = () => {
    const diet = storedDiet();
    let left = Number(this.dataset.shown);
    for (const card of this.cards) {
      const isShown = left > 0 && fits(readFacts(card), diet) !== "no";
      card.hidden = !isShown;
      if (isShown) left -= 1;
    }
    const isBare = !isEmpty(diet) && left === Number(this.dataset.shown);
    this.find(".wish__unfit").hidden = !isBare;
    if (isBare) this.findHelp();
  };

  /** The server is asked for facts of bars, never told what is avoided. */
  async findHelp() {
    const ways = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[data-drop]")]);
    const helpful = await Promise.all(ways.map((way) => this.helps(way.dataset.drop ?? "")));
    ways.forEach((way, place) => {
      if (way.parentElement) way.parentElement.hidden = !helpful[place];
    });
    this.find("[data-helps]").hidden = !helpful.includes(true);
    this.find("[data-hopeless]").hidden = helpful.includes(true);
  }

  /** @param {string} query */
  async helps(query) {
    try {
      const answer = await fetch(`${this.dataset.facts}?${query}`);
      const { bars } = /** @type {{ bars: import("./diet.js").Facts[] }} */ (await answer.json());
      return bars.some((facts) => fits(facts, storedDiet()) !== "no");
    } catch {
      return false;
    }
  }

  get cards() {
    return /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".bar-card"));
  }

  /** @param {string} selector */
  find(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }
}

customElements.define("wish-list", WishList);
