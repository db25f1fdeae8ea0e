/**
 * Looks after the form that is the design: what must not be chosen is not, nothing is ordered before
 * the last change has arrived, and the focus is never lost. It knows no rules and no prices.
 */
export class BarForm extends HTMLElement {
  /** The customer pressed "Add to cart" while a change was on its way. */
  ordering = false;
  pending = 0;

  connectedCallback() {
    this.addEventListener("click", this.keepBlocked);
    this.addEventListener("change", this.keepBrowsing);
    document.body.addEventListener("htmx:configRequest", this.nameButton);
    document.body.addEventListener("htmx:beforeRequest", this.leaving);
    document.body.addEventListener("htmx:afterRequest", this.arrived);
    document.body.addEventListener("htmx:afterSettle", this.settled);
    document.addEventListener("submit", this.holdOrder, true);
  }

  disconnectedCallback() {
    document.body.removeEventListener("htmx:configRequest", this.nameButton);
    document.body.removeEventListener("htmx:beforeRequest", this.leaving);
    document.body.removeEventListener("htmx:afterRequest", this.arrived);
    document.body.removeEventListener("htmx:afterSettle", this.settled);
    document.removeEventListener("submit", this.holdOrder, true);
  }

  /** A blocked module can be reached and read, not chosen. @param {Event} event */
  keepBlocked = (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      const about = document.getElementById(box.getAttribute("aria-describedby") ?? "");
      this.say(about?.querySelector(".module__reason")?.textContent ?? "");
    }
  };

  /** Searching and filtering change the view, not the bar. @param {Event} event */
  keepBrowsing = (event) => {
    if (event.target instanceof Element && event.target.hasAttribute("data-browse")) event.stopPropagation();
  };

  /** A button beside the form belongs to it too, and says what it was pressed for. @param {Event} event */
  nameButton = (event) => {
    const { triggeringEvent, parameters } = /** @type {CustomEvent} */ (event).detail;
    const button = triggeringEvent?.submitter;
    if (button instanceof HTMLButtonElement && button.name) parameters[button.name] = button.value;
  };

  leaving = () => {
    this.pending += 1;
  };

  /** @param {Event} event */
  arrived = (event) => {
    this.pending = Math.max(0, this.pending - 1);
    const { successful, xhr } = /** @type {CustomEvent} */ (event).detail;
    const replaced = xhr.status === 0 && this.pending > 0;
    if (!successful && !replaced) {
      this.ordering = false;
      this.say((xhr.status === 429 ? this.dataset.hurried : this.dataset.failed) ?? "", true);
    }
  };

  settled = () => {
    if (document.activeElement === document.body) document.getElementById("bar-heading")?.focus({ preventScroll: true });
    if (this.pending === 0 && this.ordering) {
      this.ordering = false;
      const order = document.getElementById("order");
      if (order instanceof HTMLFormElement && !order.querySelector("button:disabled")) order.requestSubmit();
    }
  };

  /** @param {Event} event */
  holdOrder = (event) => {
    if (event.target instanceof HTMLFormElement && event.target.id === "order" && this.pending > 0) {
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

customElements.define("bar-form", BarForm);
