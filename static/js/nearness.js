import { movable, oval, pixels } from "./drawing.js";

/**
 * Which piece is meant by a point or a direction.
 *
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./drawing.js").Point} Point
 */

/**
 * The uppermost piece at a point, or the nearest within the slack that a finger needs, or -1.
 * @param {Drawing} drawing
 * @param {Point} point in pixels of the drawing
 * @param {number} [slack]
 */
export function pieceAt(drawing, point, slack = 0) {
  let nearest = -1;
  let least = slack;
  for (const piece of movable(drawing).reverse()) {
    const centre = pixels(drawing, drawing.pieces[piece]);
    const { along, beside, turn } = oval(drawing, piece);
    const [x, y] = [point.x - centre.x, point.y - centre.y];
    const lengthwise = (x * Math.cos(turn) + y * Math.sin(turn)) / along;
    const crosswise = (y * Math.cos(turn) - x * Math.sin(turn)) / beside;
    if (Math.hypot(lengthwise, crosswise) <= 1) return piece;
    const away = Math.hypot(x, y) - Math.min(along, beside);
    if (away < least) [nearest, least] = [piece, away];
  }
  return nearest;
}

/**
 * The next piece in a direction, as a person would point at it; the same one when there is none.
 * @param {Drawing} drawing
 * @param {number} from
 * @param {Point} direction one step of an arrow key
 */
export function towards(drawing, from, direction) {
  const here = drawing.pieces[from];
  let best = from;
  let least = Infinity;
  for (const piece of movable(drawing)) {
    const there = drawing.pieces[piece];
    const along = (there.x - here.x) * direction.x + (there.y - here.y) * direction.y;
    const beside = Math.abs((there.x - here.x) * direction.y) + Math.abs((there.y - here.y) * direction.x);
    if (piece !== from && along > 0 && along + 2 * beside < least) [best, least] = [piece, along + 2 * beside];
  }
  return best;
}
