/**
 * Beside a bar's address, which needs no script: a button that copies it, and one that opens what the device
 * shares with.
 */
class ShareBar extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const copy = this.querySelector("[data-copy]");
    const share = this.querySelector("[data-share]");
    if (!(form instanceof HTMLFormElement) || !(copy instanceof HTMLElement) || !(share instanceof HTMLElement)) return;
    form.hidden = false;
    copy.hidden = !navigator.clipboard;
    copy.addEventListener("click", () => this.#copied(form));
    share.hidden = typeof navigator.share !== "function";
    share.addEventListener("click", () => this.#shared(form));
    this.querySelector("input")?.addEventListener("focus", (event) => {
      if (event.target instanceof HTMLInputElement) event.target.select();
    });
  }

  /** @param {HTMLFormElement} form */
  async #copied(form) {
    try {
      await navigator.clipboard.writeText(this.dataset.address ?? "");
    } catch {
      // The browser forbids it: then the address stands there marked, to be copied by hand.
      this.querySelector("input")?.focus();
      return;
    }
    const told = form.querySelector("[role=status]");
    if (told) told.textContent = this.dataset.copied ?? "";
    this.#count(form);
  }

  /** @param {HTMLFormElement} form */
  async #shared(form) {
    try {
      await navigator.share({ title: this.dataset.title, url: this.dataset.address });
    } catch {
      // Whoever closes the device's sheet has changed their mind.
      return;
    }
    this.#count(form);
  }

  /**
   * That it was shared is told to the shop, not with whom; it may fail.
   * @param {HTMLFormElement} form
   */
  #count(form) {
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
  }
}

customElements.define("share-bar", ShareBar);
