import { fits, readFacts, storedDiet } from "./diet.js";
import { oneThatFits } from "./picking.js";

/** @typedef {{ bars: { edits: string, facts: import("./diet.js").Facts }[], reason: string }} Pool */

/**
 * "Surprise me". Every browser asks for the same pool of bars for every diet, whoever avoids something or nothing;
 * it alone knows which of them fits, and sends back the edits that lead to one.
 */
export class SurpriseMe extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.press);
  }

  /** @param {MouseEvent} event */
  press = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[name=surprise]") : null;
    if (!(button instanceof HTMLButtonElement) || button === this.picked) return;
    this.tell("");
    if (!button.form) return;
    event.preventDefault();
    this.pick(button.form);
  };

  /** @param {HTMLFormElement} form */
  async pick(form) {
    try {
      const answer = await fetch(this.dataset.pool ?? "", { method: "POST", body: new FormData(form) });
      const { bars, reason } = /** @type {Pool} */ (await answer.json());
      const chosen = oneThatFits(bars, storedDiet(), Math.random());
      if (chosen) this.send(form, chosen.edits);
      else this.tell(reason || this.obstacle());
    } catch {
      this.tell(this.dataset.offline ?? "");
    }
  }

  /** @param {HTMLFormElement} form @param {string} edits */
  send(form, edits) {
    this.picked.value = edits;
    form.requestSubmit(this.picked);
  }

  /** What stays and does not fit is named; if it is not that, it is the price. */
  obstacle() {
    const diet = storedDiet();
    const names = this.locked.filter((card) => fits(readFacts(card), diet) === "no").map(nameOf);
    const words = names.length ? this.dataset.locked : this.dataset.none;
    return (words ?? "%s").replace("%s", names.join(", "));
  }

  /** The cards of what shall stay. */
  get locked() {
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("input[name=lock]:checked"));
    const cards = [...boxes].map(({ value }) =>
      value === "base"
        ? document.querySelector("input[name=base]:checked")?.closest(".module")
        : document.getElementById(`card-${value.replace(":", "-")}`),
    );
    return cards.filter((card) => card instanceof HTMLElement);
  }

  get picked() {
    return /** @type {HTMLButtonElement} */ (this.querySelector("[data-picked]"));
  }

  /** @param {string} words */
  tell(words) {
    const place = this.querySelector("[role=status]");
    if (place) place.textContent = words;
  }
}

/** @param {HTMLElement} card */
function nameOf(card) {
  return card.querySelector(".module__name")?.textContent?.trim() ?? "";
}

customElements.define("surprise-me", SurpriseMe);
