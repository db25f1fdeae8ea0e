import assert from "node:assert/strict";
import { test } from "node:test";

import { placed, steps } from "../../static/js/plan-places.js";

test("a run is put before the first whose middle lies below the pointer", () => {
  assert.deepEqual([10, 50, 99, 150, 151].map((y) => placed([50, 100, 150], y)), [0, 1, 1, 3, 3]);
  assert.equal(placed([], 20), 0);
});

test("arrow keys go up and down a temperer's day and to the next temperer, and stop at the ends", () => {
  const lengths = [2, 0, 1];
  assert.deepEqual(steps("ArrowDown", { turn: 0, position: 3 }, lengths), { turn: 0, position: 3 });
  assert.deepEqual(steps("ArrowUp", { turn: 0, position: 1 }, lengths), { turn: 0, position: 1 });
  assert.deepEqual(steps("ArrowRight", { turn: 0, position: 3 }, lengths), { turn: 1, position: 1 });
  assert.deepEqual(steps("ArrowRight", { turn: 2, position: 2 }, lengths), { turn: 2, position: 2 });
  assert.deepEqual(steps("ArrowLeft", { turn: 2, position: 2 }, lengths), { turn: 1, position: 1 });
});
