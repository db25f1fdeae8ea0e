import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { GROUPS, fits, isEmpty, readFacts, saveDiet, storedDiet } from "../../static/js/diet.js";

/** @type {Map<string, string>} */
const shelf = new Map();
Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  value: {
    getItem: (/** @type {string} */ key) => shelf.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => shelf.set(key, text),
    removeItem: (/** @type {string} */ key) => shelf.delete(key),
  },
});

beforeEach(() => shelf.clear());

const facts = (written = {}) =>
  readFacts({ dataset: { contains: "", traces: "", zone: "O", vegetarian: "", halal: "", alcoholFree: "", ...written } });

const almond = facts({ contains: "NUT-ALM", traces: "PNT SES", vegan: "", glutenFree: "" });
const darkest = facts({ traces: "MLK", zone: "F", vegan: "", glutenFree: "" });
const raspberry = facts({ zone: "F", vegan: "", glutenFree: "" });
const rumRaisins = facts({ traces: "SO2", halal: undefined, alcoholFree: undefined, vegan: "" });
const pineNuts = facts({ contains: "PINE", vegan: "", glutenFree: "" });

/** @type {(...avoid: [string, import("../../static/js/diet.js").Mode][]) => import("../../static/js/diet.js").Diet} */
const without = (...avoid) => ({ avoid: Object.fromEntries(avoid), needs: [] });

test("who avoids nothing may have everything", () => {
  for (const one of [almond, darkest, raspberry, rumRaisins]) assert.equal(fits(one, without()), "yes");
});

test("what is inside never fits, however careful or strict", () => {
  assert.equal(fits(almond, without(["almonds", "careful"])), "no");
  assert.equal(fits(almond, without(["nuts", "strict"])), "no");
});

test("careful warns of traces, strict refuses them", () => {
  assert.equal(fits(darkest, without(["milk", "careful"])), "careful");
  assert.equal(fits(darkest, without(["milk", "strict"])), "no");
});

test("strict also asks for the zone in which nothing of Annex II is let in", () => {
  const honeycomb = facts();
  assert.equal(fits(honeycomb, without(["nuts", "careful"])), "yes");
  assert.equal(fits(honeycomb, without(["nuts", "strict"])), "no");
  assert.equal(fits(raspberry, without(["nuts", "strict"])), "yes");
});

test("zone O is no obstacle for what is not handled in it, where the page says so", async () => {
  globalThis.document = /** @type {any} */ ({ querySelector: () => ({ getAttribute: () => "NUT-ALM MLK" }) });
  const { fits: fitsHere } = await import("../../static/js/diet.js?with-a-page");
  assert.equal(fitsHere(facts(), without(["fish", "strict"])), "yes");
  assert.equal(fitsHere(facts(), without(["nuts", "strict"])), "no");
  assert.equal(fitsHere(facts({ traces: "FIS" }), without(["fish", "strict"])), "no");
  Reflect.deleteProperty(globalThis, "document");
});

test("a single nut leaves the other nuts in", () => {
  assert.equal(fits(almond, without(["hazelnuts", "careful"])), "yes");
});

test("pine nuts are nuts to those who avoid nuts, as in the US", () => {
  assert.equal(fits(pineNuts, without(["nuts", "careful"])), "no");
  assert.equal(fits(pineNuts, without(["pine", "careful"])), "no");
  assert.equal(fits(pineNuts, without(["almonds", "careful"])), "yes");
});

test("each need is a fact of its own", () => {
  assert.equal(fits(rumRaisins, { avoid: {}, needs: ["vegan"] }), "yes");
  assert.equal(fits(rumRaisins, { avoid: {}, needs: ["halal"] }), "no");
  assert.equal(fits(rumRaisins, { avoid: {}, needs: ["vegan", "alcoholFree"] }), "no");
  assert.equal(fits(rumRaisins, { avoid: {}, needs: ["glutenFree"] }), "no");
  assert.equal(fits(raspberry, { avoid: {}, needs: ["vegan", "halal", "alcoholFree", "glutenFree"] }), "yes");
});

test("the 14 of the EU and the 9 of the US each have a group", () => {
  const eu = ["GLU-W", "CRU", "EGG", "FIS", "PNT", "SOY", "MLK", "NUT-ALM", "CEL", "MUS", "SES", "SO2", "LUP", "MOL"];
  const us = ["MLK", "EGG", "FIS", "CRU", "PINE", "PNT", "GLU-W", "SOY", "SES"];
  for (const code of [...eu, ...us]) {
    assert.ok(Object.keys(GROUPS).some((group) => fits(facts({ contains: code }), without([group, "careful"])) === "no"));
  }
});

test("what is kept comes back, and nothing is kept for those who avoid nothing", () => {
  const diet = { ...without(["milk", "strict"], ["egg", "careful"]), needs: /** @type {["vegan"]} */ (["vegan"]) };
  saveDiet(diet);
  assert.deepEqual(storedDiet(), diet);
  saveDiet(without());
  assert.equal(shelf.size, 0);
  assert.ok(isEmpty(storedDiet()));
});

test("what is kept but not understood counts for nothing", () => {
  for (const text of ["{", "7", "null", '{"avoid": {"moonlight": "strict", "milk": "a bit"}, "needs": "vegan"}']) {
    shelf.set("diet", text);
    assert.ok(isEmpty(storedDiet()), text);
  }
});

test("where nothing may be kept, the choice lasts as long as the page", () => {
  const keep = globalThis.localStorage.setItem;
  globalThis.localStorage.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  saveDiet(without(["milk", "strict"]));
  globalThis.localStorage.setItem = keep;
  assert.deepEqual(storedDiet(), without(["milk", "strict"]));
  saveDiet(without());
});
