const SIGNS = ["pointermove", "pointerdown", "touchstart", "wheel", "keydown", "focusin"];

/** Somebody is there and about to do something: what was not needed for the first look can come. */
export const touched = new Promise((resolve) => {
  for (const sign of SIGNS) window.addEventListener(sign, resolve, { once: true, passive: true, capture: true });
});
