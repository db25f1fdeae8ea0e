/**
 * What somebody does not eat: health data, so it lives in this browser alone. Nothing here sends anything, and
 * what reads it may only show or hide what the server sent to everybody.
 *
 * @typedef {"careful" | "strict"} Mode careful: not inside, traces are warned of; strict: no trace either
 * @typedef {"vegan" | "vegetarian" | "halal" | "alcoholFree" | "glutenFree"} Need
 * @typedef {{ avoid: Record<string, Mode>, needs: Need[] }} Diet avoid: the key of a group → how strictly
 *
 * @typedef {object} Facts what the server says of a module or of a whole bar
 * @property {string[]} contains codes of allergens
 * @property {string[]} traces what suppliers cannot rule out
 * @property {string} zone "F": made where nothing of Annex II is let in
 * @property {boolean} vegan
 * @property {boolean} vegetarian
 * @property {boolean} halal no obvious obstacle, never a certificate
 * @property {boolean} alcoholFree
 * @property {boolean} glutenFree
 */

/** The 14 of the EU, the 9 of the US, single grains and nuts → the codes, or beginnings of codes, they stand for. */
export const GROUPS = /** @type {Readonly<Record<string, readonly string[]>>} */ ({
  milk: ["MLK"],
  nuts: ["NUT-", "PINE"],
  peanuts: ["PNT"],
  gluten: ["GLU"],
  soya: ["SOY"],
  egg: ["EGG"],
  sesame: ["SES"],
  sulphites: ["SO2"],
  celery: ["CEL"],
  mustard: ["MUS"],
  lupin: ["LUP"],
  fish: ["FIS"],
  crustaceans: ["CRU"],
  molluscs: ["MOL"],
  almonds: ["NUT-ALM"],
  hazelnuts: ["NUT-HAZ"],
  walnuts: ["NUT-WAL"],
  cashews: ["NUT-CAS"],
  pecans: ["NUT-PEC"],
  brazil: ["NUT-BRA"],
  pistachios: ["NUT-PIS"],
  macadamias: ["NUT-MAC"],
  pine: ["PINE"],
  wheat: ["GLU-W"],
  rye: ["GLU-R"],
  barley: ["GLU-B"],
  oats: ["GLU-O"],
});

export const NEEDS = /** @type {readonly Need[]} */ (["vegan", "vegetarian", "halal", "alcoholFree", "glutenFree"]);

/** Fires on window whenever the diet changes, in this tab or in another one. */
export const CHANGED = "diet";

const KEY = "diet";

/** For browsers that refuse to keep anything: it then lasts as long as the page. @type {string | null} */
let kept = null;

/** @returns {Diet} what was kept; whatever is not understood is as if it were not there */
export function storedDiet() {
  const found = /** @type {Partial<Diet> | null} */ (parsed(keptText()));
  const avoid = Object.entries(found?.avoid ?? {}).filter(
    ([group, mode]) => group in GROUPS && (mode === "careful" || mode === "strict"),
  );
  const needs = Array.isArray(found?.needs) ? found.needs : [];
  return { avoid: Object.fromEntries(avoid), needs: NEEDS.filter((need) => needs.includes(need)) };
}

/** @param {Diet} diet */
export function saveDiet(diet) {
  const text = isEmpty(diet) ? null : JSON.stringify(diet);
  kept = null;
  try {
    if (text === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, text);
  } catch {
    kept = text;
  }
  globalThis.dispatchEvent?.(new Event(CHANGED));
}

/** @param {Diet} diet */
export function isEmpty(diet) {
  return diet.needs.length === 0 && Object.keys(diet.avoid).length === 0;
}

/**
 * "careful": it fits, but a trace of something that is avoided with care cannot be ruled out.
 * @param {Facts} facts
 * @param {Diet} diet
 * @returns {"yes" | "careful" | "no"}
 */
export function fits(facts, diet) {
  if (diet.needs.some((need) => !facts[need])) return "no";
  let answer = /** @type {"yes" | "careful"} */ ("yes");
  for (const [group, mode] of Object.entries(diet.avoid)) {
    if (touches(facts.contains, group)) return "no";
    const hasTraces = touches(facts.traces, group);
    if (mode === "strict" && (hasTraces || (facts.zone !== "F" && isHandled(group)))) return "no";
    if (hasTraces) answer = "careful";
  }
  return answer;
}

/**
 * Whether a bar of zone O may meet it there, as the label would warn; where the page does not say, it may.
 * @param {string} group
 */
function isHandled(group) {
  handled ??= globalThis.document?.querySelector("[data-handled]")?.getAttribute("data-handled") ?? null;
  return handled === null || touches(codes(handled), group);
}

/** @type {string | null | undefined} */
let handled;

/** @param {readonly string[]} codes @param {string} group */
export function touches(codes, group) {
  return codes.some((code) => GROUPS[group]?.some((beginning) => code.startsWith(beginning)));
}

/** @param {{ dataset: DOMStringMap }} element with data-contains, data-traces, data-zone and a data- per diet */
export function readFacts({ dataset }) {
  return {
    contains: codes(dataset.contains),
    traces: codes(dataset.traces),
    zone: dataset.zone ?? "O",
    vegan: dataset.vegan !== undefined,
    vegetarian: dataset.vegetarian !== undefined,
    halal: dataset.halal !== undefined,
    alcoholFree: dataset.alcoholFree !== undefined,
    glutenFree: dataset.glutenFree !== undefined,
  };
}

/** @param {string | undefined} written */
function codes(written) {
  return written?.split(" ").filter(Boolean) ?? [];
}

function keptText() {
  try {
    return kept ?? localStorage.getItem(KEY);
  } catch {
    return kept;
  }
}

/** @param {string | null} text */
function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

globalThis.addEventListener?.("storage", (event) => {
  if (event.key === KEY) globalThis.dispatchEvent(new Event(CHANGED));
});
