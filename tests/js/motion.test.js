import assert from "node:assert/strict";
import { test } from "node:test";
import { motions, offsetsAfter } from "../../static/js/motion.js";

const heaps = [{ slot: "toppings", module: "almond_whole", name: "Almonds", movable: true }];
const almond = { heap: 0, index: 0, x: 400, y: 200 };
const second = { heap: 0, index: 1, x: 800, y: 200 };

/** @param {object[]} pieces */
function bar(pieces) {
  return { scale: 5, margin: 12, heaps, pieces };
}

test("what was not there drops from above, one after the other", () => {
  const moving = motions(bar([]), bar([almond, second]));
  assert.deepEqual(moving, [
    { piece: 0, x: 0, y: -35, drops: true, delay: 0 },
    { piece: 1, x: 0, y: -35, drops: true, delay: 65 },
  ]);
  assert.deepEqual(offsetsAfter(moving, 0), new Map([[0, { x: 0, y: -35, alpha: 0.3 }], [1, { x: 0, y: -35, alpha: 0 }]]));
});

test("what lies elsewhere now slides there, and is seen all the time", () => {
  const moving = motions(bar([almond]), bar([{ ...almond, x: 500 }]));
  assert.deepEqual(moving, [{ piece: 0, x: -50, y: 0, drops: false, delay: 0 }]);
  assert.equal(offsetsAfter(moving, 60).get(0)?.alpha, 1);
});

test("what stays does not move, nor does what a hand is moving", () => {
  assert.deepEqual(motions(bar([almond]), bar([almond])), []);
  assert.deepEqual(motions(bar([almond]), bar([{ ...almond, x: 500 }]), 0), []);
  assert.deepEqual(motions(null, bar([almond])), []);
});

test("after a third of a second all lie", () => {
  const moving = motions(bar([almond]), bar([{ ...almond, x: 500 }, second]));
  assert.equal(offsetsAfter(moving, 333).size, 0);
});
