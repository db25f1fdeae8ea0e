import { oval, pixels } from "./drawing.js";

/**
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./drawing.js").Point} Point
 * @typedef {import("./sheets.js").Sheets} Sheets
 */

const STILL = { x: 0, y: 0, alpha: 1 };

/**
 * Pastes what the server's picture consists of, at the same pixels, in the same order.
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 * @param {Sheets} sheets all that the drawing needs
 * @param {Map<number, import("./motion.js").Offset>} [offsets] of the pieces that have not come to lie yet
 */
export function paint(context, drawing, sheets, offsets = new Map()) {
  const body = sheets.body(drawing);
  if (body) context.drawImage(body, 0, 0);
  for (const [sprite, x, y, piece] of drawing.draws) {
    const cutting = sheets.of(drawing, sprite);
    if (!cutting) continue;
    const { width, height } = drawing.sprites[sprite];
    const offset = offsets.get(piece) ?? STILL;
    context.globalAlpha = offset.alpha;
    context.drawImage(cutting.strip, 0, cutting.top, width, height, x + offset.x, y + offset.y, width, height);
  }
  context.globalAlpha = 1;
}

export const [INK, PAPER] = ["#2a1710", "#fffaf3"];

/**
 * A ring around a piece: light within dark, so that it shows on every chocolate.
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 * @param {number} piece
 * @param {boolean} taken whether it goes where the arrows go
 */
export function paintRing(context, drawing, piece, taken) {
  const centre = pixels(drawing, drawing.pieces[piece]);
  const { along, beside, turn } = oval(drawing, piece);
  const room = 1.2 * drawing.scale;
  for (const [colour, width] of /** @type {[string, number][]} */ ([[INK, 1], [PAPER, 0.5]])) {
    context.beginPath();
    context.ellipse(centre.x, centre.y, along + room, beside + room, turn, 0, 2 * Math.PI);
    context.setLineDash(taken ? [] : [2 * drawing.scale, drawing.scale]);
    context.lineWidth = width * drawing.scale;
    context.strokeStyle = colour;
    context.stroke();
  }
  context.setLineDash([]);
}
