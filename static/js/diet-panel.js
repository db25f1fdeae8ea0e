import { CHANGED, saveDiet, storedDiet } from "./diet.js";

/**
 * The panel stands outside of every form, so that none of its boxes is ever sent. Each click counts at once.
 * @param {import("./diet-filter.js").DietFilter} filter
 */
export function openPanel(filter) {
  const dialog = document.querySelector("dialog.diet-panel") ?? brought(filter);
  if (dialog instanceof HTMLDialogElement) {
    show(dialog, filter);
    dialog.showModal();
  }
}

/** @param {import("./diet-filter.js").DietFilter} filter */
function brought(filter) {
  document.body.append(filter.panel.cloneNode(true));
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog.diet-panel"));
  dialog.addEventListener("change", (event) => choose(dialog, event.target));
  dialog.addEventListener("click", (event) => press(dialog, event.target));
  window.addEventListener(CHANGED, () => show(dialog, filter));
  return dialog;
}

/** @param {HTMLDialogElement} dialog @param {EventTarget | null} target */
function choose(dialog, target) {
  // "Not even traces" of something means without it, too.
  if (target instanceof HTMLInputElement && target.dataset.strict && target.checked) {
    box(dialog, "group", target.dataset.strict).checked = true;
  }
  if (target instanceof HTMLInputElement && target.dataset.group && !target.checked) {
    box(dialog, "strict", target.dataset.group).checked = false;
  }
  saveDiet(said(dialog));
}

/** @param {HTMLDialogElement} dialog @param {EventTarget | null} target */
function press(dialog, target) {
  if (!(target instanceof Element)) return;
  if (target.closest("[data-done]") || target === dialog) dialog.close();
  if (target.closest("[data-clear]")) saveDiet({ avoid: {}, needs: [] });
}

/** What the boxes say. @param {HTMLDialogElement} dialog @returns {import("./diet.js").Diet} */
function said(dialog) {
  const strict = new Set(ticked(dialog, "strict"));
  const avoid = ticked(dialog, "group").map((group) => [group, strict.has(group) ? "strict" : "careful"]);
  return { avoid: Object.fromEntries(avoid), needs: /** @type {import("./diet.js").Need[]} */ (ticked(dialog, "need")) };
}

/** @param {HTMLDialogElement} dialog @param {import("./diet-filter.js").DietFilter} filter */
function show(dialog, filter) {
  const { avoid, needs } = storedDiet();
  for (const one of boxes(dialog, "group")) one.checked = (one.dataset.group ?? "") in avoid;
  for (const one of boxes(dialog, "strict")) one.checked = avoid[one.dataset.strict ?? ""] === "strict";
  for (const one of boxes(dialog, "need")) one.checked = needs.some((need) => need === one.dataset.need);
  for (const fold of dialog.querySelectorAll("details")) fold.open ||= fold.querySelector(":checked") !== null;
  const left = dialog.querySelector(".diet-panel__left");
  if (left) left.textContent = filter.find(".diet__left").textContent;
}

/** @param {HTMLDialogElement} dialog @param {string} kind */
function ticked(dialog, kind) {
  return boxes(dialog, kind).flatMap((one) => (one.checked ? [one.dataset[kind] ?? ""] : []));
}

/** @param {HTMLDialogElement} dialog @param {string} kind @param {string} key */
function box(dialog, kind, key) {
  return /** @type {HTMLInputElement} */ (dialog.querySelector(`[data-${kind}="${key}"]`));
}

/** @param {HTMLDialogElement} dialog @param {string} kind */
function boxes(dialog, kind) {
  return /** @type {HTMLInputElement[]} */ ([...dialog.querySelectorAll(`[data-${kind}]`)]);
}
