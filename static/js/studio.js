import "./bar-canvas.js";
import "./bar-form.js";
import "./bar-preview.js";
import "./diet-filter.js";
import { recalled } from "./storage.js";
import { touched } from "./touched.js";

touched.then(fetchTools);
// Whoever comes back finds the shelves as they were left.
if (recalled("studio-place")) import("./module-browser.js");

/** Without the network they come when it is back. */
function fetchTools() {
  Promise.all([import("./focus-kept.js"), import("./module-browser.js"), import("./surprise.js")]).catch(() => {
    window.addEventListener("online", fetchTools, { once: true });
  });
}

/**
 * What is not needed before its step is opened comes when it is.
 *
 * @param {string} step
 */
function open(step) {
  if (step === "paper") {
    // Without them the fields work as they would without any script.
    Promise.all([import("./photo-field.js"), import("./wrapped-picture.js")]).catch(() => undefined);
  }
}

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.name === "step") open(target.value);
}, true);
const opened = document.querySelector("[name=step]:checked");
if (opened instanceof HTMLInputElement) open(opened.value);
