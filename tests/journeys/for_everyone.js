/**
 * What a checker of markup cannot see: run in a page as it stands, answers with a sentence for each thing that
 * would stand in somebody's way.
 *
 * smallest: the least width and height of a target, in pixels; tabbing: whether to try the focus everywhere;
 * alike: what there is so much of that it need not be tried
 */
({ smallest, tabbing, alike }) => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const open = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const controls = [...open.querySelectorAll(CONTROLS)].filter(isShown);

  return [
    ...sideways(),
    ...controls.filter(isTarget).flatMap(target),
    ...(tabbing ? controls.filter(isReached).flatMap(focus) : []),
  ];

  function sideways() {
    const wide = document.documentElement.scrollWidth;
    return wide > innerWidth ? [`the page is ${wide} px wide in a window of ${innerWidth} px: ${widest()}`] : [];
  }

  function widest() {
    const broad = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    return broad.slice(-3).map(named).join(", ");
  }

  function isShown(one) {
    const { width, height } = one.getBoundingClientRect();
    return one.checkVisibility({ visibilityProperty: true }) && width * height > 4 && !one.closest(alike);
  }

  function isReached(one) {
    return one.tabIndex >= 0 && !one.disabled;
  }

  /** A link in a sentence is as high as its line. */
  function isTarget(one) {
    const isInText = one.matches("a") && getComputedStyle(one).display === "inline" && hasWordsBeside(one);
    return isReached(one) && !isInText && !one.matches(".skip");
  }

  function hasWordsBeside(link) {
    return link.parentElement.textContent.trim().length > link.textContent.trim().length;
  }

  function target(one) {
    const size = Math.max(...[one, ...(one.labels ?? [])].map(narrowest));
    return size < smallest ? [`${named(one)} is a target of only ${size} px`] : [];
  }

  function narrowest(part) {
    const { width, height } = part.getBoundingClientRect();
    return Math.round(Math.min(width, height));
  }

  function focus(one) {
    one.focus();
    if (document.activeElement !== one) return [`${named(one)} cannot be focused`];
    return [...(isMarked(one) ? [] : [`${named(one)} does not show its focus`]), ...hidden(one)];
  }

  /** Itself, or what is drawn in its place: the card around it, the label beside it. */
  function isMarked(one) {
    const drawn = [one, one.parentElement, one.nextElementSibling, ...(one.labels ?? [])].filter(Boolean);
    return drawn.some((part) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(part);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
  }

  /** Behind a bar that stays where it is, or out of the window. */
  function hidden(one) {
    const drawn = [one, ...(one.labels ?? [])];
    const isSeen = drawn.some((part) => points(part).some(([x, y]) => belongs(document.elementFromPoint(x, y), drawn)));
    return isSeen ? [] : [`${named(one)} is out of sight when it has the focus`];
  }

  function points(part) {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    const inset = 2;
    return [left + inset, (left + right) / 2, right - inset].flatMap((x) =>
      [top + inset, (top + bottom) / 2, bottom - inset].map((y) => [x, y]),
    );
  }

  /** Where one points at it, or through it at what it stands for. */
  function belongs(found, drawn) {
    return found !== null && drawn.some((part) => part.contains(found) || isLetThrough(part, found));
  }

  function isLetThrough(part, found) {
    const around = found.closest("label, li, a");
    return around?.contains(part) || (getComputedStyle(part).pointerEvents === "none" && part.parentElement.contains(found));
  }

  function named(one) {
    const words = (one.getAttribute("aria-label") ?? one.textContent.trim()).replace(/\s+/g, " ").slice(0, 40);
    return `${one.localName}${one.id && `#${one.id}`}${[...one.classList].map((name) => `.${name}`).join("")} “${words}”`;
  }
}
