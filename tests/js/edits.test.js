import assert from "node:assert/strict";
import { test } from "node:test";
import { foreseen, keyOf, moveOf, relaid } from "../../static/js/edits.js";

/** @param {string} said */
function form(said) {
  const data = new FormData();
  for (const [name, value] of new URLSearchParams(said)) data.append(name, value);
  return data;
}

const milk = "base=milk_37&toppings=almond_whole&toppings=raspberry_fd&seed=4";

test("the same choices in another order are the same design", () => {
  assert.equal(keyOf(form(milk)), keyOf(form("seed=4&toppings=raspberry_fd&base=milk_37&toppings=almond_whole")));
  assert.notEqual(keyOf(form(milk)), keyOf(form(`${milk}&toppings=raisins`)));
});

test("what one searches for and where one browses says nothing of the design", () => {
  assert.equal(keyOf(form(milk)), keyOf(form(`${milk}&q=nuts&step=toppings&kind-toppings=nuts&shown=abc&place-x=4`)));
});

test("a press on a card puts its module in or takes it out", () => {
  const box = { type: "checkbox", name: "toppings", value: "raisins", checked: false };
  assert.equal(keyOf(foreseen(form(milk), box)), keyOf(form(`${milk}&toppings=raisins`)));
  const out = { type: "checkbox", name: "toppings", value: "almond_whole", checked: true };
  assert.equal(keyOf(foreseen(form(milk), out)), keyOf(form("base=milk_37&toppings=raspberry_fd&seed=4")));
});

test("another base takes the place of the one before", () => {
  const radio = { type: "radio", name: "base", value: "dark_60", checked: false };
  assert.equal(keyOf(foreseen(form(milk), radio)), keyOf(form(milk.replace("milk_37", "dark_60"))));
});

test("the buttons that change the form are foreseen as well", () => {
  const remove = { type: "submit", name: "remove", value: "toppings:almond_whole" };
  assert.equal(keyOf(foreseen(form(milk), remove)), keyOf(form("base=milk_37&toppings=raspberry_fd&seed=4")));
  const instead = { type: "submit", name: "instead", value: "toppings:almond_whole toppings:raisins" };
  assert.equal(keyOf(foreseen(form(milk), instead)), keyOf(form(milk.replace("almond_whole", "raisins"))));
  const scatter = { type: "submit", name: "scatter", value: "1" };
  assert.equal(keyOf(foreseen(form(milk), scatter)), keyOf(form(milk.replace("seed=4", "seed=5"))));
});

test("what a text or a list will say is not foreseen", () => {
  assert.equal(foreseen(form(milk), { type: "text", name: "name", value: "Ada" }), null);
});

test("a piece is laid once, however often it is moved", () => {
  const once = relaid(form(milk), "toppings:almond_whole:1", { x: 400, y: 200, turn: 0 });
  const twice = relaid(once, "toppings:almond_whole:1", { x: 410, y: 200, turn: -15 });
  relaid(twice, "toppings:almond_whole:10", { x: 90, y: 90, turn: 360 });
  assert.deepEqual(twice.getAll("move"), ["toppings:almond_whole:1:410:200:345", "toppings:almond_whole:10:90:90:0"]);
  assert.deepEqual(relaid(twice, "toppings:almond_whole:1", null).getAll("move"), ["toppings:almond_whole:10:90:90:0"]);
});

test("turns are told from 0 to 359 degrees", () => {
  assert.equal(moveOf("toppings:raisins:0", { x: 1, y: 2, turn: -15 }), "toppings:raisins:0:1:2:345");
});
