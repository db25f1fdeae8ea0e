import { pixels } from "./drawing.js";
import { INK, PAPER } from "./painter.js";

/**
 * What shows how large the bar is. Comes when somebody asks for it.
 *
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./drawing.js").Point} Point
 */

/**
 * Millimetre paper over the bar, with a number at every centimetre.
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 */
export function paintGrid(context, drawing) {
  const [length, width] = drawing.bar;
  const step = drawing.scale < 3 ? 50 : 10;
  for (let tenths = 0; tenths <= Math.max(length, width); tenths += step) {
    context.strokeStyle = PAPER;
    context.globalAlpha = tenths % 100 === 0 ? 0.7 : tenths % 50 === 0 ? 0.35 : 0.12;
    context.lineWidth = Math.max(1, Math.round(drawing.scale / (tenths % 100 === 0 ? 4 : 8)));
    if (tenths <= length) line(context, pixels(drawing, { x: tenths, y: 0 }), pixels(drawing, { x: tenths, y: width }));
    if (tenths <= width) line(context, pixels(drawing, { x: 0, y: tenths }), pixels(drawing, { x: length, y: tenths }));
  }
  context.globalAlpha = 1;
  context.fillStyle = INK;
  context.font = `${Math.round(3.6 * drawing.scale)}px "Hanken Grotesk", sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let tenths = 0; tenths <= length; tenths += 100) {
    const { x, y } = pixels(drawing, { x: tenths, y: -40 });
    context.fillText(String(tenths / 10), x, y);
  }
  for (let tenths = 100; tenths <= width; tenths += 100) {
    const { x, y } = pixels(drawing, { x: -55, y: tenths });
    context.fillText(String(tenths / 10), x, y);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} from
 * @param {Point} to
 */
function line(context, from, to) {
  context.beginPath();
  context.moveTo(Math.round(from.x) + 0.5, Math.round(from.y) + 0.5);
  context.lineTo(Math.round(to.x) + 0.5, Math.round(to.y) + 0.5);
  context.stroke();
}

/** A 1-euro coin, in millimetres. */
const COIN = 23.25;
const RING = 17;

/**
 * The coin in the lower right corner, in its true size: painted, or drawn while nobody has painted one.
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 * @param {{ picture: ImageBitmap, centre: Point, scale: number } | null} painted with its pixels per millimetre
 */
export function paintCoin(context, drawing, painted) {
  const radius = (COIN / 2) * drawing.scale;
  const x = drawing.width - radius - 2 * drawing.scale;
  const y = drawing.height - radius - 2 * drawing.scale;
  if (painted) {
    const share = drawing.scale / painted.scale;
    const { picture, centre } = painted;
    context.imageSmoothingQuality = "high";
    context.drawImage(
      picture, x - centre.x * share, y - centre.y * share, picture.width * share, picture.height * share,
    );
    return;
  }
  disc(context, x + 0.5 * drawing.scale, y + 0.7 * drawing.scale, radius, "rgb(42 23 16 / 35%)");
  disc(context, x, y, radius, "#c8a24a");
  disc(context, x, y, (RING / 2) * drawing.scale, "#c9c9c4");
  context.fillStyle = "#5f5f58";
  context.font = `600 ${Math.round(8 * drawing.scale)}px "Hanken Grotesk", sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("1 €", x, y);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} colour
 */
function disc(context, x, y, radius, colour) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}
