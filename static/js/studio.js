import "./bar-canvas.js";
import "./bar-form.js";
import "./bar-preview.js";
import "./diet-filter.js";
import { isEmpty, storedDiet } from "./diet.js";
import { touched } from "./touched.js";

touched.then(() => {
  import("./module-browser.js");
  import("./surprise.js");
});
// Who avoids something must never be quicker than the script that heeds it.
if (!isEmpty(storedDiet())) import("./surprise.js");
// Whoever comes back finds the shelves as they were left.
if (sessionStorage.getItem("studio-place")) import("./module-browser.js");

/**
 * What is not needed before its step is opened comes when it is.
 *
 * @param {string} step
 */
function open(step) {
  if (step === "paper") {
    import("./photo-field.js");
    import("./wrapped-picture.js");
  }
}

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.name === "step") open(target.value);
}, true);
const opened = document.querySelector("[name=step]:checked");
if (opened instanceof HTMLInputElement) open(opened.value);
