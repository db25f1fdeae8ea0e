/** How many are ticked, for whoever ticks: those that a search hides count, too. */
export class LikedCount extends HTMLElement {
  connectedCallback() {
    this.form?.addEventListener("change", this.tell);
    this.tell();
  }

  disconnectedCallback() {
    this.form?.removeEventListener("change", this.tell);
  }

  get form() {
    return this.closest("form");
  }

  tell = () => {
    const ticked = this.form?.querySelectorAll("input[name=like]:is(:checked, [type=hidden])").length ?? 0;
    const words = (this.dataset.words ?? "%s").replace("%s", String(ticked));
    if (words !== this.textContent) this.textContent = words;
  };
}

customElements.define("liked-count", LikedCount);
