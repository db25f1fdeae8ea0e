/**
 * A photo's place in the form: a chosen picture goes up at once, and the part that is printed can be dragged.
 * The hidden field says what the design shows; the numbers beside it are the same in percent.
 */

const MOST_BYTES = 12 * 2 ** 20;

/** @typedef {{ left: number, top: number, width: number, height: number }} Part in pixels of the kept picture */

export class PhotoField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.hear, true);
    this.addEventListener("click", this.press, true);
    this.showFrame();
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
  get part() {
    const [, left, top, width, height] = (this.said?.value ?? "").split(":").map(Number);
    return width && height ? { left, top, width, height } : { left: 0, top: 0, ...this.size };
  }

  /** @param {Part} wanted */
  set part(wanted) {
    if (!this.said) return;
    const { width, height } = fitted(wanted, this.size);
    const left = between(wanted.left, 0, this.size.width - width);
    const top = between(wanted.top, 0, this.size.height - height);
    const [digest] = this.said.value.split(":");
    this.said.value = [digest, left, top, width, height].map((part) => (typeof part === "number" ? Math.round(part) : part)).join(":");
    this.showFrame();
  }

  /** The numbers were changed: the frame and the form follow. */
  typed() {
    const { width, height } = this.size;
    const shape = this.part.height / this.part.width;
    const shown = (this.percent("share") / 100) * width;
    this.part = {
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
    const { left, top, width, height } = this.part;
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
    const before = this.part;
    const perPixel = this.size.width / stage.getBoundingClientRect().width;
    /** @param {PointerEvent} now */
    const move = (now) => {
      const across = (now.clientX - event.clientX) * perPixel;
      const down = (now.clientY - event.clientY) * perPixel;
      this.part = resizing ? larger(before, across, this.size) : { ...before, left: before.left + across, top: before.top + down };
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
    const { left, top, width } = this.part;
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

/** So much of the picture, in its shape, as there is. @param {Part} part @param {{ width: number, height: number }} size */
export function fitted(part, size) {
  const shape = part.height / part.width;
  const width = between(part.width, size.width / 20, Math.min(size.width, size.height / shape));
  return { width, height: width * shape };
}

/** Its upper left corner stays. @param {Part} part @param {number} across @param {{ width: number, height: number }} size */
export function larger(part, across, size) {
  const shape = part.height / part.width;
  const room = Math.min(size.width - part.left, (size.height - part.top) / shape);
  const width = between(part.width + across, size.width / 20, room);
  return { ...part, width, height: width * shape };
}

/** @param {number} number @param {number} least @param {number} most */
function between(number, least, most) {
  return Math.min(Math.max(number, least), Math.max(least, most));
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
