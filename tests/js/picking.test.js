import assert from "node:assert/strict";
import { test } from "node:test";
import { oneThatFits } from "../../static/js/picking.js";

/** @param {string[]} contains @param {string[]} traces @param {"F" | "O"} zone */
function bar(contains, traces = [], zone = "O") {
  return {
    facts: { contains, traces, zone, vegan: true, vegetarian: true, halal: true, alcoholFree: true, glutenFree: true },
  };
}

const nutty = bar(["NUT-HAZ"]);
const traced = bar([], ["NUT-HAZ"]);
const clear = bar([]);
const free = bar([], [], "F");
const careful = { avoid: { nuts: /** @type {const} */ ("careful") }, needs: [] };
const strict = { avoid: { nuts: /** @type {const} */ ("strict") }, needs: [] };

test("nothing that is avoided is ever picked", () => {
  for (let chance = 0; chance < 1; chance += 0.1) {
    assert.equal(oneThatFits([nutty, clear], careful, chance), clear);
    assert.equal(oneThatFits([nutty, traced, clear, free], strict, chance), free);
  }
});

test("a bar without traces comes before one with them", () => {
  assert.equal(oneThatFits([nutty, traced, clear], careful, 0.5), clear);
  assert.equal(oneThatFits([nutty, traced], careful, 0.5), traced);
});

test("chance decides between those that fit alike", () => {
  assert.equal(oneThatFits([clear, free], careful, 0.1), clear);
  assert.equal(oneThatFits([clear, free], careful, 0.9), free);
});

test("where nothing fits, nothing is picked", () => {
  assert.equal(oneThatFits([nutty, traced, clear], strict, 0.5), undefined);
  assert.equal(oneThatFits([], careful, 0.5), undefined);
});
