/**
 * The form as it stands and as it would stand: the form is the design, so to foresee a change is to
 * write it into a copy of the form.
 */

/** Fields that say nothing about how the bar looks. */
const SILENT = new Set(["csrfmiddlewaretoken", "shown", "q", "step", "place-piece", "place-x", "place-y", "place-turn"]);

/**
 * Equal for forms that are the same design.
 * @param {FormData} form
 */
export function keyOf(form) {
  const said = [...form].filter(([name]) => !SILENT.has(name) && !name.startsWith("kind-"));
  return JSON.stringify(said.map(([name, value]) => `${name}=${value}`).sort());
}

/**
 * @param {FormData} form
 * @param {string} name
 * @param {string} value
 */
export function withoutPair(form, name, value) {
  const kept = form.getAll(name).filter((other) => other !== value);
  form.delete(name);
  for (const other of kept) form.append(name, other);
}

/**
 * What the form will say when this box, radio button or button is pressed; null when nothing can be foreseen.
 * @param {FormData} form a copy, which is changed
 * @param {{ type: string, name: string, value: string, checked?: boolean }} control
 * @param {string} [single] the slot of which only one can be chosen
 */
export function foreseen(form, control, single = "base") {
  if (control.type === "checkbox") {
    if (control.checked) withoutPair(form, control.name, control.value);
    else form.append(control.name, control.value);
  } else if (control.type === "radio") {
    form.set(control.name, control.value);
  } else if (control.name === "remove") {
    withoutPair(form, ...pair(control.value));
  } else if (control.name === "instead") {
    const [old, coming] = control.value.split(" ").map(pair);
    withoutPair(form, ...old);
    if (coming[0] === single) form.set(...coming);
    else form.append(...coming);
  } else if (control.name === "scatter") {
    form.set("seed", String(Number(form.get("seed")) + 1));
  } else {
    return null;
  }
  return form;
}

/**
 * @param {string} choice as "toppings:almond_whole"
 * @returns {[string, string]}
 */
function pair(choice) {
  const [slot, module] = choice.split(":");
  return [slot, module];
}

/**
 * The form with one piece laid somewhere else; without a place it goes back to where it would lie.
 * @param {FormData} form a copy, which is changed
 * @param {string} piece as "toppings:almond_whole:3"
 * @param {{ x: number, y: number, turn: number } | null} place
 */
export function relaid(form, piece, place) {
  const others = form.getAll("move").filter((move) => !String(move).startsWith(`${piece}:`));
  form.delete("move");
  for (const move of others) form.append("move", move);
  if (place) form.append("move", moveOf(piece, place));
  return form;
}

/**
 * @param {string} piece
 * @param {{ x: number, y: number, turn: number }} place
 */
export function moveOf(piece, place) {
  return `${piece}:${place.x}:${place.y}:${turned(place.turn)}`;
}

/** @param {number} degrees */
export function turned(degrees) {
  return ((degrees % 360) + 360) % 360;
}
