import { WHOLE, showing, zoomed } from "./zoom.js";

/**
 * The blank hides this from collectstatic, which would take a type for a circle of imports.
 * @typedef {import ("./bar-canvas.js").BarCanvas} BarCanvas
 * @typedef {import("./drawing.js").Point} Point
 * @typedef {import("./zoom.js").View} View
 */

/** Looks closer at the bar, and has its larger picture come when the smaller one would not do. */
export class Lens {
  view = /** @type {View} */ (WHOLE);

  /** @param {BarCanvas} stage */
  constructor(stage) {
    this.stage = stage;
  }

  get size() {
    const { width, height } = this.stage.window.getBoundingClientRect();
    return { width, height };
  }

  /**
   * @param {number} factor
   * @param {Point} [point] in the window; its middle when nobody points
   */
  zoom(factor, point) {
    const { width, height } = this.size;
    this.look(zoomed(this.view, { width, height }, factor, point ?? { x: width / 2, y: height / 2 }));
  }

  /** So that a piece chosen with the keyboard is in sight. @param {number} piece */
  reveal(piece) {
    const { drawing } = this.stage;
    if (!drawing || this.view.scale === 1) return;
    const box = this.stage.shownBox(drawing);
    const window = this.stage.window.getBoundingClientRect();
    const { x, y } = drawing.pieces[piece];
    const perTenth = box.width / drawing.width * drawing.scale / 10;
    const margin = drawing.margin * 10;
    const point = { x: box.left - window.left + (x + margin) * perTenth, y: box.top - window.top + (y + margin) * perTenth };
    this.look(showing(this.view, window, point));
  }

  /** @param {View} view */
  look(view) {
    this.view = view;
    const sheet = /** @type {HTMLElement | null} */ (this.stage.querySelector(".stage__sheet"));
    sheet?.style.setProperty("transform", view.scale === 1 ? "none" : `translate(${view.x}px, ${view.y}px) scale(${view.scale})`);
    this.stage.classList.toggle("stage--near", view.scale > 1);
    this.stage.querySelector("[data-tool=farther]")?.toggleAttribute("disabled", view.scale === 1);
    this.sharpen();
  }

  /** Nearer, the larger picture is wanted. A browser shows nothing while it comes, so the canvas stands in. */
  sharpen() {
    const { picture, drawing, width, wantedWidth } = this.stage;
    if (!picture || !drawing || width >= wantedWidth) return;
    this.stage.show(drawing);
    picture.sizes = `${Math.ceil(this.stage.window.clientWidth * this.view.scale)}px`;
  }
}
