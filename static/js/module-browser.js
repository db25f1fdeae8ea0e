import "./diet-filter.js";
import { found } from "./searching.js";
import { recalled, remember } from "./storage.js";

/** Where one was on the shelves; Back and a refresh load the page anew and should not lose it. */
const PLACE = "studio-place";

/** @typedef {{ card: HTMLElement, place: number }} Hit */

/** Finds modules as one types, by taste and by texture. The form stays complete: what is left out is only hidden. */
export class ModuleBrowser extends HTMLElement {
  connectedCallback() {
    // What somebody looks for is nobody's business while a script can look for it here.
    this.search?.removeAttribute("name");
    this.recall();
    this.addEventListener("input", this.refresh);
    this.addEventListener("input", this.remember);
    this.addEventListener("keydown", this.keepEnter);
    this.addEventListener("click", this.press);
    this.addEventListener("fitted", this.refresh);
    document.body.addEventListener("htmx:oobAfterSwap", this.refreshOnce);
    this.refresh();
  }

  disconnectedCallback() {
    document.body.removeEventListener("htmx:oobAfterSwap", this.refreshOnce);
  }

  get search() {
    return /** @type {HTMLInputElement | null} */ (this.querySelector("input[type=search]"));
  }

  get place() {
    return this.dataset.place ?? PLACE;
  }

  /** Enter in the search box must not send the design. @param {KeyboardEvent} event */
  keepEnter = (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.type === "search") {
      event.preventDefault();
    }
  };

  /** @param {MouseEvent} event */
  press = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.matches(".felt__more")) button.setAttribute("aria-expanded", String(button.ariaExpanded !== "true"));
    if (button?.matches(".shelf__all")) this.showAll();
  };

  showAll() {
    if (this.search) this.search.value = "";
    for (const box of this.inputs("[data-felt]:checked")) box.checked = false;
    for (const radio of this.inputs('.chips input[type=radio][value=""]')) radio.checked = true;
    this.refresh();
    this.search?.focus();
  }

  remember = () => {
    const places = this.inputs("[data-browse]:is([type=radio], [data-felt]):checked").map((box) => box.id || box.value);
    remember(this.place, JSON.stringify(places));
  };

  recall() {
    const kept = recalled(this.place);
    // Where somebody went before this script came counts too.
    if (kept === null) return this.remember();
    /** @type {string[]} */
    const places = JSON.parse(kept);
    for (const radio of this.inputs("[data-browse][type=radio]")) if (places.includes(radio.id)) radio.checked = true;
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
    const cards = this.all(".module");
    const query = this.search?.value.trim() ?? "";
    const places = query ? found(query, cards.map(entry)) : [...cards.keys()];
    const hits = new Set(places.map((place) => cards[place]));
    for (const shelf of this.all(".shelf")) this.arrange(shelf, hits, query !== "");
    for (const shelf of this.all(".shelf")) this.tellElsewhere(shelf);
  };

  /** @param {HTMLElement} shelf @param {Set<HTMLElement>} hits best first @param {boolean} isSearching */
  arrange(shelf, hits, isSearching) {
    const list = shelf.querySelector(".modules");
    if (!list) return;
    const felt = [...shelf.querySelectorAll("[data-felt]:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value);
    const here = this.inOrder(list, hits, isSearching);
    const shown = here.filter((card) => hits.has(card) && felt.every((word) => feels(card, word)));
    for (const card of here) card.hidden = !shown.includes(card);
    this.tellHits(shelf, isSearching ? shown.filter(isFitting).length : null);
    this.offerChips(shelf, shown.filter((card) => isVisibleKind(card, shelf)));
    const nothing = shelf.querySelector(".shelf__nothing");
    if (nothing instanceof HTMLElement) {
      nothing.hidden = shown.some((card) => isFitting(card) && isVisibleKind(card, shelf));
      const all = nothing.querySelector("button");
      if (all) all.hidden = false;
    }
  }

  /** As the server put them, kept from before the first search. @type {WeakMap<Element, string[]>} */
  firstOrder = new WeakMap();

  /**
   * The best hits first, and without a search as they were; nothing is moved that lies right.
   * @param {Element} list @param {Set<HTMLElement>} hits @param {boolean} isSearching @returns {HTMLElement[]}
   */
  inOrder(list, hits, isSearching) {
    const cards = /** @type {HTMLElement[]} */ ([...list.children]);
    const first = this.firstOrder.get(list) ?? cards.map((card) => card.id);
    this.firstOrder.set(list, first);
    const ranks = new Map([...hits].map((card, rank) => [card.id, rank]));
    const rank = (/** @type {HTMLElement} */ card) =>
      (isSearching ? (ranks.get(card.id) ?? ranks.size) * first.length : 0) + first.indexOf(card.id);
    const wanted = [...cards].sort((one, other) => rank(one) - rank(other));
    if (wanted.some((card, place) => card !== cards[place])) list.append(...wanted);
    return wanted;
  }

  /** @param {HTMLElement} shelf @param {number | null} count */
  tellHits(shelf, count) {
    const place = shelf.querySelector(".shelf__hits");
    if (!(place instanceof HTMLElement)) return;
    place.textContent = count === null ? "" : (place.dataset.words ?? "%s").replace("%s", String(count));
  }

  /** Chips that would leave nothing are no choice. @param {HTMLElement} shelf @param {HTMLElement[]} shown */
  offerChips(shelf, shown) {
    const left = shown.filter(isFitting);
    for (const box of shelf.querySelectorAll("[data-felt]")) {
      const chip = box.closest(".chip");
      if (!(box instanceof HTMLInputElement) || !(chip instanceof HTMLElement)) continue;
      chip.hidden = !box.checked && !left.some((card) => feels(card, box.value));
    }
  }

  /** Where else the search finds something, with the way there. @param {HTMLElement} shelf */
  tellElsewhere(shelf) {
    const place = shelf.querySelector(".shelf__elsewhere");
    if (!place) return;
    const others = this.all(".shelf").filter((other) => other !== shelf);
    place.replaceChildren(...others.flatMap((other) => this.wayTo(other)));
  }

  /** @param {HTMLElement} shelf @returns {HTMLElement[]} */
  wayTo(shelf) {
    const hits = shelf.querySelector(".shelf__hits")?.textContent ?? "";
    if (!hits || hits === this.none) return [];
    const way = document.createElement("label");
    way.className = "shelf__way";
    way.htmlFor = shelf.querySelector(".shelf__switch")?.id ?? "";
    way.textContent = `${shelf.querySelector(".shelf__name")?.textContent}: ${hits}`;
    return [way];
  }

  get none() {
    const words = this.querySelector(".shelf__hits");
    return words instanceof HTMLElement ? (words.dataset.words ?? "").replace("%s", "0") : "";
  }

  /** @param {string} selector */
  all(selector) {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll(selector)]);
  }

  /** @param {string} selector */
  inputs(selector) {
    return /** @type {HTMLInputElement[]} */ ([...this.querySelectorAll(selector)]);
  }
}

/** @param {HTMLElement} card @returns {import("./searching.js").Entry} */
function entry(card) {
  return { names: words(card.dataset.names), notes: words(card.dataset.notes) };
}

/** @param {HTMLElement} card @param {string} word */
function feels(card, word) {
  return words(card.dataset.felt).includes(word);
}

/** The filter has marked it. @param {HTMLElement} card */
function isFitting(card) {
  return card.dataset.fit !== "no";
}

/** The chips for the kind work by the stylesheet alone. @param {HTMLElement} card @param {HTMLElement} shelf */
function isVisibleKind(card, shelf) {
  const kind = shelf.querySelector(".chips input[type=radio]:checked");
  return !(kind instanceof HTMLInputElement) || !kind.value || kind.value === card.dataset.category;
}

/** @param {string | undefined} written */
function words(written) {
  return written?.split(" ").filter(Boolean) ?? [];
}

customElements.define("module-browser", ModuleBrowser);
