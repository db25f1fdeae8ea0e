import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, matches } from "../../static/js/fits.js";

const almond = { contains: "NUT-ALM", traces: "PNT SES", vegan: "" };
const milk = { contains: "MLK", traces: "SOY NUT-HAZ" };
const raspberry = { contains: "", traces: "", vegan: "" };
const nothing = { avoid: [], traces: false, vegan: false };

test("without wishes everything fits", () => {
  assert.equal(fits(almond, nothing), true);
  assert.equal(fits(milk, nothing), true);
});

test("a group of allergens is avoided by the beginning of its codes", () => {
  assert.equal(fits(almond, { ...nothing, avoid: ["NUT-"] }), false);
  assert.equal(fits(raspberry, { ...nothing, avoid: ["NUT-"] }), true);
});

test("traces count only for those who say so", () => {
  assert.equal(fits(milk, { ...nothing, avoid: ["NUT-"] }), true);
  assert.equal(fits(milk, { ...nothing, avoid: ["NUT-"], traces: true }), false);
});

test("vegan is what the server says is vegan", () => {
  assert.equal(fits(milk, { ...nothing, vegan: true }), false);
  assert.equal(fits(almond, { ...nothing, vegan: true }), true);
});

test("every word of a search must occur, in any order and case", () => {
  assert.equal(matches("roasted almonds, whole nutty crunchy", "Nutty ALM"), true);
  assert.equal(matches("roasted almonds, whole nutty crunchy", "nutty fruity"), false);
  assert.equal(matches("roasted almonds", "  "), true);
});
