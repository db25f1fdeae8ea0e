import { within } from "./drawing.js";
import { pieceAt } from "./nearness.js";
import { panned, zoomed } from "./zoom.js";

/**
 * The blank hides this from collectstatic, which would take a type for a circle of imports.
 * @typedef {import ("./placing.js").Placing} Placing
 * @typedef {import("./drawing.js").Point} Point
 */

/** Fingers are wider than nuts: CSS pixels beside a piece at which it can still be taken. */
const SLACK = { touch: 10, pen: 8, mouse: 3 };
/** CSS pixels within which a press is a tap and not a drag. */
const TREMOR = 5;

/** Mouse, pen and fingers over the bar: what they drag, tap, look closer at. */
export class Pointing {
  /** @type {Map<number, PointerEvent>} */
  pointers = new Map();
  drag = /** @type {{ piece: number, from: Point, start: PointerEvent, moves: boolean } | null} */ (null);
  pan = /** @type {PointerEvent | null} */ (null);

  /**
   * @param {Placing} placing
   * @param {AbortSignal} signal
   */
  constructor(placing, signal) {
    this.placing = placing;
    this.stage = placing.stage;
    this.lens = placing.lens;
    const { window: view } = this.stage;
    view.addEventListener("pointerdown", this.down, { signal });
    view.addEventListener("pointermove", this.move, { signal });
    view.addEventListener("pointerup", this.up, { signal });
    view.addEventListener("pointercancel", this.cancel, { signal });
    view.addEventListener("touchstart", this.holdPage, { signal, passive: false });
    view.addEventListener("wheel", this.wheel, { signal, passive: false });
    view.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
  }

  get drawing() {
    return this.stage.drawing;
  }

  /**
   * @param {PointerEvent | Touch} event
   * @param {string} kind
   */
  under(event, kind) {
    if (!this.drawing) return -1;
    const point = this.stage.pointOf(event);
    const slack = SLACK[/** @type {keyof typeof SLACK} */ (kind)] ?? SLACK.mouse;
    return pieceAt(this.drawing, point, slack * point.perPixel);
  }

  /** The page scrolls wherever no piece is, and not while one drags a piece or looks closer. @param {TouchEvent} event */
  holdPage = (event) => {
    const takes = event.touches.length > 1 || this.lens.view.scale > 1 || this.under(event.touches[0], "touch") >= 0;
    if (takes && event.cancelable) event.preventDefault();
  };

  /** @param {PointerEvent} event */
  down = (event) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button"))) return;
    this.pointers.set(event.pointerId, event);
    if (this.pointers.size > 1) {
      this.drop();
      return;
    }
    const piece = this.under(event, event.pointerType);
    if (this.drawing && piece >= 0) {
      const point = this.stage.placeOf(event);
      const centre = this.drawing.pieces[piece];
      const from = { x: centre.x - point.x, y: centre.y - point.y };
      this.drag = { piece, from, start: event, moves: false };
      this.stage.window.setPointerCapture(event.pointerId);
    } else if (this.lens.view.scale > 1) {
      this.pan = event;
      this.stage.window.setPointerCapture(event.pointerId);
    }
  };

  /** @param {PointerEvent} event */
  move = (event) => {
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      this.stage.window.classList.toggle("stage__view--over", this.under(event, event.pointerType) >= 0);
      return;
    }
    if (this.pointers.size === 2) this.pinch(before, event);
    else if (this.drag) this.dragTo(event);
    else if (this.pan) this.lens.look(panned(this.lens.view, this.lens.size, event.clientX - before.clientX, event.clientY - before.clientY));
    this.pointers.set(event.pointerId, event);
  };

  /** @param {PointerEvent} event */
  dragTo(event) {
    const { drag, drawing } = this;
    if (!drag || !drawing) return;
    const { start } = drag;
    if (!drag.moves) {
      if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < TREMOR) return;
      drag.moves = true;
      this.placing.choose(drag.piece);
    }
    const point = this.stage.placeOf(event);
    const place = { x: within(point.x + drag.from.x, drawing.bar[0]), y: within(point.y + drag.from.y, drawing.bar[1]) };
    this.stage.carry(this.placing.piece, place);
  }

  /** @param {PointerEvent} event */
  up = (event) => {
    const began = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    const { drag, pan } = this;
    [this.drag, this.pan] = [null, null];
    if (!began) return;
    if (drag?.moves) this.placing.dropped();
    else if (drag) this.placing.tapPiece(drag.piece);
    else if (this.placing.isPointed && isTap(pan ?? began, event)) this.placing.tapPlace(this.stage.placeOf(event));
  };

  /** @param {PointerEvent} event */
  cancel = (event) => {
    this.pointers.delete(event.pointerId);
    this.drop();
  };

  /** Two fingers, or the page has taken over: the piece goes back to where it was. */
  drop() {
    const wasMoving = this.drag?.moves;
    [this.drag, this.pan] = [null, null];
    if (wasMoving) this.stage.again();
  }

  /**
   * @param {PointerEvent} before
   * @param {PointerEvent} event
   */
  pinch(before, event) {
    const other = [...this.pointers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    if (!other) return;
    const apart = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
    const now = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
    const box = this.stage.window.getBoundingClientRect();
    const middle = { x: (event.clientX + other.clientX) / 2 - box.left, y: (event.clientY + other.clientY) / 2 - box.top };
    const view = zoomed(this.lens.view, this.lens.size, apart ? now / apart : 1, middle);
    this.lens.look(panned(view, this.lens.size, (event.clientX - before.clientX) / 2, (event.clientY - before.clientY) / 2));
  }

  /** @param {WheelEvent} event */
  wheel = (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = this.stage.window.getBoundingClientRect();
    this.lens.zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
  };
}

/**
 * @param {PointerEvent} began
 * @param {PointerEvent} event
 */
function isTap(began, event) {
  return Math.hypot(event.clientX - began.clientX, event.clientY - began.clientY) < TREMOR;
}
