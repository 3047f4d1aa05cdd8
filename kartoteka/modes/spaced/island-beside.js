/**
 * What stands beside a card: why it comes now, and that it keeps slipping.
 */

import { counted } from "look/counted.js";
import { part, say, words } from "modes/island-base.js";

const LET_IT_BE_MS = 30 * 86_400_000; // a stubborn card is spoken of once a month at most

/** @typedef {import("modes/island-base.js").Question} Question */

/** @param {string} text @param {number} most */
const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** What this browser kept under a name. @param {string} name */
function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // then it is as if it had not been said
  }
}

/** The reasons of a card, read while they are wanted; whether they are is remembered. */
export class Why {
  /** @type {HTMLDetailsElement | null} */ element = part("why");
  /** @type {Question | null} */ question = null;
  saidOf = "";

  /** @param {string} here the address of the mode */
  constructor(here) {
    this.here = here;
    if (!this.element) return;
    this.element.open = kept("why") === null ? matchMedia("(min-width: 64rem)").matches : kept("why") === "open";
    this.element.addEventListener("toggle", () => this.read());
  }

  turn() {
    if (!this.element) return;
    this.element.open = !this.element.open;
    keep("why", this.element.open ? "open" : "shut");
    if (this.element.open) this.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {Question} question */
  of(question) {
    this.question = question;
    this.read();
  }

  read() {
    const [body, question] = [part("why-body"), this.question];
    if (!this.element?.open || !body || !question || this.saidOf === question.id) return;
    this.saidOf = question.id;
    void fetch(`${this.here}why/${question.card}/?part=1`, { credentials: "same-origin" })
      .then((response) => (response.ok ? response.text() : Promise.reject(response)))
      .then((html) => {
        if (this.question?.id === question.id) body.innerHTML = html;
      })
      .catch(() => {
        body.textContent = words("unreached");
        this.saidOf = "";
      });
  }
}

/** The notice on a card that keeps slipping, and the one it is taken for. */
export class Slips {
  /** @param {HTMLElement} host whose data has the words */
  constructor(host) {
    this.host = host;
  }

  /** @param {Question} question */
  of(question) {
    const notice = part("leech");
    if (!notice) return;
    notice.hidden = !question.leech || Date.now() - Number(kept(`leech ${question.card}`) ?? 0) < LET_IT_BE_MS;
    if (part("leech-hint")) part("leech-hint").hidden = Boolean(question.hint);
    say("slips", counted(this.host, "slips", question.lapses));
  }

  /** What it is taken for, beside its answer. @param {Question} question */
  beside(question) {
    const other = question.mixed_up;
    part("mixed").hidden = !other;
    if (!other) return;
    say("mixed-front", shortened(other.front.text, 160));
    say("mixed-back", shortened(other.back.text, 400));
  }

  /** @param {Question} question */
  letBe(question) {
    keep(`leech ${question.card}`, String(Date.now()));
    part("leech").hidden = true;
  }
}
