/**
 * A bar in its parts, as the server drew it up. Pixels are whole and final; what is computed here is only
 * which piece lies where, never where one should lie.
 *
 * @typedef {{ sheet: number, key: string, width: number, height: number, left: number, top: number }} SpriteBox
 * @typedef {[sprite: number, x: number, y: number, piece: number]} Draw
 * @typedef {{ slot: string, module: string, name: string, movable: boolean }} Heap
 * @typedef {{ heap: number, index: number, x: number, y: number, turn: number, length: number, width: number, count: number,
 *   moved: boolean }} Piece
 * @typedef {{ digest: string, width: number, height: number, scale: number, margin: number, bar: [number, number],
 *   body: string, sheets: string[], sprites: SpriteBox[], draws: Draw[], heaps: Heap[], pieces: Piece[],
 *   inscribed: Record<string, string>, coin: { address: string, centre: [number, number], scale: number } | null }} Drawing
 * @typedef {{ x: number, y: number }} Point
 */

/**
 * Tenths of a millimetre on the bar → pixels of the drawing.
 * @param {Drawing} drawing
 * @param {Point} place
 */
export function pixels(drawing, place) {
  return {
    x: (place.x / 10 + drawing.margin) * drawing.scale,
    y: (place.y / 10 + drawing.margin) * drawing.scale,
  };
}

/**
 * Pixels of the drawing → tenths of a millimetre, kept on the bar.
 * @param {Drawing} drawing
 * @param {Point} point
 */
export function tenths(drawing, point) {
  const [length, width] = drawing.bar;
  return {
    x: within(Math.round((point.x / drawing.scale - drawing.margin) * 10), length),
    y: within(Math.round((point.y / drawing.scale - drawing.margin) * 10), width),
  };
}

/**
 * @param {number} value
 * @param {number} most
 */
export function within(value, most) {
  return Math.max(0, Math.min(most, value));
}

/**
 * Names a piece through all changes of the bar, as the form's moves do.
 * @param {Drawing} drawing
 * @param {number} piece
 */
export function nameOf(drawing, piece) {
  const { heap, index } = drawing.pieces[piece];
  return `${drawing.heaps[heap].slot}:${drawing.heaps[heap].module}:${index}`;
}

/**
 * The piece of that name, or -1.
 * @param {Drawing} drawing
 * @param {string} name
 */
export function named(drawing, name) {
  return drawing.pieces.findIndex((_, piece) => nameOf(drawing, piece) === name);
}

/** @param {Drawing} drawing */
export function movable(drawing) {
  return [...drawing.pieces.keys()].filter((piece) => drawing.heaps[drawing.pieces[piece].heap].movable);
}

/** Grains smaller than this, in tenths of a millimetre, are taken as if they were larger. */
const SMALLEST = 30;

/**
 * The oval that a piece covers, without its shadow: half axes in pixels, and its turn in radians, clockwise.
 * @param {Drawing} drawing
 * @param {number} piece
 */
export function oval(drawing, piece) {
  const { length, width, turn } = drawing.pieces[piece];
  const half = drawing.scale / 20;
  return {
    along: Math.max(length, SMALLEST) * half,
    beside: Math.max(width, SMALLEST) * half,
    turn: (-turn * Math.PI) / 180,
  };
}

/**
 * The drawing with one piece somewhere else, until the server has its say.
 * @param {Drawing} drawing
 * @param {number} piece
 * @param {Point} place in tenths of a millimetre
 * @returns {Drawing}
 */
export function moving(drawing, piece, place) {
  const pieces = drawing.pieces.with(piece, { ...drawing.pieces[piece], ...place, moved: true });
  const centre = pixels(drawing, place);
  const draws = drawing.draws.map((draw) => {
    const box = drawing.sprites[draw[0]];
    return draw[3] === piece ? at(draw, Math.round(centre.x) - box.left, Math.round(centre.y) - box.top) : draw;
  });
  return { ...drawing, pieces, draws };
}

/**
 * @param {Draw} draw
 * @param {number} x
 * @param {number} y
 * @returns {Draw}
 */
function at(draw, x, y) {
  return [draw[0], x, y, draw[3]];
}

/**
 * The drawing without what lay on top of a choice that was taken out.
 * @param {Drawing} drawing
 * @param {string} slot
 * @param {string} module
 * @returns {Drawing}
 */
export function without(drawing, slot, module) {
  const gone = drawing.heaps.findIndex((heap) => heap.slot === slot && heap.module === module);
  return { ...drawing, draws: drawing.draws.filter(([, , , piece]) => piece < 0 || drawing.pieces[piece].heap !== gone) };
}

/**
 * The part of a box that a picture fills which is shown whole, centred (as object-fit: contain does).
 * @param {{ left: number, top: number, width: number, height: number }} box
 * @param {number} ratio width by height
 */
export function contained(box, ratio) {
  const width = Math.min(box.width, box.height * ratio);
  const height = width / ratio;
  return { left: box.left + (box.width - width) / 2, top: box.top + (box.height - height) / 2, width, height };
}
