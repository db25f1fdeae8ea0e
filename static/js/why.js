/**
 * The panel that says why a module cannot be had now, and what helps. Comes when somebody asks for it.
 *
 * @param {HTMLFormElement} form
 * @param {string} choice as "toppings:almond_whole"
 */
export async function showWhy(form, choice) {
  const panel = document.getElementById("why");
  if (!(panel instanceof HTMLDialogElement)) return;
  const shown = form.querySelector("[name=shown]");
  const digest = shown instanceof HTMLInputElement ? shown.value : "";
  const address = `${form.action}${digest}/why/${choice.replace(":", "/")}/`;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok) {
    panel.innerHTML = await answer.text();
    panel.onclick = (event) => {
      const isOutside = event.target === panel;
      const button = event.target instanceof Element ? event.target.closest("button, a") : null;
      // The form takes the button's word before the panel goes, and the focus returns to the card.
      if (isOutside || button) window.setTimeout(() => panel.close());
    };
    panel.showModal();
  } else {
    sayReason(choice);
  }
}

/** Without the shop, what the card itself knows. @param {string} choice */
function sayReason(choice) {
  const card = document.getElementById(`card-${choice.replace(":", "-")}`);
  const news = document.getElementById("news");
  if (news) news.textContent = card?.querySelector(".module__reason")?.textContent ?? "";
}
