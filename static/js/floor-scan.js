// A keyboard-wedge scanner types fast and ends with Enter: wherever the focus is, its first sign
// moves it into the scan field, so that nobody has to tap the screen before scanning.
const field = document.getElementById("scan");

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const writes = target.closest("input:not([type=radio]), textarea, select");
  if (field && !writes && /^[\p{L}\p{N}:/]$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    field.focus();
  }
});
