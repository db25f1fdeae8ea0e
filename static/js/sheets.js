/**
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {{ strip: ImageBitmap, top: number }} Cutting where a sprite lies on a strip of several
 */

/** More than one request may carry. */
const MOST_ON_A_SHEET = 40;

/** Pixels of all strips; beyond it the oldest ones go. */
const MOST_PIXELS = 24_000_000;

/** The sprites and bodies that have come, each fetched once and only when a drawing needs it. */
export class Sheets {
  /** @type {Map<string, Cutting>} */
  cuttings = new Map();
  /** @type {Map<string, Promise<void>>} */
  coming = new Map();

  /** @param {Drawing} drawing */
  has(drawing) {
    return needs(drawing).every(({ name }) => this.cuttings.has(name));
  }

  /** When everything is there that the drawing needs. @param {Drawing} drawing */
  async ready(drawing) {
    const missing = needs(drawing).filter(({ name }) => !this.cuttings.has(name));
    for (const [address, wanted] of grouped(missing.filter(({ name }) => !this.coming.has(name)))) {
      const opened = wanted[0].sheet ? fetched(address) : enclosed(drawing.inscribed[wanted[0].key]);
      const strip = this.cut(opened, wanted).finally(() => wanted.forEach(({ name }) => this.coming.delete(name)));
      for (const { name } of wanted) this.coming.set(name, strip);
    }
    await Promise.all(missing.map(({ name }) => this.coming.get(name)));
    this.makeRoom(drawing);
  }

  /**
   * @param {Drawing} drawing
   * @param {number} sprite
   */
  of(drawing, sprite) {
    return this.cuttings.get(spriteName(drawing, sprite));
  }

  /** @param {Drawing} drawing */
  body(drawing) {
    return this.cuttings.get(drawing.body)?.strip;
  }

  /**
   * @param {Promise<Blob>} opened
   * @param {Need[]} wanted
   */
  async cut(opened, wanted) {
    const strip = await createImageBitmap(await opened);
    let top = 0;
    for (const { name, height } of wanted) {
      this.cuttings.set(name, { strip, top });
      top += height;
    }
  }

  /** @param {Drawing} drawing */
  makeRoom(drawing) {
    const needed = new Set(needs(drawing).map(({ name }) => name));
    let pixels = 0;
    for (const strip of new Set([...this.cuttings.values()].map((cutting) => cutting.strip))) {
      pixels += strip.width * strip.height;
    }
    for (const [name, { strip }] of this.cuttings) {
      if (pixels <= MOST_PIXELS) return;
      if (needed.has(name)) continue;
      this.cuttings.delete(name);
      if (![...this.cuttings.values()].some((other) => other.strip === strip)) pixels -= strip.width * strip.height;
    }
  }
}

/** @param {string} address */
async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return answer.blob();
}

/** What says the customer's own words has no address; it came with the drawing. @param {string} content */
async function enclosed(content) {
  return new Blob([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], { type: "image/webp" });
}

/** @typedef {{ name: string, sheet: string, key: string, height: number }} Need */

/**
 * @param {Drawing} drawing
 * @returns {Need[]}
 */
export function needs(drawing) {
  const sprites = drawing.sprites.map((box, sprite) => ({
    name: spriteName(drawing, sprite),
    sheet: drawing.sheets[box.sheet] ?? "",
    key: box.key,
    height: box.height,
  }));
  return [{ name: drawing.body, sheet: drawing.body, key: "", height: drawing.height }, ...sprites];
}

/**
 * Address → the sprites that come with it, one below the other in this order.
 * @param {Need[]} missing
 * @returns {Map<string, Need[]>}
 */
export function grouped(missing) {
  /** @type {Map<string, Need[]>} */
  const sheets = new Map();
  for (const need of missing) {
    const sheet = need.sheet || need.name;
    sheets.set(sheet, [...(sheets.get(sheet) ?? []), need]);
  }
  /** @type {Map<string, Need[]>} */
  const addresses = new Map();
  for (const [sheet, wanted] of sheets) {
    for (let first = 0; first < wanted.length; first += MOST_ON_A_SHEET) {
      const part = wanted.slice(first, first + MOST_ON_A_SHEET);
      addresses.set(part[0].sheet && part[0].key ? `${sheet}${part.map(({ key }) => key).join("_")}.webp` : sheet, part);
    }
  }
  return addresses;
}

/**
 * @param {Drawing} drawing
 * @param {number} sprite
 */
function spriteName(drawing, sprite) {
  const box = drawing.sprites[sprite];
  return `${drawing.sheets[box.sheet] ?? "inscribed/"}${box.key}`;
}
