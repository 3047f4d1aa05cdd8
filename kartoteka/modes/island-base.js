/**
 * What the islands of study modes share: the sitting's data, the card in hand, forms taken over, undo, star, options, reading aloud.
 *
 * A page works without it: everything it takes over is a form or a link with `data-does`. It decides nothing: an answer leaves as `k-answer`,
 * and what the server then asks comes back as `k-sitting`. In between the page goes on by the facts it was given.
 */

import { foldIn, onKeys, openSheet, post, Refused, toast } from "look/base.js";
import { Face } from "modes/island-face.js";
import { sounding, tone } from "modes/island-tones.js";
import { hear, hush } from "modes/island-voice.js";

/** @typedef {{html: string, text: string, lang: string, kind: string, points: string[]}} Side */
/** @typedef {{id: string, card: string, note: string, qtype: string, turn: number, again: boolean, after_ms: number, wait_ms: number, starred: boolean, level: string, leech: boolean, lapses: number, mixed_up: {front: Side, back: Side} | null, hint: string, front: Side, back: Side, buttons: Record<string, {days: number, words: string}>, extra: Record<string, any>}} Question */

const IN_HAND = 6; // questions left here with which no new ones are asked for
const ASKS_EVERY = 5; // answers: the words on the buttons are no older than that
const MARKS = "/api/v1/marks";

/** @param {string} name @returns {any} the part of the page with this name */
export function part(name) {
  return document.querySelector(`[data-part~="${name}"]`);
}

/** @param {string} name @param {string} text */
export function say(name, text) {
  const found = part(name);
  if (found && found.textContent !== text) found.textContent = text;
}

/** @param {string} name @returns {string} words that every mode's page brings */
export function words(name) {
  return document.getElementById("words")?.dataset[name] ?? "";
}

/** @param {Question} question @returns {Question} the same question's next turn */
export function nextTurn(question) {
  const parts = question.id.split(".");
  parts[5] = String(question.turn + 1);
  return { ...question, id: parts.join("."), turn: question.turn + 1, again: true };
}

export class Mode extends HTMLElement {
  /** @type {any} */ data = {};
  /** @type {Question[]} */ questions = [];
  /** @type {Record<string, any>} */ counts = {};
  /** @type {Record<string, any>} */ options = {};
  /** @type {{id: string, questions: Question[], counts: any, current: Question, undone?: () => void}[]} */ undoable = [];
  /** @type {Question | null} */ current = null;
  /** @type {Face} */ face = /** @type {any} */ (null);
  /** @type {(() => void) | null} */ stopKeys = null;
  over = false;
  leaving = false;
  since = performance.now();
  away = 0;
  hinted = 0; // hints looked at before the answer was seen
  hiddenAt = 0;

  connectedCallback() {
    this.data = JSON.parse(document.getElementById("sitting")?.textContent ?? "{}");
    this.questions = this.data.questions ?? [];
    this.counts = this.data.counts ?? {};
    this.options = this.data.options ?? {};
    this.face = new Face(/** @type {HTMLElement} */ (document.getElementById("face")), {
      steps: this.options.steps !== false,
      hidden: words("hidden"),
      point: words("point"),
      quote: words("quote"),
    });
    document.addEventListener("submit", (event) => this.took(event, /** @type {SubmitEvent} */ (event).submitter));
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("k-sitting", (event) => this.told(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("k-settled", () => this.settled());
    document.addEventListener("visibilitychange", () => this.looksAway());
    part("hint")?.addEventListener("toggle", () => part("hint").open && !this.face.shown && (this.hinted = 1));
    this.stopKeys = onKeys(this.keys());
    this.begin();
  }

  disconnectedCallback() {
    this.stopKeys?.();
  }

  /** @returns {Record<string, (event: KeyboardEvent) => void | boolean>} */
  keys() {
    return {
      "Shift+Enter": () => this.face.shown && this.face.all(),
      s: () => this.star(),
      a: () => this.aloud(),
      h: () => this.hint(),
      e: () => this.edit(),
      u: () => this.undo(),
      "Mod+z": () => this.undo(),
    };
  }

  begin() {}

  /** What the server told is here. */
  refreshed() {}

  /** What a form or a link does. @param {string} name @param {string} value @param {Element | null} from @returns {boolean | void} false: let the browser do it */
  does(name, value, from) {
    if (name === "undo") return this.undo();
    if (name === "star") return this.star();
    if (name === "all") return this.face.all();
    if (name === "aloud") return this.aloud();
    if (name === "edit") return this.edit();
    if (name === "options") return this.choose(/** @type {HTMLAnchorElement} */ (from));
    if (name === "flip") return this.flip();
    return false;
  }

  flip() {}

  /** @param {Event} event @param {Element | null} submitter */
  took(event, submitter) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const name = form.dataset?.does;
    if (!name || form.dataset.plain) return;
    const value = submitter instanceof HTMLButtonElement ? submitter.value : "";
    if (this.does(name, value, form) !== false) event.preventDefault();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const from = event.target instanceof Element ? event.target.closest("a[data-does], button[data-does]") : null;
    if (!from || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (this.does(/** @type {HTMLElement} */ (from).dataset.does ?? "", "", from) !== false) event.preventDefault();
  }

  looksAway() {
    if (document.hidden) this.hiddenAt = performance.now();
    else if (this.hiddenAt) {
      this.away += performance.now() - this.hiddenAt;
      this.hiddenAt = 0;
    }
  }

  /** A card comes into the hand. @param {Question} question @param {{from?: "comes" | "goes-back" | ""}} [how] */
  put(question, how = {}) {
    hush();
    this.current = question;
    this.since = performance.now();
    this.away = 0;
    this.face.front(question, how.from ?? "comes");
    this.marked();
    this.hinted = 0;
    this.hides();
    for (const name of ["edit", "leech-edit", "leech-hint"]) {
      const link = part(name);
      if (link) link.href = `${this.data.urls.here}card/${question.card}/?note=${question.note}${name === "leech-hint" ? "&at=hint" : ""}`;
    }
    this.focusMoves();
    if (this.options.aloud) this.aloud(false);
  }

  /** The card takes the focus from what was pressed and goes away. */
  focusMoves() {
    const focused = document.activeElement;
    if (focused && (focused.closest("form[data-does], [data-state]") || focused === document.body)) this.face.element.focus({ preventScroll: true });
  }

  /**
   * An answer leaves. What it changes here can be undone.
   * @param {object} response
   * @returns {boolean} whether someone took it
   */
  answer(response) {
    const question = this.current;
    if (!question) return false;
    const before = { questions: [...this.questions], counts: structuredClone(this.counts), current: question };
    const took = Math.min(Math.max(performance.now() - this.since - this.away, 0), 86_400_000);
    const detail = { sitting: this.data.sitting, question: question.id, response: this.hinted ? { ...response, hints: this.hinted } : response, took_ms: took, enough: this.enough(), id: "" };
    this.dispatchEvent(new CustomEvent("k-answer", { bubbles: true, detail }));
    if (!detail.id) return false;
    this.undoable.push({ ...before, id: detail.id });
    this.questions = this.questions.filter((each) => each.id !== question.id);
    this.counts.took_ms = (this.counts.took_ms ?? 0) + took;
    this.counts.answers = (this.counts.answers ?? 0) + 1;
    return true;
  }

  /** Whether the page can go on by itself: laying out the next questions costs the server more than keeping an answer. */
  enough() {
    return this.questions.length > IN_HAND && ((this.counts.answers ?? 0) + 1) % ASKS_EVERY !== 0;
  }

  undo() {
    const last = this.undoable.pop();
    if (!last) {
      const form = document.getElementById("undo");
      if (form instanceof HTMLFormElement) form.submit();
      return;
    }
    if (last.undone) return last.undone();
    this.dispatchEvent(new CustomEvent("k-undo", { bubbles: true, detail: { sitting: this.data.sitting, id: last.id } }));
    this.leaving = false;
    this.over = false;
    this.questions = last.questions;
    this.counts = last.counts;
    this.back(last.current);
  }

  /** @param {Question} _question the one that is open again */
  back(_question) {}

  /** @param {any} sitting */
  told(sitting) {
    if (sitting.id.replaceAll("-", "") !== this.data.sitting.replaceAll("-", "")) return;
    this.questions = sitting.questions;
    this.counts = sitting.counts;
    this.over = sitting.over;
    this.refreshed();
  }

  /** Shows only the parts of a state: front, back, wait, gap, end. @param {string} state */
  state(state) {
    for (const each of document.querySelectorAll("[data-state]")) {
      if (each instanceof HTMLElement) each.hidden = !(each.dataset.state ?? "").split(" ").includes(state);
    }
    this.face.element.hidden = state !== "front" && state !== "back";
  }

  /** Nothing is left to ask here: the server's page says how it went, as soon as it has every answer. @param {string} [state] */
  end(state = "end") {
    hush();
    if (state === "end" && !this.leaving) this.sound("end");
    this.current = null;
    this.state(state);
    this.leaving = true;
    document.dispatchEvent(new CustomEvent("k-flush"));
  }

  settled() {
    if (this.leaving) setTimeout(() => this.leaving && location.assign(this.data.urls.here), sounding());
  }

  /** A tone, where one likes to hear how it went. @param {"right" | "wrong" | "end"} name */
  sound(name) {
    if (this.options.sounds) tone(name);
  }

  // Marks

  marked() {
    const button = part("star");
    if (!button || !this.current) return;
    button.setAttribute("aria-pressed", String(this.current.starred));
    if (button.name) button.value = this.current.starred ? "unstar" : "star";
    const of = button.closest("form")?.querySelector("[name=of]");
    if (of instanceof HTMLInputElement) of.value = this.current.card;
  }

  star() {
    const question = this.current;
    if (!question) return;
    question.starred = !question.starred;
    this.marked();
    void this.mark({ card: question.card, starred: question.starred }).then((kept) => {
      if (kept) return;
      question.starred = !question.starred;
      this.marked();
    });
  }

  /** @param {{card: string, starred?: boolean, suspended?: boolean, buried?: boolean}} what @returns {Promise<boolean>} */
  async mark(what) {
    try {
      await post(MARKS, what);
      return true;
    } catch (error) {
      toast((error instanceof Refused && error.message) || words("unreached"));
      return false;
    }
  }

  edit() {
    const link = part("edit");
    if (link) location.assign(link.href);
    else return false;
  }

  // The author's own hint

  /** Shows it, or hides it again. @returns {boolean | void} false: this card has none */
  hint() {
    const place = part("hint");
    if (!place || !this.current?.hint) return false;
    place.open = !place.open;
  }

  /** With another card it is closed; that it was opened before the answer was seen goes with the answer. */
  hides() {
    const place = part("hint");
    if (!place) return;
    place.open = false;
    place.hidden = !this.current?.hint;
    part("hint-text").innerHTML = this.current?.hint ?? ""; // cleaned on its way in, and the page's policy runs no script of it
  }

  // Options

  /** @param {HTMLAnchorElement | null} link */
  choose(link) {
    const sheet = document.getElementById("options");
    if (!sheet || !link) return false;
    void fetch(`${link.href}?sheet=1`, { credentials: "same-origin" })
      .then((response) => (response.ok ? response.text() : Promise.reject(response)))
      .then((html) => {
        sheet.innerHTML = html;
        foldIn(sheet);
        openSheet("options");
      })
      .catch(() => location.assign(link.href));
  }

  // Reading aloud

  /** @param {boolean} [asked] whether someone pressed for it, and must hear why nothing is heard */
  aloud(asked = true) {
    if (!this.current) return;
    const heard = hear(this.face.element, this.face.shown ? this.current.back : this.current.front);
    if (!heard && asked) toast(words("voiceless"));
  }
}

/** Presses of a thumb: a swipe to either side. @param {HTMLElement} element @param {(side: "left" | "right") => void} act */
export function swipes(element, act) {
  /** @type {{x: number, y: number, at: number} | null} */
  let from = null;
  element.addEventListener("pointerdown", (event) => {
    from = event.pointerType === "touch" && event.isPrimary ? { x: event.clientX, y: event.clientY, at: event.timeStamp } : null;
  });
  element.addEventListener("pointercancel", () => (from = null));
  element.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.abs(x) > 60 && Math.abs(x) > 1.5 * Math.abs(y) && event.timeStamp - from.at < 800 && !getSelection()?.toString()) act(x < 0 ? "left" : "right");
    from = null;
  });
}
