import { fits, readFacts } from "./diet.js";

/**
 * Tells what in the bar does not fit the filter, with ways out, and which shelf the filter leaves empty, with the
 * reason. Takes nothing out itself: its buttons are the form's own, which the customer presses.
 *
 * @typedef {import("./diet.js").Diet} Diet
 * @typedef {import("./diet-filter.js").DietFilter} Filter
 * @param {Filter} filter
 * @param {Diet} diet
 */
export function tellClashes(filter, diet) {
  const clashes = cards().filter((card) => card.dataset.fit === "no" && chosen(card));
  const lines = clashes.map((card) => clashLine(card, filter, diet));
  filter.find(".diet__clashes").replaceChildren(...lines);
  filter.find(".diet__conflict").hidden = clashes.length === 0;
  tellBare(filter, diet);
}

/** @param {HTMLElement} card @param {Filter} filter @param {Diet} diet */
function clashLine(card, filter, diet) {
  const line = document.createElement("li");
  const reasons = against([card], diet).map((key) => filter.nameOf(key));
  line.append((filter.dataset.clash ?? "%1").replace("%1", name(card)).replace("%2", reasons.join(", ")), " ");
  const partner = closest(card);
  if (partner) line.append(button("instead", `${place(card)} ${place(partner)}`, filter.dataset.swap, name(partner)), " ");
  if (!isRadio(card)) line.append(button("remove", place(card), filter.dataset.remove, name(card), true));
  return line;
}

/**
 * @param {string} kind @param {string} value @param {string | undefined} words @param {string} whom
 * @param {boolean} isTold whether only those who hear the page need to be told whom
 */
function button(kind, value, words = "%s", whom = "", isTold = false) {
  const made = document.createElement("button");
  made.className = "button button--small";
  made.name = kind;
  made.value = value;
  made.setAttribute("form", "design");
  made.textContent = words.replace("%s", whom);
  if (isTold) made.setAttribute("aria-label", `${words}: ${whom}`);
  return made;
}

/** Of its shelf the one most like it that fits, and that can be chosen with what else is in the bar. @param {HTMLElement} card */
function closest(card) {
  const others = [...(card.parentElement?.children ?? [])].filter((other) => other instanceof HTMLElement);
  const fitting = others.filter((other) => other.dataset.fit !== "no" && !chosen(other) && isFree(other, card));
  return fitting.sort((one, other) => likeness(other, card) - likeness(one, card))[0];
}

/** @param {HTMLElement} other @param {HTMLElement} card that makes room */
function isFree(other, card) {
  const instead = other.querySelector("button[name=instead]");
  const makesRoom = instead instanceof HTMLButtonElement && instead.value.startsWith(`${place(card)} `);
  return other.matches(".module--open") || makesRoom;
}

/** @param {HTMLElement} one @param {HTMLElement} other */
function likeness(one, other) {
  const felt = words(other.dataset.felt);
  const shared = words(one.dataset.felt).filter((word) => felt.includes(word)).length;
  return shared + 2 * Number(one.dataset.category === other.dataset.category) + 4 * Number(one.dataset.fit === "yes");
}

/** @param {Filter} filter @param {Diet} diet */
function tellBare(filter, diet) {
  // A bar needs a base; any other shelf may stay empty, and says so itself.
  const bases = cards().filter(isRadio);
  const isBare = bases.length > 0 && bases.every((card) => card.dataset.fit === "no");
  filter.find(".diet__bare").hidden = !isBare;
  if (!isBare) return;
  const reasons = against(bases, diet);
  const strict = reasons.filter((key) => diet.avoid[key] === "strict");
  const told = reasons.map((key) => (filter.dataset[diet.avoid[key]] ?? "%s").replace("%s", filter.nameOf(key)));
  filter.find(".diet__why").textContent = (filter.dataset.bare ?? "").replace("%s", told.join(", "));
  filter.find(".diet__ways").replaceChildren(...(strict.length ? [relaxing(strict, filter)] : []));
}

/** @param {string[]} groups @param {Filter} filter */
function relaxing(groups, filter) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--small";
  made.dataset.relax = groups.join(" ");
  made.textContent = filter.dataset.relax ?? "";
  return made;
}

/** Which wishes each of the cards fails: alone, or else together with the others. @param {HTMLElement[]} found @param {Diet} diet */
function against(found, diet) {
  const facts = found.map(readFacts);
  const wishes = [
    ...diet.needs.map((need) => ({ key: /** @type {string} */ (need), diet: { avoid: {}, needs: [need] } })),
    ...Object.entries(diet.avoid).map(([key, mode]) => ({ key, diet: { avoid: { [key]: mode }, needs: [] } })),
  ];
  const alone = wishes.filter((wish) => facts.every((one) => fits(one, wish.diet) === "no"));
  const any = wishes.filter((wish) => facts.some((one) => fits(one, wish.diet) === "no"));
  return (alone.length ? alone : any).map((wish) => wish.key);
}

/** @returns {HTMLElement[]} */
function cards() {
  return [...document.querySelectorAll(".module")].filter((card) => card instanceof HTMLElement);
}

/** @param {HTMLElement} card */
function chosen(card) {
  return box(card)?.checked ?? false;
}

/** @param {HTMLElement} card */
function isRadio(card) {
  return box(card)?.type === "radio";
}

/** @param {HTMLElement} card */
function place(card) {
  return `${box(card)?.name}:${box(card)?.value}`;
}

/** @param {HTMLElement} card */
function box(card) {
  return /** @type {HTMLInputElement | null} */ (card.querySelector(".module__box"));
}

/** @param {HTMLElement} card */
function name(card) {
  return card.querySelector(".module__name")?.textContent?.trim() ?? "";
}

/** @param {string | undefined} written */
function words(written) {
  return written?.split(" ").filter(Boolean) ?? [];
}
