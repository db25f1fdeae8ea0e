import { contained, moving, nameOf, named, tenths, without } from "./drawing.js";
import { moveOf, relaid } from "./edits.js";
import { Foresight } from "./foresight.js";
import { motions, offsetsAfter } from "./motion.js";
import { paint, paintRing } from "./painter.js";
import { Sheets } from "./sheets.js";
import { touched } from "./touched.js";

/**
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./drawing.js").Point} Point
 * @typedef {{ x: number, y: number, turn: number }} Place in tenths of a millimetre and degrees
 */

/** The widths in which the server's pictures come; the canvas shows the bar in the same one. */
const WIDTHS = [600, 1200];

/**
 * Stands over the server's picture and shows a change at once, from the same sprites at the same pixels,
 * until the server's picture of it has come. Lets one lay the pieces by hand.
 */
export class BarCanvas extends HTMLElement {
  sheets = new Sheets();
  foresight = new Foresight(this.dataset.drawing ?? "", this.sheets, () => this.form, () => this.width);
  /** What the canvas shows, or would show: the bar as it is or as it is about to be. */
  drawing = /** @type {Drawing | null} */ (null);
  edits = 0;
  isFinding = false;
  /** How many edits the picture that is coming knows of. */
  coming = 0;
  motion = { moving: /** @type {import("./motion.js").Motion[]} */ ([]), since: 0 };
  /** A piece in somebody's hand, which no answer of the server takes away. */
  held = /** @type {{ name: string, place: Point } | null} */ (null);
  marks = { grid: false, coin: false };
  /** Grid and coin, once somebody has asked for one of them. */
  toScale = /** @type {typeof import("./marks.js") | null} */ (null);
  coinPicture = /** @type {{ picture: ImageBitmap, centre: Point, scale: number } | null} */ (null);
  leaving = new AbortController();
  // The blank hides these from collectstatic, which would take a type for a circle of imports.
  placing = /** @type {import ("./placing.js").Placing | null} */ (null);
  lens = /** @type {import ("./lens.js").Lens | null} */ (null);
  /** What laying by hand and looking closer need is on its way, once a hand has come. */
  hands = /** @type {Promise<void> | null} */ (null);

  connectedCallback() {
    this.canvas = this.overlay("stage__canvas melt");
    this.marking = this.overlay("stage__marks");
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    document.body.addEventListener("change", this.keepFromSending, { signal, capture: true });
    document.body.addEventListener("change", this.change, { signal });
    this.addEventListener("preview:coming", this.expect, { signal });
    this.addEventListener("preview:standing", this.settle, { signal });
    this.addEventListener("click", this.press, { signal });
    // An image's load does not bubble, but it can be caught on its way down.
    this.addEventListener("load", this.settle, { signal, capture: true });
    this.foresight.watch(signal);
    this.hands = touched.then(() => this.takeHold(signal)).catch(() => undefined);
    for (const part of this.querySelectorAll(".stage__tools, .stage__hint")) part.removeAttribute("hidden");
    if ("requestIdleCallback" in window) requestIdleCallback(this.learn, { timeout: 2000 });
    else setTimeout(this.learn, 300);
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  /** @param {AbortSignal} signal */
  async takeHold(signal) {
    const [{ Lens }, { Placing }] = await Promise.all([import("./lens.js"), import("./placing.js")]);
    if (signal.aborted) return;
    this.lens = new Lens(this);
    this.placing = new Placing(this, this.lens, signal);
    if (this.drawing) this.placing.refresh();
  }

  get form() {
    const form = document.getElementById("design");
    return form instanceof HTMLFormElement ? form : null;
  }

  get picture() {
    return /** @type {HTMLImageElement | null} */ (this.querySelector(".preview__picture"));
  }

  /** Where one looks at the bar; nearer, it is larger than this. */
  get window() {
    return /** @type {HTMLElement} */ (this.querySelector(".stage__view"));
  }

  get width() {
    const asked = Number(/\/(\d+)(?:\.\w+)?(?:\?|$)/.exec(this.picture?.currentSrc ?? "")?.[1]);
    return WIDTHS.includes(asked) ? asked : this.wantedWidth;
  }

  get digest() {
    return this.querySelector("bar-preview")?.getAttribute("data-digest") ?? "";
  }

  /** @param {string} name */
  overlay(name) {
    const canvas = document.createElement("canvas");
    canvas.className = name;
    canvas.setAttribute("aria-hidden", "true");
    this.querySelector(".stage__sheet")?.append(canvas);
    return canvas;
  }

  // ── What changes, and what comes of it ─────────────────────────────────────────────────────────

  /** Fields that only help to write into the form are nothing to send. @param {Event} event */
  keepFromSending = (event) => {
    if (event.target instanceof Element && event.target.closest("#placing")) {
      event.stopPropagation();
      this.placing?.follow(event.target);
    }
  };

  /** @param {Event} event */
  change = (event) => {
    const form = this.form;
    if (!form || !(event.target instanceof Element) || event.target.hasAttribute("data-browse")) return;
    performance.mark("bar:change");
    this.edits += 1;
    const said = new FormData(form);
    const known = this.foresight.known(said);
    const less = known ?? this.less(event.target);
    if (less) this.show(less);
    if (!known) this.find();
  };

  /** What was taken out of the bar is gone at once. @param {Element} control */
  less(control) {
    const isGone = control instanceof HTMLInputElement && control.type === "checkbox" && !control.checked;
    return isGone && this.drawing ? without(this.drawing, control.name, control.value) : null;
  }

  /** One drawing at a time: of changes that come quicker than the answers only the last one is asked for. */
  async find() {
    if (this.isFinding) return;
    this.isFinding = true;
    let edit = -1;
    let drawing = /** @type {Drawing | null} */ (null);
    while (edit !== this.edits && this.form) {
      edit = this.edits;
      drawing = await this.foresight.ask(new FormData(this.form)).catch(() => null);
    }
    this.isFinding = false;
    if (!drawing) return;
    if (drawing.digest === this.digest && !this.isAhead) this.know(drawing);
    else this.show(drawing);
  }

  /** The bar as it stands, so that one can take hold of it. */
  learn = async () => {
    const form = this.form;
    const edit = this.edits;
    const drawing = form && (this.foresight.of(this.digest) ?? (await this.foresight.ask(new FormData(form)).catch(() => null)));
    if (drawing && edit === this.edits && !this.isAhead) this.know(drawing);
  };

  expect = () => {
    this.coming = this.edits;
  };

  /** The server's picture has come: it is what counts, and looks the same. */
  settle = () => {
    if (this.isAhead && this.coming === this.edits && !this.held && !this.isMoving) this.classList.remove("stage--ahead");
    this.learnIfNew();
  };

  learnIfNew = () => {
    const knows = this.drawing?.digest === this.digest && this.drawing.width === this.width;
    if (!this.isAhead && this.drawing && !knows) this.learn();
  };

  /** Without showing it: the picture does. @param {Drawing} drawing */
  know(drawing) {
    this.drawing = drawing;
    this.classList.add("stage--ready");
    this.mark();
    this.placing?.refresh();
  }

  /** @param {Drawing} coming */
  show(coming) {
    const mine = this.held ? named(coming, this.held.name) : -1;
    const drawing = this.held && mine >= 0 ? moving(coming, mine, this.held.place) : coming;
    this.motion = { moving: isCalm() ? [] : motions(this.drawing, drawing, mine), since: performance.now() };
    this.classList.add("stage--ahead");
    this.know(drawing);
    this.paint();
    performance.measure("bar:repaint", performance.getEntriesByName("bar:change").length ? "bar:change" : undefined);
    if (this.isMoving) requestAnimationFrame(this.go);
  }

  go = () => {
    this.paint();
    if (this.isMoving) requestAnimationFrame(this.go);
    else this.settleIfStanding();
  };

  settleIfStanding() {
    if (!this.querySelector("bar-preview[aria-busy]")) this.settle();
  }

  /** The bar as the server knows it, without what was only tried. */
  again() {
    this.held = null;
    const known = (this.form && this.foresight.known(new FormData(this.form))) ?? this.foresight.of(this.digest);
    if (known) this.show(known);
    this.settleIfStanding();
  }

  get isAhead() {
    return this.classList.contains("stage--ahead");
  }

  get isMoving() {
    return this.motion.moving.length > 0;
  }

  // ── Laying by hand ─────────────────────────────────────────────────────────────────────────────

  /**
   * A piece goes along with the hand; the form hears of it when it is laid down.
   * @param {number} piece
   * @param {Point} place
   */
  carry(piece, place) {
    if (!this.drawing) return;
    const drawing = moving(this.drawing, piece, place);
    this.held = { name: nameOf(drawing, piece), place };
    this.drawing = drawing;
    this.motion.moving = [];
    this.classList.add("stage--ahead");
    this.paint();
    this.mark();
  }

  /**
   * Whether the form says so already.
   * @param {string} name
   * @param {Place | null} place
   */
  isLaid(name, place) {
    const said = this.movesOf(name).map((move) => move.value);
    return place ? said.includes(moveOf(name, place)) : said.length === 0;
  }

  /** @param {string} name */
  movesOf(name) {
    const moves = [...document.querySelectorAll("#moves input")];
    return /** @type {HTMLInputElement[]} */ (moves).filter((move) => move.value.startsWith(`${name}:`));
  }

  /**
   * Into the form, and from there to the server; without a place the piece goes back to where it would lie.
   * @param {string} name
   * @param {Place | null} place
   * @returns {boolean} whether the server hears of it, and so will tell of it
   */
  lay(name, place) {
    if (this.isLaid(name, place)) {
      this.again();
      return false;
    }
    this.held = null;
    const moves = document.getElementById("moves");
    for (const move of this.movesOf(name)) move.remove();
    if (place) {
      const move = document.createElement("input");
      [move.type, move.name, move.value] = ["hidden", "move", moveOf(name, place)];
      moves?.append(move);
    }
    moves?.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  /** What the piece would look like there is asked for before it is laid. @param {string} name @param {Place} place */
  foresee(name, place) {
    if (this.form) this.foresight.ask(relaid(new FormData(this.form), name, place)).catch(() => undefined);
  }

  // ── Pixels ─────────────────────────────────────────────────────────────────────────────────────

  paint() {
    const context = this.drawing && sized(this.canvas, this.drawing);
    if (!context || !this.drawing) return;
    const offsets = offsetsAfter(this.motion.moving, performance.now() - this.motion.since);
    if (!offsets.size) this.motion.moving = [];
    paint(context, this.drawing, this.sheets, offsets);
  }

  /** Everything that lies over the bar without belonging to it. */
  mark() {
    const context = this.drawing && sized(this.marking, this.drawing);
    if (!context || !this.drawing) return;
    context.clearRect(0, 0, this.drawing.width, this.drawing.height);
    if (this.marks.grid) this.toScale?.paintGrid(context, this.drawing);
    if (this.marks.coin) this.toScale?.paintCoin(context, this.drawing, this.coinPicture);
    const piece = this.placing?.shownPiece ?? -1;
    if (piece >= 0) paintRing(context, this.drawing, piece, this.placing?.isTaken ?? false);
  }

  /**
   * Where on the drawing the pointer is, in its pixels.
   * @param {{ clientX: number, clientY: number }} event
   */
  pointOf({ clientX, clientY }) {
    const drawing = /** @type {Drawing} */ (this.drawing);
    const box = this.shownBox(drawing);
    return {
      x: ((clientX - box.left) / box.width) * drawing.width,
      y: ((clientY - box.top) / box.height) * drawing.height,
      perPixel: drawing.width / box.width,
    };
  }

  /** @param {Drawing} drawing */
  shownBox(drawing) {
    const box = (this.picture ?? this).getBoundingClientRect();
    return contained(box, drawing.width / drawing.height);
  }

  /** @param {{ clientX: number, clientY: number }} event */
  placeOf(event) {
    return tenths(/** @type {Drawing} */ (this.drawing), this.pointOf(event));
  }

  // ── The tools beside the bar ───────────────────────────────────────────────────────────────────────

  /** @param {MouseEvent} event */
  press = async (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const tool = button?.dataset.tool;
    if (!button || !tool) return;
    if (tool === "grid" || tool === "coin") {
      await this.toggle(tool, button);
      return;
    }
    await this.hands;
    if (tool === "nearer" || tool === "farther") this.lens?.zoom(tool === "nearer" ? 1.5 : 1 / 1.5);
    else this.placing?.use(tool);
  };

  /**
   * @param {"grid" | "coin"} mark
   * @param {HTMLButtonElement} button
   */
  async toggle(mark, button) {
    this.marks[mark] = !this.marks[mark];
    try {
      this.toScale ??= await import("./marks.js");
      if (this.marks.coin) await this.fetchCoin();
    } catch {
      // Without the network there is no coin yet; the next press tries again.
      this.marks[mark] = false;
    }
    button.setAttribute("aria-pressed", String(this.marks[mark]));
    this.mark();
  }

  async fetchCoin() {
    const { coin } = this.drawing ?? {};
    if (!coin || this.coinPicture) return;
    const answer = await fetch(coin.address);
    if (!answer.ok) throw new Error(`The coin answers ${answer.status}`);
    const [x, y] = coin.centre;
    this.coinPicture = { picture: await createImageBitmap(await answer.blob()), centre: { x, y }, scale: coin.scale };
  }

  get wantedWidth() {
    return this.window.clientWidth * (this.lens?.view.scale ?? 1) * devicePixelRatio > WIDTHS[0] ? WIDTHS[1] : WIDTHS[0];
  }
}

/**
 * The canvas in the drawing's own pixels.
 * @param {HTMLCanvasElement | undefined} canvas
 * @param {Drawing} drawing
 */
function sized(canvas, drawing) {
  if (canvas && (canvas.width !== drawing.width || canvas.height !== drawing.height)) {
    [canvas.width, canvas.height] = [drawing.width, drawing.height];
  }
  return canvas?.getContext("2d") ?? null;
}

function isCalm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

customElements.define("bar-canvas", BarCanvas);
