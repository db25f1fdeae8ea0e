import { within } from "./drawing.js";

/**
 * @typedef {{ x: number, y: number, scale: number }} View how the sheet lies behind its window, in CSS pixels
 * @typedef {{ width: number, height: number }} Size
 */

export const NEAREST = 4;
/** @type {View} */
export const WHOLE = { x: 0, y: 0, scale: 1 };

/**
 * Nearer or farther, so that the point under the fingers stays there.
 * @param {View} view
 * @param {Size} window
 * @param {number} factor
 * @param {{ x: number, y: number }} point in the window
 */
export function zoomed(view, window, factor, point) {
  const scale = Math.max(1, Math.min(NEAREST, view.scale * factor));
  const share = scale / view.scale;
  return kept({ scale, x: point.x - (point.x - view.x) * share, y: point.y - (point.y - view.y) * share }, window);
}

/**
 * @param {View} view
 * @param {Size} window
 * @param {number} x
 * @param {number} y
 */
export function panned(view, window, x, y) {
  return kept({ ...view, x: view.x + x, y: view.y + y }, window);
}

/**
 * Moved no more than it takes to see a point with some room around it.
 * @param {View} view
 * @param {Size} window
 * @param {{ x: number, y: number }} point in the window
 */
export function showing(view, window, point) {
  const room = Math.min(window.width, window.height) / 6;
  const across = within(point.x - room, window.width - 2 * room) - (point.x - room);
  const down = within(point.y - room, window.height - 2 * room) - (point.y - room);
  return panned(view, window, across, down);
}

/**
 * The sheet always fills its window.
 * @param {View} view
 * @param {Size} window
 * @returns {View}
 */
function kept({ x, y, scale }, window) {
  return {
    scale,
    x: Math.min(0, Math.max(window.width * (1 - scale), x)),
    y: Math.min(0, Math.max(window.height * (1 - scale), y)),
  };
}
