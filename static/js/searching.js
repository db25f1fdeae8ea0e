/**
 * Search that forgives: plurals, umlauts, either language, parts of words, and slips of the keyboard.
 * The same algorithm as configurator/domain/searching.py, which describes it; tests/search_cases.json holds both to it.
 *
 * @typedef {{ names: readonly string[], notes: readonly string[] }} Entry its words are those of `words`
 */

const PASSED_OVER = new Set(
  "a an and for in of or something the with aus das der die ein eine etwas fur mit oder und von".split(" "),
);
const ENDINGS = ["en", "er", "es", "e", "n", "s"];
const MOST_LENIENT = 3;

/**
 * @param {string} query
 * @param {readonly Entry[]} entries
 * @returns {number[]} places of the entries that have every word of the query, best first
 */
export function found(query, entries) {
  const scores = entries.map(() => 0);
  let places = [...entries.keys()];
  for (const word of words(query)) {
    const points = pointsOf(word, entries);
    places = places.filter((place) => points[place]);
    for (const place of places) scores[place] += points[place];
  }
  return places.sort((one, other) => scores[other] - scores[one] || one - other);
}

/** @param {string} text @returns {string[]} as they are compared: no accents, no plurals, each once */
export function words(text) {
  const written = folding(text).match(/[a-z0-9]+/g) ?? [];
  return [...new Set(written.filter((word) => !PASSED_OVER.has(word)).map(stem))];
}

/** @param {string} text */
function folding(text) {
  return text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/([aou])e/g, "$1");
}

/** @param {string} word */
function stem(word) {
  for (const ending of ENDINGS) {
    const rest = word.slice(0, -ending.length);
    if (word.endsWith(ending) && rest.length > 2 && !(ending === "s" && rest.endsWith("s"))) return sameY(rest);
  }
  return sameY(word);
}

/** @param {string} word */
function sameY(word) {
  return word.replace(/y$/, "i");
}

/** @param {string} word @param {readonly Entry[]} entries */
function pointsOf(word, entries) {
  const vocabulary = new Set(entries.flatMap(({ names, notes }) => [...names, ...notes]));
  for (let lenience = 0; lenience <= MOST_LENIENT; lenience += 1) {
    const close = new Map([...vocabulary].map((written) => [written, closeness(word, written, lenience)]));
    const best = (/** @type {readonly string[]} */ words) => Math.max(0, ...words.map((one) => close.get(one) ?? 0));
    if ([...close.values()].some(Boolean)) return entries.map(({ names, notes }) => Math.max(3 * best(names), best(notes)));
  }
  return entries.map(() => 0);
}

/** @param {string} word @param {string} written @param {number} lenience */
function closeness(word, written, lenience) {
  if (written === word) return 4;
  if (written.startsWith(word)) return 3;
  if (written.includes(word) && word.length >= (lenience ? 3 : 4)) return 2;
  if (lenience && written.length > 3 && word.startsWith(written)) return 2;
  const mayBe = lenience > 1 && word.length >= 2 * lenience && strangers(word, written) < lenience;
  return Number(mayBe && slips(word, written) < lenience);
}

/** Letters that the other word has nowhere: never more than slips, and quicker to count. @param {string} word @param {string} written */
function strangers(word, written) {
  return [...word].filter((letter) => !written.includes(letter)).length;
}

/** @param {string} word @param {string} written */
function slips(word, written) {
  /** @type {number[]} */
  let before = [];
  let above = [...Array(written.length + 1).keys()];
  for (let row = 1; row <= word.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= written.length; column += 1) {
      const change = above[column - 1] + Number(word[row - 1] !== written[column - 1]);
      let best = Math.min(above[column] + 1, line[column - 1] + 1, change);
      const swapped = row > 1 && column > 1 && word[row - 1] === written[column - 2] && word[row - 2] === written[column - 1];
      if (swapped) best = Math.min(best, before[column - 2] + 1);
      line.push(best);
    }
    [before, above] = [above, line];
  }
  return Math.min(...above);
}
