/** The picture that stands now: a new preview keeps it until its own picture has arrived. */
let standing = /** @type {HTMLImageElement | null} */ (null);

/**
 * Shows the picture of the bar. A change swaps the whole element; this one keeps that from flickering.
 * Tells when a new picture is coming and when it stands.
 */
export class BarPreview extends HTMLElement {
  connectedCallback() {
    const coming = this.querySelector("img");
    if (!coming) return;
    this.dispatchEvent(new Event("preview:coming", { bubbles: true }));
    if (standing && standing.src !== coming.src) {
      this.replace(standing, coming);
    } else {
      standing = coming;
      this.dispatchEvent(new Event("preview:standing", { bubbles: true }));
    }
  }

  /**
   * @param {HTMLImageElement} old
   * @param {HTMLImageElement} coming
   */
  async replace(old, coming) {
    coming.sizes = old.sizes;
    coming.replaceWith(old);
    old.alt = coming.alt;
    this.setAttribute("aria-busy", "true");
    await coming.decode().catch(() => undefined);
    // A later change may have come in the meantime: then its preview goes on from here.
    if (!this.isConnected) return;
    // Where the canvas shows the bar already, nobody shall notice that the picture has come.
    if (!this.closest(".stage--ahead")) coming.classList.add("preview__picture--fresh");
    old.replaceWith(coming);
    standing = coming;
    this.removeAttribute("aria-busy");
    this.dispatchEvent(new Event("preview:standing", { bubbles: true }));
  }
}

customElements.define("bar-preview", BarPreview);
