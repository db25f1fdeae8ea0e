/** @typedef {{ id: string, url: string, told: string[][], code: string, words: string }} Message */
/** @typedef {{ code: string, words: string, why: string }} Refused */

const QUEUE = "floor-waiting:";
const REFUSED = "floor-refused:";
/** Milliseconds after which nobody answers any more. */
const PATIENCE = 15_000;

/** Steps and weights that have not reached the shop. Each has a key of its own, so that it counts once however often it is sent. */
export class Waiting {
  isAway = false;
  isSignedOut = false;

  /** @param {HTMLElement} tablet says who is signed in, and the words */
  constructor(tablet) {
    this.tablet = tablet;
    this.who = tablet.dataset.who ?? "";
    this.messages = /** @type {Message[]} */ (read(QUEUE + this.who));
    this.refused = /** @type {Refused[]} */ (read(REFUSED + this.who));
    this.shown = "";
    this.isKept = true;
  }

  /** @param {Omit<Message, "id">} message */
  add(message) {
    this.change((messages) => [...messages, { id: `${Date.now()}-${Math.random()}`, ...message }]);
  }

  /**
   * Another page of this tablet may have added some meanwhile.
   * @param {(messages: Message[]) => Message[]} change
   */
  change(change) {
    const kept = this.isKept ? /** @type {Message[]} */ (read(QUEUE + this.who)) : this.messages;
    this.messages = change(kept);
    this.keep();
  }

  /**
   * One after the other, as they happened, until one does not get through.
   * @param {string} token
   * @returns {Promise<Document | undefined>} the page after the last one, when all have arrived
   */
  async send(token) {
    let page;
    const isLate = this.messages.length > 1 || this.isAway;
    while (this.messages.length) {
      const message = this.messages[0];
      const answer = await this.answered(message, token);
      if (!answer) return undefined;
      page = answer.page;
      if (answer.isRefused && isLate) this.refuse(message, page);
      this.change((messages) => messages.filter(({ id }) => id !== message.id));
    }
    return page;
  }

  /**
   * @param {Message} message
   * @param {string} token
   */
  async answered(message, token) {
    const told = new URLSearchParams(message.told);
    told.set("csrfmiddlewaretoken", token);
    try {
      const answer = await fetch(message.url, { method: "POST", body: told, signal: AbortSignal.timeout(PATIENCE) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // What breaks there is tried again. Whatever has an answer has it on the page of a station; any other page
      // wants to know first who this is.
      this.isAway = answer.status >= 500 || answer.status === 429;
      this.isSignedOut = !this.isAway && !page.getElementById("station");
      return this.isSignedOut || this.isAway ? undefined : { page, isRefused: !answer.ok };
    } catch {
      this.isAway = true;
      return undefined;
    }
  }

  /**
   * @param {Message} message
   * @param {Document} page
   */
  refuse({ code, words }, page) {
    const why = page.querySelector("[data-stop-why]")?.textContent?.trim() ?? "";
    page.querySelector("[data-stop]")?.remove();
    this.refused.push({ code, words, why });
  }

  keep() {
    this.isKept = write(QUEUE + this.who, this.messages) && write(REFUSED + this.who, this.refused);
  }

  /** Only when there is something new to say, so that nobody is told twice. */
  show() {
    const others = ofOthers(this.who);
    const { keptAt } = this.tablet.dataset;
    const now = JSON.stringify([this.isAway, keptAt, this.isSignedOut, this.messages, this.refused, others]);
    if (now === this.shown) return;
    this.shown = now;
    this.part("away").hidden = !this.isAway || Boolean(keptAt);
    this.part("kept").hidden = !this.isAway || !keptAt;
    if (keptAt) this.part("kept-at").textContent = clock(keptAt);
    this.part("signed-out").hidden = !this.isSignedOut;
    this.part("others").hidden = !others;
    this.part("waiting").hidden = !this.messages.length;
    this.part("waiting-rows").replaceChildren(...this.messages.map(({ code, words }) => row(code, words)));
    this.part("refused").hidden = !this.refused.length;
    this.part("refused-rows").replaceChildren(...this.refused.map(({ code, words, why }) => row(code, words, why)));
    this.part("refused-read").onclick = () => this.forget();
  }

  forget() {
    this.refused = [];
    this.keep();
    this.show();
  }

  /** @param {string} name */
  part(name) {
    return /** @type {HTMLElement} */ (this.tablet.querySelector(`[data-part="${name}"]`));
  }
}

/**
 * @param {string} code
 * @param {...string} words
 */
function row(code, ...words) {
  const box = document.createElement("li");
  const strong = document.createElement("strong");
  strong.className = "code";
  strong.textContent = code;
  box.append(strong, ` ${words.filter(Boolean).join(": ")}`);
  return box;
}

/** @param {string} time */
const clock = (time) => new Date(time).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** @param {string} who whether somebody else has left something on this tablet */
function ofOthers(who) {
  const places = Object.keys(localStorage).filter((place) => place.startsWith(QUEUE) && place !== QUEUE + who);
  return places.some((place) => read(place).length);
}

/** @param {string} place */
function read(place) {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/**
 * @param {string} place
 * @param {unknown[]} rows
 */
function write(place, rows) {
  try {
    if (rows.length) localStorage.setItem(place, JSON.stringify(rows));
    else localStorage.removeItem(place);
    return true;
  } catch {
    // A full or forbidden storage: they stay in this page.
    return false;
  }
}
