/** The picture that was last seen: it stays until the next one has arrived. */
let seen = "";

/** The bar beside its wrapper. Every change swaps the whole element; nothing goes blank meanwhile. */
export class WrappedPicture extends HTMLElement {
  connectedCallback() {
    const picture = this.querySelector("img");
    if (!picture) return;
    const coming = picture.src;
    // Where its step is closed nobody looks, and the browser fetches it when somebody does.
    if (seen && seen !== coming && this.checkVisibility()) this.keepUntil(picture, coming);
    picture.addEventListener("load", () => (seen = picture.src));
  }

  /**
   * @param {HTMLImageElement} picture
   * @param {string} coming
   */
  async keepUntil(picture, coming) {
    picture.src = seen;
    this.setAttribute("aria-busy", "true");
    const next = new Image();
    next.src = coming;
    await next.decode().catch(() => undefined);
    picture.src = coming;
    this.removeAttribute("aria-busy");
  }
}

customElements.define("wrapped-picture", WrappedPicture);
