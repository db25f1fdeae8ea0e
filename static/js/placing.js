import { movable, nameOf, named, pieceAt, towards, within } from "./drawing.js";
import { turned } from "./edits.js";
import { panned, zoomed } from "./zoom.js";

/**
 * The blank hides these two from collectstatic, which would take a type for a circle of imports.
 * @typedef {import ("./bar-canvas.js").BarCanvas} BarCanvas
 * @typedef {import ("./bar-canvas.js").Place} Place
 * @typedef {import("./drawing.js").Point} Point
 */

/** @type {Record<string, Point>} */
const ARROWS = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
/** Tenths of a millimetre that an arrow key moves a piece by. */
const [STEP, STRIDE] = [10, 50];
const TURN = 15;
/** Fingers are wider than nuts: CSS pixels beside a piece at which it can still be taken. */
const SLACK = { touch: 10, pen: 8, mouse: 3 };
/** CSS pixels within which a press is a tap and not a drag. */
const TREMOR = 5;
/** After the last arrow key, before the server hears of it. */
const PAUSE = 450;

/**
 * Lays pieces by hand: drag one, or tap it and then its place, or choose and nudge with the keys.
 * What is decided goes into the form; the server says where the piece comes to lie.
 */
export class Placing {
  /** The chosen piece, by its name, so that it stays chosen when others come and go. */
  chosen = "";
  /** Whether the arrows move the chosen piece; else they choose another one. */
  isTaken = false;
  /** Where the taken piece lay. */
  origin = /** @type {(Place & { moved: boolean }) | null} */ (null);
  /** @type {Map<number, PointerEvent>} */
  pointers = new Map();
  drag = /** @type {{ piece: number, from: Point, start: PointerEvent, moves: boolean } | null} */ (null);
  pan = /** @type {PointerEvent | null} */ (null);
  unsaid = 0;

  /**
   * @param {BarCanvas} stage
   * @param {AbortSignal} signal
   */
  constructor(stage, signal) {
    this.stage = stage;
    this.list = /** @type {HTMLElement | null} */ (stage.querySelector(".stage__pieces"));
    const { window: view } = stage;
    view.addEventListener("pointerdown", this.down, { signal });
    view.addEventListener("pointermove", this.move, { signal });
    view.addEventListener("pointerup", this.up, { signal });
    view.addEventListener("pointercancel", this.cancel, { signal });
    view.addEventListener("touchstart", this.holdPage, { signal, passive: false });
    view.addEventListener("wheel", this.wheel, { signal, passive: false });
    view.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
    this.list?.addEventListener("keydown", this.key, { signal });
    this.list?.addEventListener("focus", this.enter, { signal });
    this.list?.addEventListener("blur", this.leave, { signal });
  }

  get drawing() {
    return this.stage.drawing;
  }

  /** The chosen piece's number in the drawing, or -1. */
  get piece() {
    return this.drawing && this.chosen ? named(this.drawing, this.chosen) : -1;
  }

  /** The piece that wants a ring: chosen by hand, or under the focus. */
  get shownPiece() {
    const isLookedAt = this.isTaken || this.isPointed || document.activeElement === this.list;
    return isLookedAt ? this.piece : -1;
  }

  isPointed = false;

  /** After every change of the drawing. */
  refresh() {
    const pieces = this.drawing ? movable(this.drawing) : [];
    this.list?.toggleAttribute("hidden", pieces.length === 0);
    if (this.piece < 0) this.letGo();
    if (this.piece < 0 && this.drawing && pieces.length) this.chosen = nameOf(this.drawing, pieces[0]);
    this.name();
  }

  // ── Choosing ───────────────────────────────────────────────────────────────────────────────────

  /** @param {number} piece */
  choose(piece) {
    if (!this.drawing) return;
    this.chosen = nameOf(this.drawing, piece);
    this.name();
    this.stage.reveal(piece);
    this.stage.mark();
    this.foreseeTurns();
  }

  take() {
    const drawing = this.drawing;
    if (!drawing || this.piece < 0) return;
    const { x, y, turn, moved } = drawing.pieces[this.piece];
    this.origin = { x, y, turn, moved };
    this.isTaken = true;
    this.stage.mark();
    this.foreseeTurns();
  }

  letGo() {
    this.isTaken = this.isPointed = false;
    this.origin = null;
    this.showTools();
    this.stage.mark();
  }

  foreseeTurns() {
    const drawing = this.drawing;
    if (!drawing || this.piece < 0 || !(this.isTaken || this.isPointed)) return;
    const { x, y, turn } = drawing.pieces[this.piece];
    for (const by of [-TURN, TURN]) this.stage.foresee(this.chosen, { x, y, turn: turned(turn + by) });
  }

  showTools() {
    this.stage.classList.toggle("stage--holding", this.isPointed);
  }

  // ── Words for those who hear the page ──────────────────────────────────────────────────────────

  /** The list holds the chosen piece alone: hundreds of hidden ones would only slow the page. */
  name() {
    const drawing = this.drawing;
    if (!this.list || !drawing || this.piece < 0) return;
    const pieces = movable(drawing);
    const option = document.createElement("div");
    option.id = `piece-${this.piece}`;
    option.className = "visually-hidden";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(this.isTaken));
    option.setAttribute("aria-setsize", String(pieces.length));
    option.setAttribute("aria-posinset", String(pieces.indexOf(this.piece) + 1));
    option.textContent = this.words(drawing.pieces[this.piece].moved ? "movedPiece" : "piece");
    // What is heard once is not heard again because something else has changed.
    if (this.list.firstElementChild?.isEqualNode(option)) return;
    this.list.replaceChildren(option);
    this.list.setAttribute("aria-activedescendant", option.id);
  }

  /**
   * A sentence of the page, about the chosen piece.
   * @param {string} sentence
   */
  words(sentence) {
    const drawing = this.drawing;
    if (!drawing || this.piece < 0) return "";
    const { heap, index, x, y, turn, count } = drawing.pieces[this.piece];
    const like = drawing.pieces.filter((other) => other.heap === heap).length;
    const millimetres = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    /** @type {Record<string, string>} */
    const facts = {
      name: drawing.heaps[heap].name,
      number: String(index + 1),
      of: String(like),
      count: String(count),
      x: millimetres.format(x / 10),
      y: millimetres.format(y / 10),
      turn: String(turn),
    };
    return (this.stage.dataset[sentence] ?? "").replace(/\{(\w+)\}/g, (_, fact) => facts[fact] ?? "");
  }

  /** @param {string} sentence */
  say(sentence) {
    const news = this.stage.querySelector(".stage__news");
    if (news) news.textContent = this.words(sentence);
  }

  // ── Moving ─────────────────────────────────────────────────────────────────────────────────────

  /** @param {Point} by tenths of a millimetre */
  nudge(by) {
    const drawing = this.drawing;
    if (!drawing || this.piece < 0) return;
    const { x, y } = drawing.pieces[this.piece];
    const place = { x: within(x + by.x, drawing.bar[0]), y: within(y + by.y, drawing.bar[1]) };
    this.stage.carry(this.piece, place);
    this.stage.reveal(this.piece);
    this.name();
    this.say("nudged");
    window.clearTimeout(this.unsaid);
    this.unsaid = window.setTimeout(this.tell, PAUSE);
  }

  /** What was nudged goes to the server. */
  tell = () => {
    window.clearTimeout(this.unsaid);
    if (this.stage.held && this.drawing && this.piece >= 0) {
      const { x, y, turn } = this.drawing.pieces[this.piece];
      this.stage.lay(this.chosen, { x, y, turn });
      this.foreseeTurns();
    }
  };

  /** @param {number} by degrees */
  turn(by) {
    const drawing = this.drawing;
    if (!drawing || this.piece < 0) return;
    window.clearTimeout(this.unsaid);
    const { x, y, turn } = drawing.pieces[this.piece];
    this.stage.lay(this.chosen, { x, y, turn: turned(turn + by) });
    this.foreseeTurns();
    this.name();
    this.say("turned");
  }

  putBack() {
    window.clearTimeout(this.unsaid);
    this.stage.lay(this.chosen, null);
    this.say("putBack");
    this.letGo();
  }

  /** As it was before it was taken. */
  giveUp() {
    window.clearTimeout(this.unsaid);
    if (this.origin) this.stage.lay(this.chosen, this.origin.moved ? this.origin : null);
    this.letGo();
  }

  layDown() {
    this.tell();
    this.say("laid");
    this.letGo();
    this.name();
  }

  /** One of the buttons beside the bar. @param {string} tool */
  use(tool) {
    if (tool === "left") this.turn(TURN);
    else if (tool === "right") this.turn(-TURN);
    else if (tool === "back") this.putBack();
    else if (tool === "done") this.layDown();
  }

  // ── Keys ───────────────────────────────────────────────────────────────────────────────────────

  enter = () => {
    this.stage.mark();
    if (this.piece >= 0) this.stage.reveal(this.piece);
  };

  leave = () => {
    this.tell();
    if (!this.isPointed) this.letGo();
    this.stage.mark();
  };

  /** @param {KeyboardEvent} event */
  key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || this.piece < 0 || !this.drawing) return;
    const act = this.action(event);
    if (!act) return;
    event.preventDefault();
    act();
  };

  /**
   * @param {KeyboardEvent} event
   * @returns {(() => void) | undefined}
   */
  action({ key, shiftKey }) {
    const arrow = ARROWS[key];
    const drawing = /** @type {import("./drawing.js").Drawing} */ (this.drawing);
    const step = shiftKey ? STRIDE : STEP;
    if (arrow && this.isTaken) return () => this.nudge({ x: arrow.x * step, y: arrow.y * step });
    if (arrow) return () => this.choose(towards(drawing, this.piece, arrow));
    const pieces = movable(drawing);
    return {
      Home: () => this.choose(pieces[0]),
      End: () => this.choose(pieces[pieces.length - 1]),
      Enter: () => this.takeOrLay(),
      " ": () => this.takeOrLay(),
      Escape: () => this.giveUp(),
      Delete: () => this.putBack(),
      Backspace: () => this.putBack(),
      "[": () => this.turn(TURN),
      "]": () => this.turn(-TURN),
      "+": () => this.stage.zoom(1.5),
      "-": () => this.stage.zoom(1 / 1.5),
    }[key];
  }

  takeOrLay() {
    if (this.isTaken) {
      this.layDown();
    } else {
      this.take();
      this.name();
      this.say("taken");
    }
  }

  // ── Pointers ───────────────────────────────────────────────────────────────────────────────────

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
    const takes = event.touches.length > 1 || this.stage.view.scale > 1 || this.under(event.touches[0], "touch") >= 0;
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
    } else if (this.stage.view.scale > 1) {
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
    else if (this.pan) this.stage.look(panned(this.stage.view, this.size, event.clientX - before.clientX, event.clientY - before.clientY));
    this.pointers.set(event.pointerId, event);
  };

  get size() {
    const { width, height } = this.stage.window.getBoundingClientRect();
    return { width, height };
  }

  /** @param {PointerEvent} event */
  dragTo(event) {
    const { drag, drawing } = this;
    if (!drag || !drawing) return;
    const { start } = drag;
    if (!drag.moves) {
      if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < TREMOR) return;
      drag.moves = true;
      this.choose(drag.piece);
    }
    const point = this.stage.placeOf(event);
    const place = { x: within(point.x + drag.from.x, drawing.bar[0]), y: within(point.y + drag.from.y, drawing.bar[1]) };
    this.stage.carry(this.piece, place);
  }

  /** @param {PointerEvent} event */
  up = (event) => {
    const began = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    const { drag, pan } = this;
    [this.drag, this.pan] = [null, null];
    if (!began) return;
    if (drag?.moves) this.dropped();
    else if (drag) this.tapPiece(drag.piece);
    else if (this.isPointed && isTap(pan ?? began, event)) this.tapPlace(event);
  };

  dropped() {
    this.tell();
    this.say("laid");
    this.isPointed = true;
    this.showTools();
    this.stage.mark();
  }

  /** @param {number} piece */
  tapPiece(piece) {
    const isSame = this.isPointed && piece === this.piece;
    if (isSame) {
      this.letGo();
      return;
    }
    this.isPointed = true;
    this.choose(piece);
    this.showTools();
    this.say("tapped");
  }

  /** The second tap says where the first one's piece shall lie. @param {PointerEvent} event */
  tapPlace(event) {
    if (!this.drawing || this.piece < 0) return;
    this.stage.carry(this.piece, this.stage.placeOf(event));
    this.tell();
    this.say("laid");
    this.letGo();
  }

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
    const view = zoomed(this.stage.view, this.size, apart ? now / apart : 1, middle);
    this.stage.look(panned(view, this.size, (event.clientX - before.clientX) / 2, (event.clientY - before.clientY) / 2));
  }

  /** @param {WheelEvent} event */
  wheel = (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = this.stage.window.getBoundingClientRect();
    this.stage.zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
  };

  // ── The fields for laying by hand ──────────────────────────────────────────────────────────────

  /** The piece that is named in the fields is the one on the bar. @param {Element} field */
  follow(field) {
    if (!(field instanceof HTMLSelectElement) || !this.drawing) return;
    const piece = named(this.drawing, field.value);
    if (piece < 0) return;
    this.isPointed = true;
    this.choose(piece);
    this.showTools();
    const { x, y, turn } = this.drawing.pieces[piece];
    fill("place-x", String(x / 10));
    fill("place-y", String(y / 10));
    fill("place-turn", String(turn));
  }
}

/**
 * @param {PointerEvent} began
 * @param {PointerEvent} event
 */
function isTap(began, event) {
  return Math.hypot(event.clientX - began.clientX, event.clientY - began.clientY) < TREMOR;
}

/**
 * @param {string} id
 * @param {string} value
 */
function fill(id, value) {
  const field = document.getElementById(id);
  if (field instanceof HTMLInputElement) field.value = value;
}
