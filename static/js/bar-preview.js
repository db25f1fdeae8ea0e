/** The picture that stands now: a new preview keeps it until its own picture has arrived. */
let standing = /** @type {HTMLImageElement | null} */ (null);

/** Shows the picture of the bar. A change swaps the whole element; this one keeps that from flickering. */
export class BarPreview extends HTMLElement {
  connectedCallback() {
    const coming = this.querySelector("img");
    if (!coming) return;
    if (standing && standing.src !== coming.src) {
      this.replace(standing, coming);
    } else {
      standing = coming;
    }
  }

  /**
   * @param {HTMLImageElement} old
   * @param {HTMLImageElement} coming
   */
  async replace(old, coming) {
    coming.replaceWith(old);
    old.alt = coming.alt;
    this.setAttribute("aria-busy", "true");
    await coming.decode().catch(() => undefined);
    // A later change may have come in the meantime: then its preview goes on from here.
    if (!this.isConnected) return;
    coming.classList.add("preview__picture--fresh");
    old.replaceWith(coming);
    standing = coming;
    this.removeAttribute("aria-busy");
  }
}

customElements.define("bar-preview", BarPreview);
