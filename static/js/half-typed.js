// What is typed in the checkout is kept by the server while its page is left by a link, so that nobody types it twice.

const form = document.querySelector("form[data-half-typed]");

if (form instanceof HTMLFormElement) keepWhatIsTyped(form, form.dataset.halfTyped ?? "");

/**
 * @param {HTMLFormElement} form
 * @param {string} address
 */
function keepWhatIsTyped(form, address) {
  let known = written(form);
  let isSent = false;

  function keep() {
    if (isSent || written(form) === known) return;
    known = written(form);
    navigator.sendBeacon(address, new FormData(form));
  }

  // A field that is left has changed before the link that was pressed is followed.
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => {
    isSent = true;
  });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", () => {
    isSent = false;
  });
}

/** @param {HTMLFormElement} form */
function written(form) {
  return [...new FormData(form)].map(([name, value]) => `${name}=${value}`).join("\n");
}
