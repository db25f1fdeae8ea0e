import { OF_THE_PAGE, PLACE } from "./pending.js";
import { recalled, remember } from "./storage.js";

/** @typedef {{ path: string, fields: [string, string][] }} Kept */

/**
 * After a reload: the form says again what had not arrived.
 *
 * @param {HTMLFormElement} form
 * @returns {boolean} whether there was something of this page
 */
export function restored(form) {
  /** @type {Kept | null} */
  const kept = JSON.parse(recalled(PLACE) ?? "null");
  if (kept?.path !== location.pathname) return false;
  remember(PLACE, null);
  for (const control of form.elements) {
    if (control instanceof HTMLButtonElement) continue;
    const { name, type } = /** @type {HTMLInputElement} */ (control);
    const values = kept.fields.filter(([other]) => other === name).map(([, value]) => value);
    if (OF_THE_PAGE.has(name) || type === "file" || name === "move") continue;
    if (control instanceof HTMLInputElement && ["checkbox", "radio"].includes(type)) control.checked = values.includes(control.value);
    else if (values.length && "value" in control) control.value = values[0];
  }
  restoreMoves(kept.fields.filter(([name]) => name === "move"));
  return true;
}

/** @param {[string, string][]} moves */
function restoreMoves(moves) {
  const fields = moves.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.getElementById("moves")?.replaceChildren(...fields);
}
