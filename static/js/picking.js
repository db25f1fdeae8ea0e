import { fits } from "./diet.js";

/**
 * Any bar that fits; one that needs no warning of traces before the others.
 * @template {{ facts: import("./diet.js").Facts }} Bar
 * @param {Bar[]} bars
 * @param {import("./diet.js").Diet} diet
 * @param {number} chance from 0 to below 1
 * @returns {Bar | undefined}
 */
export function oneThatFits(bars, diet, chance) {
  const clear = bars.filter(({ facts }) => fits(facts, diet) === "yes");
  const fitting = clear.length ? clear : bars.filter(({ facts }) => fits(facts, diet) === "careful");
  return fitting[Math.floor(chance * fitting.length)];
}
