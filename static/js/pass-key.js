/**
 * A form whose answer a passkey gives: its button asks the device, and what the device says goes out with the form.
 * What to ask stands beside the form, or is fetched from where the form goes. Without passkeys, or without scripts,
 * the form stays hidden and the words beside it say why.
 */
class PassKey extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const without = this.querySelector("[data-without]");
    if (!(form instanceof HTMLFormElement) || !(without instanceof HTMLElement) || !knowsPasskeys()) return;
    form.hidden = false;
    without.hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#answer(form);
    });
  }

  /** @param {HTMLFormElement} form */
  async #answer(form) {
    const answer = form.elements.namedItem("credential");
    if (!(answer instanceof HTMLInputElement)) return;
    this.#say(form, "");
    try {
      answer.value = JSON.stringify(await asked(await this.#question(form)));
    } catch (refusal) {
      this.#say(form, isThere(refusal) ? this.dataset.there : this.dataset.notGiven);
      return;
    }
    // Not requestSubmit(): that would ask once more.
    form.submit();
  }

  /**
   * @param {HTMLFormElement} form
   * @returns {Promise<Question>}
   */
  async #question(form) {
    const beside = this.querySelector("script[type='application/json']");
    if (beside) return JSON.parse(beside.textContent ?? "").publicKey;
    const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
    return (await reply.json()).request_options.publicKey;
  }

  /**
   * @param {HTMLFormElement} form
   * @param {string | undefined} words
   */
  #say(form, words) {
    const place = form.querySelector("[data-told]");
    if (place) place.textContent = words ?? "";
  }
}

/** @typedef {PublicKeyCredentialCreationOptionsJSON | PublicKeyCredentialRequestOptionsJSON} Question */

function knowsPasskeys() {
  return typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/**
 * A new passkey, where there is somebody to make it for; else one that is kept already.
 * @param {Question} question
 */
async function asked(question) {
  const credential =
    "user" in question
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
  if (!(credential instanceof PublicKeyCredential)) throw new TypeError("The device gave no passkey.");
  return credential.toJSON();
}

/** @param {unknown} refusal */
function isThere(refusal) {
  return refusal instanceof DOMException && refusal.name === "InvalidStateError";
}

customElements.define("pass-key", PassKey);
