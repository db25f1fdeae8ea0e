import assert from "node:assert/strict";
import { test } from "node:test";
import { contained, moving, named, pixels, tenths, without } from "../../static/js/drawing.js";
import { pieceAt, towards } from "../../static/js/nearness.js";

/** A bar of 160 x 80 mm at 5 pixels per millimetre: two almonds, a raspberry and a dusting. */
const bar = {
  digest: "d".repeat(64),
  width: 920,
  height: 520,
  scale: 5,
  margin: 12,
  bar: [1600, 800],
  body: "/s/look/bar-100/600/bodies/bar-100/dark_60.webp",
  sheets: ["/s/look/bar-100/600/almond_whole/", "/s/look/bar-100/600/raspberry_fd/", "/s/look/bar-100/600/cocoa/"],
  sprites: [
    { sheet: 0, key: "0.1.1.1000", width: 120, height: 70, left: 50, top: 30 },
    { sheet: 1, key: "0.2.1.1000", width: 40, height: 40, left: 18, top: 18 },
    { sheet: 2, key: "0.3.0.1000", width: 200, height: 200, left: 100, top: 100 },
  ],
  draws: [
    [2, 160, 110, 3],
    [0, 210, 130, 0],
    [0, 610, 330, 1],
    [1, 242, 142, 2],
  ],
  heaps: [
    { slot: "toppings", module: "almond_whole", name: "Almonds", movable: true },
    { slot: "toppings", module: "raspberry_fd", name: "Raspberries", movable: true },
    { slot: "decorations", module: "cocoa", name: "Cocoa", movable: false },
  ],
  pieces: [
    { heap: 0, index: 0, x: 400, y: 200, turn: 90, length: 240, width: 120, count: 1, moved: false },
    { heap: 0, index: 1, x: 1200, y: 600, turn: 30, length: 240, width: 120, count: 1, moved: false },
    { heap: 1, index: 0, x: 400, y: 200, turn: 0, length: 72, width: 72, count: 1, moved: false },
    { heap: 2, index: 0, x: 400, y: 300, turn: 0, length: 190, width: 190, count: 0, moved: false },
  ],
  inscribed: {},
  coin: null,
};

test("millimetres of the bar and pixels of the drawing are the same place", () => {
  assert.deepEqual(pixels(bar, { x: 400, y: 200 }), { x: 260, y: 160 });
  assert.deepEqual(tenths(bar, { x: 260, y: 160 }), { x: 400, y: 200 });
});

test("no place is beyond the edge of the bar", () => {
  assert.deepEqual(tenths(bar, { x: 0, y: 2000 }), { x: 0, y: 800 });
});

test("the uppermost piece is the one that is taken", () => {
  assert.equal(pieceAt(bar, { x: 260, y: 160 }), 2);
  assert.equal(pieceAt(bar, { x: 260, y: 185 }), 0);
});

test("a piece is taken as it lies, turned counter-clockwise", () => {
  // 11 mm from its middle, up and to the right, and just as far down and to the right.
  assert.equal(pieceAt(bar, { x: 660 + 48, y: 360 - 27 }), 1);
  assert.equal(pieceAt(bar, { x: 660 + 48, y: 360 + 27 }), -1);
});

test("a shadow belongs to nobody, and a dusting cannot be taken", () => {
  assert.equal(pieceAt(bar, { x: 308, y: 175 }), -1);
  assert.equal(pieceAt(bar, { x: 260, y: 250 }), -1);
});

test("a finger beside a piece still takes it, and the nearest one", () => {
  assert.equal(pieceAt(bar, { x: 660, y: 405 }, 20), 1);
  assert.equal(pieceAt(bar, { x: 660, y: 430 }, 20), -1);
});

test("arrow keys go to the next piece in their direction, and stay where there is none", () => {
  assert.equal(towards(bar, 0, { x: 1, y: 0 }), 1);
  assert.equal(towards(bar, 1, { x: 0, y: -1 }), 0);
  assert.equal(towards(bar, 1, { x: 1, y: 0 }), 1);
});

test("a moved piece is drawn at whole pixels and is known to be moved; all others stay", () => {
  const moved = moving(bar, 1, { x: 1001, y: 333 });
  assert.deepEqual(moved.pieces[1], { ...bar.pieces[1], x: 1001, y: 333, moved: true });
  assert.deepEqual(moved.draws, bar.draws.with(2, [0, 511, 197, 1]));
  assert.equal(bar.pieces[1].x, 1200);
});

test("what is taken out is drawn no more", () => {
  assert.deepEqual(
    without(bar, "toppings", "almond_whole").draws.map(([, , , piece]) => piece),
    [3, 2],
  );
  assert.equal(without(bar, "toppings", "walnut").draws.length, 4);
});

test("a piece keeps its name when others come and go", () => {
  assert.equal(named(bar, "toppings:almond_whole:1"), 1);
  assert.equal(named(bar, "toppings:almond_whole:9"), -1);
});

test("a picture is shown whole in the middle of its box", () => {
  const box = { left: 10, top: 20, width: 400, height: 100 };
  assert.deepEqual(contained(box, 2), { left: 110, top: 20, width: 200, height: 100 });
  assert.deepEqual(contained(box, 8), { left: 10, top: 45, width: 400, height: 50 });
});
