/** The part of a picture that is printed: it keeps the shape of its place and stays within the picture. */

/** @typedef {{ left: number, top: number, width: number, height: number }} Part */
/** @typedef {{ width: number, height: number }} Size */

const SMALLEST_SHARE = 1 / 20;

/**
 * The wanted part, as large as the picture allows, moved into it.
 * @param {Part} wanted
 * @param {Size} size
 * @returns {Part}
 */
export function within(wanted, size) {
  const shape = wanted.height / wanted.width;
  const width = between(wanted.width, size.width * SMALLEST_SHARE, Math.min(size.width, size.height / shape));
  const height = width * shape;
  return {
    left: between(wanted.left, 0, size.width - width),
    top: between(wanted.top, 0, size.height - height),
    width,
    height,
  };
}

/**
 * Wider by so much in the same shape; its upper left corner stays where it is.
 * @param {Part} part
 * @param {number} across
 * @param {Size} size
 * @returns {Part}
 */
export function enlarged(part, across, size) {
  const shape = part.height / part.width;
  const room = Math.min(size.width - part.left, (size.height - part.top) / shape);
  const width = between(part.width + across, size.width * SMALLEST_SHARE, room);
  return { ...part, width, height: width * shape };
}

/**
 * @param {number} number
 * @param {number} least
 * @param {number} most wins where both cannot be kept
 */
export function between(number, least, most) {
  return Math.min(Math.max(number, least), Math.max(0, most));
}
