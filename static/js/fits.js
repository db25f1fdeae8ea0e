/**
 * @typedef {object} Wishes
 * @property {string[]} avoid allergen codes, or beginnings of codes such as "NUT-"
 * @property {boolean} traces whether "may contain" counts as containing
 * @property {boolean} vegan
 */

/**
 * Whether a card's facts, as the server sent them, fit the wishes.
 * @param {DOMStringMap} facts
 * @param {Wishes} wishes
 */
export function fits(facts, wishes) {
  const codes = (facts.contains ?? "").split(" ").concat(wishes.traces ? (facts.traces ?? "").split(" ") : []);
  const avoided = wishes.avoid.some((wish) => codes.some((code) => code.startsWith(wish)));
  return !avoided && (!wishes.vegan || facts.vegan !== undefined);
}

/**
 * Whether every word of the search occurs; the server searches in the same way.
 * @param {string} words
 * @param {string} search
 */
export function matches(words, search) {
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}
