// What the shop prints. A picture printed in dots beside it can look like a bar code.
const FORMATS = ["qr_code"];
const PAUSE = 250;

/**
 * Where the browser reads codes by itself, its button appears.
 * @param {HTMLButtonElement} button
 * @param {(code: string) => void} read
 */
export function readCodes(button, read) {
  const Detector = /** @type {any} */ (window).BarcodeDetector;
  if (!Detector || !navigator.mediaDevices) return;
  button.hidden = false;
  button.addEventListener("click", () => void watch(new Detector({ formats: FORMATS }), read));
}

/**
 * @param {{ detect: (video: HTMLVideoElement) => Promise<{ rawValue: string }[]> }} detector
 * @param {(code: string) => void} read
 */
async function watch(detector, read) {
  const film = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => undefined);
  if (!film) return;
  const box = document.createElement("dialog");
  const video = document.createElement("video");
  box.className = "station-camera";
  video.muted = true;
  video.playsInline = true;
  video.srcObject = film;
  box.append(video);
  box.addEventListener("click", () => box.close());
  box.addEventListener("close", () => {
    for (const track of film.getTracks()) track.stop();
    box.remove();
  });
  document.body.append(box);
  box.showModal();
  await video.play();
  while (box.open) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found) {
      box.close();
      read(found.rawValue);
    }
    await new Promise((resolve) => window.setTimeout(resolve, PAUSE));
  }
}
