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

  connectedCallback() {
    document.addEventListener("click", this.edit);
    document.addEventListener("submit", this.holdOrder, true);
    this.addEventListener("change", this.keepBrowsing, true);
    document.body.addEventListener("change", this.count, true);
    document.body.addEventListener("htmx:configRequest", this.nameButton);
    document.body.addEventListener("htmx:beforeSend", this.ask);
    document.body.addEventListener("htmx:beforeSwap", this.dropStale);
    document.body.addEventListener("htmx:afterRequest", this.hear);
    document.body.addEventListener("htmx:afterSettle", this.settle);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.edit);
    document.removeEventListener("submit", this.holdOrder, true);
    document.body.removeEventListener("change", this.count, true);
    document.body.removeEventListener("htmx:configRequest", this.nameButton);
    document.body.removeEventListener("htmx:beforeSend", this.ask);
    document.body.removeEventListener("htmx:beforeSwap", this.dropStale);
    document.body.removeEventListener("htmx:afterRequest", this.hear);
    document.body.removeEventListener("htmx:afterSettle", this.settle);
  }

  /** @param {Event} event */
  edit = (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest("button");
    if (target instanceof HTMLInputElement && target.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      this.explain(target);
    } else if (button?.name === "remove") {
      event.preventDefault();
      this.takeOut(button.value);
    } else if (button?.name === "instead") {
      event.preventDefault();
      this.exchange(button.value);
    } else if (button?.name === "scatter") {
      event.preventDefault();
      this.scatter();
    }
  };

  /** A blocked module can be reached and read, not chosen. @param {HTMLInputElement} box */
  explain(box) {
    const about = document.getElementById(box.getAttribute("aria-describedby") ?? "");
    this.say(about?.querySelector(".module__reason")?.textContent ?? "");
  }

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
    if (!isBrowsing(event)) this.edits += 1;
  };

  /** A button beside the form belongs to it too, and says what it was pressed for. @param {Event} event */
  nameButton = (event) => {
    const { triggeringEvent, parameters } = /** @type {CustomEvent} */ (event).detail;
    const button = triggeringEvent?.submitter;
    if (button instanceof HTMLButtonElement && button.name) parameters[button.name] = button.value;
  };

  ask = () => {
    this.asked = this.edits;
  };

  /** @param {Event} event */
  dropStale = (event) => {
    if (this.asked !== this.edits) /** @type {CustomEvent} */ (event).detail.shouldSwap = false;
  };

  /** @param {Event} event */
  hear = (event) => {
    this.asked = null;
    const { successful, xhr } = /** @type {CustomEvent} */ (event).detail;
    if (!successful) {
      this.ordering = false;
      this.say((xhr.status === 429 ? this.dataset.hurried : this.dataset.failed) ?? "", true);
    }
  };

  settle = () => {
    if (document.activeElement === document.body) document.getElementById("bar-heading")?.focus({ preventScroll: true });
    if (this.ordering && this.asked === null) {
      this.ordering = false;
      const order = document.getElementById("order");
      if (order instanceof HTMLFormElement && !order.querySelector("button:disabled")) order.requestSubmit();
    }
  };

  /** Nothing is ordered before the last change has arrived. @param {Event} event */
  holdOrder = (event) => {
    if (event.target instanceof HTMLFormElement && event.target.id === "order" && this.asked !== null) {
      event.preventDefault();
      this.ordering = true;
    }
  };

  /**
   * @param {string} words
   * @param {boolean} [seen] also for the eyes, beside the price
   */
  say(words, seen = false) {
    const news = document.getElementById("news");
    if (news) news.textContent = words;
    const problems = document.getElementById("problems");
    if (seen && problems && words) {
      const notice = document.createElement("p");
      notice.className = "notice notice--bad";
      notice.textContent = words;
      problems.replaceChildren(notice);
    }
  }
}

/** @param {Event} event */
function isBrowsing(event) {
  return event.target instanceof Element && event.target.hasAttribute("data-browse");
}

customElements.define("bar-form", BarForm);
