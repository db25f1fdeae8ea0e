/**
 * A photo's place in the form: a chosen picture goes up at once, and the part that is printed can be dragged.
 * The hidden field says what the design shows; the numbers beside it are the same in percent.
 */

import { between, enlarged, within } from "./crop.js";

/** @typedef {import("./crop.js").Part} Part */

const MOST_BYTES = 12 * 2 ** 20;

export class PhotoField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.hear, true);
    this.addEventListener("click", this.press, true);
    this.showFrame();
    // Somebody was quicker than this script.
    if (this.file?.files?.length) this.upload(this.file);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.hear, true);
    this.removeEventListener("click", this.press, true);
  }

  /** Before the form hears of it. @param {Event} event */
  hear = (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement)) return;
    if (field.type === "file") {
      event.stopPropagation();
      this.upload(field);
    } else if (field.type === "number") {
      this.typed();
    }
  };

  /** @param {Event} event */
  press = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.hasAttribute("data-upload")) {
      event.preventDefault();
      event.stopPropagation();
      const field = this.file;
      if (field?.files?.length) this.upload(field);
      else field?.click();
    }
  };

  /** The whole form goes along, so that nothing typed is lost. @param {HTMLInputElement} field */
  upload(field) {
    const form = field.form;
    const [picture] = field.files ?? [];
    if (!form || !picture) return;
    if (picture.size > MOST_BYTES) {
      this.say(this.dataset.large ?? "");
      field.value = "";
      return;
    }
    this.say(this.dataset.busy ?? "");
    const button = this.querySelector("[data-upload]");
    form.append(hidden("photo-for", this.dataset.place ?? ""));
    // The form goes without htmx here, and still says which of somebody's windows speaks.
    const window = /** @type {import("./bar-form.js").BarForm | null} */ (form.closest("bar-form"));
    if (window) form.append(hidden("tab", window.tab));
    form.action = button?.getAttribute("formaction") ?? form.action;
    form.enctype = "multipart/form-data";
    form.removeAttribute("hx-post");
    HTMLFormElement.prototype.submit.call(form);
  }

  get file() {
    return /** @type {HTMLInputElement | null} */ (this.querySelector("input[type=file]"));
  }

  get said() {
    return /** @type {HTMLInputElement | null} */ (this.querySelector("[data-photo]"));
  }

  /** @returns {{ width: number, height: number }} */
  get size() {
    return { width: Number(this.said?.dataset.width), height: Number(this.said?.dataset.height) };
  }

  /** @returns {Part} */
  get shown() {
    const [, left, top, width, height] = (this.said?.value ?? "").split(":").map(Number);
    return width && height ? { left, top, width, height } : { left: 0, top: 0, ...this.size };
  }

  /** @param {Part} wanted */
  set shown(wanted) {
    if (!this.said) return;
    const { left, top, width, height } = within(wanted, this.size);
    const [digest] = this.said.value.split(":");
    this.said.value = [digest, ...[left, top, width, height].map(Math.round)].join(":");
    this.showFrame();
  }

  /** The numbers were changed: the frame and the form follow. */
  typed() {
    const { width, height } = this.size;
    const shape = this.shown.height / this.shown.width;
    const shown = (this.percent("share") / 100) * width;
    this.shown = {
      left: (this.percent("left") / 100) * width,
      top: (this.percent("top") / 100) * height,
      width: shown,
      height: shown * shape,
    };
  }

  /** @param {string} name */
  percent(name) {
    const field = this.number(name);
    return field ? between(Number(field.value) || 0, Number(field.min), Number(field.max)) : 0;
  }

  /** @param {string} name */
  number(name) {
    return /** @type {HTMLInputElement | null} */ (this.querySelector(`[name="${this.dataset.place}-${name}"]`));
  }

  /** A frame over the picture, where there is one. */
  showFrame() {
    const stage = this.querySelector("[data-frame]");
    if (!(stage instanceof HTMLElement)) return;
    const frame = /** @type {HTMLElement} */ (stage.querySelector(".photo__window") ?? this.newFrame(stage));
    const { left, top, width, height } = this.shown;
    frame.style.left = `${(100 * left) / this.size.width}%`;
    frame.style.top = `${(100 * top) / this.size.height}%`;
    frame.style.width = `${(100 * width) / this.size.width}%`;
    frame.style.height = `${(100 * height) / this.size.height}%`;
    this.querySelector("[data-crop]")?.setAttribute("hidden", "");
  }

  /** @param {HTMLElement} stage */
  newFrame(stage) {
    const frame = document.createElement("div");
    frame.className = "photo__window";
    frame.setAttribute("aria-hidden", "true");
    const grip = document.createElement("div");
    grip.className = "photo__grip";
    frame.append(grip);
    frame.addEventListener("pointerdown", (event) => this.drag(event, frame, stage, event.target === grip));
    stage.append(frame);
    return frame;
  }

  /**
   * @param {PointerEvent} event
   * @param {HTMLElement} frame
   * @param {HTMLElement} stage
   * @param {boolean} resizing by the grip in the corner
   */
  drag(event, frame, stage, resizing) {
    event.preventDefault();
    frame.setPointerCapture(event.pointerId);
    const before = this.shown;
    const perPixel = this.size.width / stage.getBoundingClientRect().width;
    /** @param {PointerEvent} now */
    const move = (now) => {
      const across = (now.clientX - event.clientX) * perPixel;
      const down = (now.clientY - event.clientY) * perPixel;
      this.shown = resizing ? enlarged(before, across, this.size) : { ...before, left: before.left + across, top: before.top + down };
    };
    const drop = () => {
      frame.removeEventListener("pointermove", move);
      this.tellNumbers();
      this.said?.dispatchEvent(new Event("change", { bubbles: true }));
    };
    frame.addEventListener("pointermove", move);
    frame.addEventListener("lostpointercapture", drop, { once: true });
  }

  tellNumbers() {
    const { left, top, width } = this.shown;
    const said = { left: left / this.size.width, top: top / this.size.height, share: width / this.size.width };
    for (const [name, share] of Object.entries(said)) {
      const field = this.number(name);
      if (field) field.value = String(Math.round(100 * share));
    }
  }

  /** @param {string} words */
  say(words) {
    const news = this.querySelector("[data-news]");
    if (news) news.textContent = words;
  }
}

/** @param {string} name @param {string} value */
function hidden(name, value) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  return field;
}

customElements.define("photo-field", PhotoField);
