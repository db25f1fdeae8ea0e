const REACHED = "a, button, input, select, textarea, summary";

/**
 * An answer puts new elements where the old ones were, and whoever stood on one would have to start
 * from the top of the page again. This is how to find the one that does the same.
 *
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
