// The screen on the wall follows the floor, and says so when it no longer can.
const LOOKS = 1000;

async function look() {
  const board = /** @type {HTMLElement} */ (document.getElementById("board"));
  try {
    const answer = await fetch(board.dataset.live ?? "", {
      headers: { "If-None-Match": board.dataset.digest ?? "" },
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect") location.reload();
    if (answer.status === 200) show(board, await answer.text());
    board.toggleAttribute("data-stale", answer.status >= 400);
  } catch {
    board.toggleAttribute("data-stale", true);
  }
  window.setTimeout(look, LOOKS);
}

/**
 * @param {HTMLElement} board
 * @param {string} text
 */
function show(board, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("board");
  if (!fresh) return;
  const here = board.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : undefined;
  board.replaceWith(document.adoptNode(fresh));
  if (here) /** @type {HTMLElement | null} */ (fresh.querySelector(`a[href="${here}"]`))?.focus();
}

window.setTimeout(look, LOOKS);
