/**
 * An answer puts new elements where the old ones were, and whoever stood on one would have to start
 * from the top of the page again. They are put on the one that does the same.
 */
const REACHED = "a, button, input, select, textarea, summary";
let find = doubleOf(null);

document.addEventListener("htmx:beforeSwap", () => {
  find = doubleOf(document.activeElement);
});
// Before anything else looks after a focus that is lost.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) find()?.focus({ preventScroll: true });
}, true);

/**
 * @param {Element | null} stood before the answer
 * @returns {() => HTMLElement | null} asked afterwards; null: there is no such thing any more
 */
export function doubleOf(stood) {
  const home = stood?.closest("[id]")?.id;
  const deed = stood && deedOf(stood);
  return () => {
    const place = home && document.getElementById(home);
    if (!place) return null;
    const found = [place, ...place.querySelectorAll(REACHED)].find((other) => deedOf(other) === deed);
    return found instanceof HTMLElement ? found : null;
  };
}

/** @param {Element} element */
function deedOf(element) {
  const words = element.textContent?.trim().replaceAll(/\s+/g, " ");
  return JSON.stringify([element.localName, element.getAttribute("name"), element.getAttribute("value"), words]);
}
