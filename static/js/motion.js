import { nameOf, pixels } from "./drawing.js";

/**
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {{ piece: number, x: number, y: number, drops: boolean, delay: number }} Motion from where a piece
 *   comes, in pixels from its place, and after how many milliseconds
 * @typedef {{ x: number, y: number, alpha: number }} Offset
 */

/** Milliseconds: short enough not to wait for, long enough to see what happens. */
const LASTS = 170;
const SPREAD = 130;
/** Millimetres above its place from which a new piece drops. */
const HEIGHT = 7;

/**
 * How the pieces get from one drawing to the next: new ones drop, others slide to where they now lie.
 * @param {Drawing | null} old
 * @param {Drawing} coming
 * @param {number} [held] the piece that a hand is moving
 * @returns {Motion[]}
 */
export function motions(old, coming, held = -1) {
  if (!old) return [];
  const before = new Map(old.pieces.map((place, piece) => [nameOf(old, piece), place]));
  const known = coming.pieces.map((_, piece) => before.get(nameOf(coming, piece)));
  const dropping = known.flatMap((place, piece) => (place ? [] : [piece]));
  const drops = dropping.map((piece, order) => ({
    piece,
    x: 0,
    y: -HEIGHT * coming.scale,
    drops: true,
    delay: (SPREAD * order) / dropping.length,
  }));
  const slides = known.flatMap((place, piece) => {
    if (!place || piece === held) return [];
    const [from, to] = [pixels(coming, place), pixels(coming, coming.pieces[piece])];
    const moves = Math.abs(from.x - to.x) + Math.abs(from.y - to.y) >= 1;
    return moves ? [{ piece, x: from.x - to.x, y: from.y - to.y, drops: false, delay: 0 }] : [];
  });
  return [...drops, ...slides];
}

/**
 * Where the moving pieces are after so many milliseconds; empty when all lie. Nothing is seen of a piece
 * before its time.
 * @param {Motion[]} moving
 * @param {number} elapsed
 * @returns {Map<number, Offset>}
 */
export function offsetsAfter(moving, elapsed) {
  /** @type {Map<number, Offset>} */
  const offsets = new Map();
  for (const { piece, x, y, drops, delay } of moving) {
    const share = Math.max(0, (elapsed - delay) / LASTS);
    if (share >= 1) continue;
    const left = drops ? 1 - share ** 2 : (1 - share) ** 3;
    const alpha = !drops ? 1 : elapsed < delay ? 0 : 0.3 + 0.7 * share;
    offsets.set(piece, { x: Math.round(x * left), y: Math.round(y * left), alpha });
  }
  return offsets;
}
