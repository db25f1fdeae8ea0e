import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { found, words } from "../../static/js/searching.js";

/**
 * @type {{
 *   entries: Record<string, { names: string, notes: string }>,
 *   words: Record<string, string[]>,
 *   cases: { query: string, found: string[] }[],
 * }}
 */
const table = JSON.parse(readFileSync(new URL("../search_cases.json", import.meta.url), "utf8"));
const keys = Object.keys(table.entries);
const entries = Object.values(table.entries).map(({ names, notes }) => ({ names: words(names), notes: words(notes) }));

for (const [text, expected] of Object.entries(table.words)) {
  test(`the words of “${text}”, as in Python`, () => assert.deepEqual(words(text), expected));
}

for (const { query, found: expected } of table.cases) {
  test(`“${query}” finds the same as in Python`, () => {
    assert.deepEqual(
      found(query, entries).map((place) => keys[place]),
      expected,
    );
  });
}
