import assert from "node:assert/strict";
import { test } from "node:test";
import { enlarged, within } from "../../static/js/crop.js";

const picture = { width: 1000, height: 800 };
const part = { left: 100, top: 100, width: 400, height: 200 };

test("a part that lies within the picture stays as it is", () => {
  assert.deepEqual(within(part, picture), part);
});

test("a part pushed over the edge lies at the edge", () => {
  assert.deepEqual(within({ ...part, left: 900, top: -50 }, picture), { ...part, left: 600, top: 0 });
});

test("a part larger than the picture becomes smaller and keeps its shape", () => {
  assert.deepEqual(within({ left: 0, top: 0, width: 4000, height: 4000 }, picture), { left: 0, top: 0, width: 800, height: 800 });
});

test("pulled by its corner, the other corner stays", () => {
  assert.deepEqual(enlarged(part, 100, picture), { left: 100, top: 100, width: 500, height: 250 });
  assert.deepEqual(enlarged(part, -100, picture), { left: 100, top: 100, width: 300, height: 150 });
});

test("it grows no further than the picture's edge", () => {
  assert.deepEqual(enlarged(part, 9000, picture), { left: 100, top: 100, width: 900, height: 450 });
});

test("it never shrinks to nothing", () => {
  assert.equal(enlarged(part, -9000, picture).width, 50);
});
