// Where in the plan a run would be put: numbers in, numbers out.

/**
 * How many runs come before a place at that height.
 * @param {number[]} middles of the other runs, from above
 * @param {number} y
 */
export function placed(middles, y) {
  const below = middles.findIndex((middle) => middle > y);
  return below < 0 ? middles.length : below;
}

/**
 * One step by an arrow key: up and down among the runs of a temperer, left and right to the next one.
 * @param {string} key
 * @param {{ turn: number, position: number }} from position counts from 1
 * @param {number[]} lengths how many other runs each temperer's day has
 */
export function steps(key, from, lengths) {
  const sideways = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
  const turn = Math.min(Math.max(from.turn + sideways, 0), lengths.length - 1);
  const upwards = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
  const position = Math.min(Math.max(from.position + upwards, 1), lengths[turn] + 1);
  return { turn, position };
}
