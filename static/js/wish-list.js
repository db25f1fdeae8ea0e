import { fits, isEmpty, readFacts, storedDiet } from "./diet.js";

/** @typedef {import("./diet.js").Facts} Facts */

/**
 * Shows, of all bars that the shop found for a wish, a handful that fit what this browser's owner eats.
 * Where none does, it offers to let go of the part of the wish that stands in the way.
 */
class WishList extends HTMLElement {
  /** A wish without one of its parts → facts of what could be had; null until it is known. @type {Map<string, Facts[]> | null} */
  ways = null;
  /** The shop could not be asked. */
  isLeftAlone = false;

  connectedCallback() {
    document.addEventListener("fitted", this.show);
    this.show();
    const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ task) => setTimeout(task, 300));
    idle(() => this.learn());
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
    if (isBare) this.tellWays(diet);
  };

  /** Asked for by every browser, whoever eats what: a question that only some ask would tell of them. */
  async learn() {
    try {
      const answer = await fetch(this.dataset.facts ?? "");
      if (!answer.ok) throw new Error(`The facts answer ${answer.status}`);
      const { ways } = /** @type {{ ways: { query: string, bars: Facts[] }[] }} */ (await answer.json());
      this.ways = new Map(ways.map(({ query, bars }) => [query, bars]));
    } catch {
      this.isLeftAlone = true;
    }
    this.show();
  }

  /** @param {import("./diet.js").Diet} diet */
  tellWays(diet) {
    const { ways } = this;
    const links = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[data-drop]")]);
    const helpful = links.map(({ dataset }) => ways?.get(dataset.drop ?? "")?.some((facts) => fits(facts, diet) !== "no") ?? false);
    links.forEach((link, place) => {
      if (link.parentElement) link.parentElement.hidden = !(helpful[place] || this.isLeftAlone);
    });
    this.find("[data-helps]").hidden = !helpful.includes(true);
    this.find("[data-maybe]").hidden = !this.isLeftAlone || links.length === 0;
    this.find("[data-hopeless]").hidden = !ways || helpful.includes(true);
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
