import { movable, nameOf, named, within } from "./drawing.js";
import { turned } from "./edits.js";
import { towards } from "./nearness.js";
import { Pointing } from "./pointing.js";

/**
 * The blank hides these from collectstatic, which would take a type for a circle of imports.
 * @typedef {import ("./bar-canvas.js").BarCanvas} BarCanvas
 * @typedef {import ("./bar-canvas.js").Place} Place
 * @typedef {import ("./lens.js").Lens} Lens
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
  unsaid = 0;

  /**
   * @param {BarCanvas} stage
   * @param {Lens} lens
   * @param {AbortSignal} signal
   */
  constructor(stage, lens, signal) {
    this.stage = stage;
    this.lens = lens;
    this.list = /** @type {HTMLElement | null} */ (stage.querySelector(".stage__pieces"));
    this.pointing = new Pointing(this, signal);
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
    this.lens.reveal(piece);
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
    this.lens.reveal(this.piece);
    this.name();
    window.clearTimeout(this.unsaid);
    this.unsaid = window.setTimeout(this.tell, PAUSE);
  }

  /** What was moved goes to the server, which says where it lies, with the price; false where nothing was. */
  tell = () => {
    window.clearTimeout(this.unsaid);
    if (!this.stage.held || !this.drawing || this.piece < 0) return false;
    const { x, y, turn } = this.drawing.pieces[this.piece];
    const isTold = this.stage.lay(this.chosen, { x, y, turn });
    this.foreseeTurns();
    return isTold;
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
  }

  putBack() {
    window.clearTimeout(this.unsaid);
    if (!this.stage.lay(this.chosen, null)) this.say("putBack");
    this.letGo();
  }

  /** As it was before it was taken. */
  giveUp() {
    window.clearTimeout(this.unsaid);
    if (this.origin) this.stage.lay(this.chosen, this.origin.moved ? this.origin : null);
    this.letGo();
  }

  layDown() {
    if (!this.tell()) this.say("laid");
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
    if (this.piece >= 0) this.lens.reveal(this.piece);
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
      "+": () => this.lens.zoom(1.5),
      "-": () => this.lens.zoom(1 / 1.5),
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

  // ── Drag and tap ───────────────────────────────────────────────────────────────────────────────

  dropped() {
    if (!this.tell()) this.say("laid");
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

  /** The second tap says where the first one's piece shall lie. @param {Point} place */
  tapPlace(place) {
    if (!this.drawing || this.piece < 0) return;
    this.stage.carry(this.piece, place);
    if (!this.tell()) this.say("laid");
    this.letGo();
  }

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
 * @param {string} id
 * @param {string} value
 */
function fill(id, value) {
  const field = document.getElementById(id);
  if (field instanceof HTMLInputElement) field.value = value;
}
