import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, needs } from "../../static/js/sheets.js";
import { WHOLE, panned, showing, zoomed } from "../../static/js/zoom.js";

const drawing = {
  body: "/s/look/bar-100/600/bodies/bar-100/dark_60.webp",
  height: 339,
  sheets: ["/s/look/bar-100/600/almond_whole/"],
  sprites: [
    { sheet: 0, key: "0.1.1.1000", height: 70 },
    { sheet: 0, key: "15.7.1.1000", height: 80 },
    { sheet: -1, key: "abcdef", height: 90 },
  ],
};

test("a drawing asks for its body, and once for all sprites of a sheet", () => {
  const addresses = [...grouped(needs(drawing)).keys()];
  assert.deepEqual(addresses, [
    "/s/look/bar-100/600/bodies/bar-100/dark_60.webp",
    "/s/look/bar-100/600/almond_whole/0.1.1.1000_15.7.1.1000.webp",
    "inscribed/abcdef",
  ]);
});

test("no address grows beyond forty sprites", () => {
  const many = Array.from({ length: 41 }, (_, place) => ({ name: `${place}`, sheet: "/s/", key: `${place}`, height: 1 }));
  assert.deepEqual([...grouped(many).values()].map((part) => part.length), [40, 1]);
});

const window = { width: 540, height: 305 };

test("zooming keeps the point under the fingers, and the picture fills its window", () => {
  const near = zoomed(WHOLE, window, 2, { x: 100, y: 100 });
  assert.deepEqual(near, { scale: 2, x: -100, y: -100 });
  assert.deepEqual(panned(near, window, 500, 500), { scale: 2, x: 0, y: 0 });
  assert.deepEqual(panned(near, window, -5000, -5000), { scale: 2, x: -540, y: -305 });
  assert.equal(zoomed(near, window, 0.1, { x: 9, y: 9 }).scale, 1);
});

test("a piece out of sight is brought into sight, one in sight moves nothing", () => {
  const near = { scale: 2, x: 0, y: 0 };
  assert.deepEqual(showing(near, window, { x: 270, y: 150 }), near);
  assert.ok(showing(near, window, { x: 900, y: 150 }).x < -350);
});
