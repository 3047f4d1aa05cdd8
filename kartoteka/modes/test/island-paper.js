/**
 * What stands on a paper: kept in this browser at every change and sent to the server, until the server says that it has it.
 *
 * <k-test> (island.js) is one of these with an index, a clock and keys. Nothing is marked here.
 */

import { post, Refused, toast } from "look/base.js";
import { counted } from "look/counted.js";
import { sounding, tone } from "modes/island-tones.js";

/** @typedef {{question: string, at_ms: number, response?: {text?: string, choice?: string, rating?: number}, flagged?: boolean}} Change */
/** @typedef {{changes: Record<string, Change>, hand_in?: boolean, left?: number}} Waiting */

const TEXTS = "input[type='text'], textarea";
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];

export class Paper extends HTMLElement {
  /** @type {any} */ data = {};
  /** @type {Waiting} */ waiting = { changes: {} };
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ retry;
  /** @type {Map<string, [boolean, boolean]>} */ states = new Map(); // number → answered, flagged
  /** @type {Map<string, Element[]>} */ links = new Map();
  /** @type {HTMLElement | undefined} */ now_at;
  /** @type {Map<string, number>} */ numbers = new Map(); // question → its number
  key = "";
  failures = 0;
  sending = false;
  lastAt = 0;
  endsAt = 0;
  going = false;

  /* ---- what is kept in this browser */

  /** @param {string} name */
  kept(name) {
    try {
      return localStorage.getItem(name === "view" ? "k-test:view" : `${this.key}:${name}`);
    } catch {
      return null;
    }
  }

  /** @param {string} name @param {string} value */
  keep(name, value) {
    try {
      localStorage.setItem(name === "view" ? "k-test:view" : `${this.key}:${name}`, value);
    } catch {
      // A browser that stores nothing still sends everything at once.
    }
  }

  forget() {
    try {
      localStorage.removeItem(`${this.key}:waiting`);
    } catch {
      // nothing was stored
    }
  }

  store() {
    this.keep("waiting", JSON.stringify(this.waiting));
  }

  /** What an earlier page could not send counts again. */
  recall() {
    try {
      const found = JSON.parse(this.kept("waiting") ?? "null");
      if (found?.changes) this.waiting = found;
    } catch {
      return;
    }
    for (const change of Object.values(this.waiting.changes)) {
      const number = String(this.numbers?.get(change.question) ?? "");
      const [is, on] = this.states.get(number) ?? [false, false];
      const said = change.response;
      if (number) this.states.set(number, [said ? Boolean((said.text ?? "").trim() || said.choice || said.rating) : is, change.flagged ?? on]);
      for (const link of this.links.get(number) ?? []) this.draw(link, number, .../** @type {[boolean, boolean]} */ (this.states.get(number)));
    }
  }

  /** Questions that were laid out: with what waits to be sent. @param {HTMLElement} chunk */
  laid(chunk) {
    for (const place of chunk.querySelectorAll("[data-question]")) {
      const change = this.waiting.changes[place.getAttribute("data-question") ?? ""];
      if (!(place instanceof HTMLElement) || !change) continue;
      if (change.response) this.fill(place, change.response);
      if (change.flagged !== undefined) this.flag(place, change.flagged);
    }
    for (const part of chunk.querySelectorAll(".part")) this.used(/** @type {HTMLElement} */ (part));
  }

  /** @param {HTMLElement} place @param {NonNullable<Change["response"]>} said */
  fill(place, said) {
    const value = said.text ?? said.choice ?? (said.rating ? String(said.rating) : "");
    for (const field of place.querySelectorAll(`${TEXTS}, input[type='radio'], select`)) {
      if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
      else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) field.value = value;
    }
  }

  /* ---- changes */

  /** @param {HTMLElement} place @returns {NonNullable<Change["response"]>} */
  said(place) {
    const kind = (place.dataset.question ?? "").split(".")[2];
    const radio = /** @type {HTMLInputElement | null} */ (place.querySelector("input[type='radio']:checked"));
    if (kind === "self") return radio ? { rating: Number(radio.value) } : {};
    if (kind === "typed" || kind === "points") return { text: /** @type {HTMLInputElement | null} */ (place.querySelector(TEXTS))?.value ?? "" };
    return { choice: radio?.value ?? /** @type {HTMLSelectElement | null} */ (place.querySelector("select"))?.value ?? "" };
  }

  /** @param {HTMLElement} place */
  answered(place) {
    const said = this.said(place);
    return Boolean((said.text ?? "").trim() || said.choice || said.rating) || place.querySelector(".marked") !== null;
  }

  /** Times of one page never go backwards, so the latest change is the latest. */
  stamp() {
    this.lastAt = Math.max(Date.now(), this.lastAt + 1);
    return this.lastAt;
  }

  /** @param {Event} event @param {number} after_ms */
  changed(event, after_ms) {
    const place = event.target instanceof Element ? event.target.closest("[data-question]") : null;
    if (!(place instanceof HTMLElement)) return;
    this.note(place, { response: this.said(place) }, after_ms);
    this.used(/** @type {HTMLElement | null} */ (place.closest(".part")));
  }

  /** @param {HTMLElement} place @param {Partial<Change>} what @param {number} after_ms */
  note(place, what, after_ms) {
    const question = place.dataset.question ?? "";
    this.waiting.changes[question] = { ...this.waiting.changes[question], ...what, question, at_ms: this.stamp() };
    this.store();
    this.count(place);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), after_ms);
  }

  /** A flag turns at once. @param {MouseEvent} event */
  pressed(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-does='flag']") : null;
    if (!(button instanceof HTMLElement)) return;
    event.preventDefault();
    const place = /** @type {HTMLElement | null} */ (button.closest(".part")?.querySelector("[data-question]"));
    if (!place) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    this.flag(place, on);
    this.note(place, { flagged: on }, 0);
  }

  /** @param {HTMLElement} place @param {boolean} on */
  flag(place, on) {
    const button = place.closest(".part")?.querySelector("[data-does='flag']");
    button?.setAttribute("aria-pressed", String(on));
    const words = button?.querySelector("[data-part='flag-words']");
    if (words) words.textContent = (on ? this.dataset.flagged : this.dataset.flag) ?? "";
  }

  /** Letters that are given already are said to be used. @param {HTMLElement | null} part */
  used(part) {
    const bank = part?.querySelector(".bank");
    if (!part || !bank) return;
    const given = new Set([...part.querySelectorAll("select")].map((field) => field.value));
    for (const line of bank.children) line.classList.toggle("used", given.has(line.querySelector(".key")?.textContent ?? " "));
  }

  /** How many are answered and flagged; of 500 only what changed is drawn. @param {HTMLElement} [one] */
  count(one) {
    if (one) this.look(one);
    let [done, flags] = [0, 0];
    for (const [is, on] of this.states.values()) {
      done += Number(is);
      flags += Number(on);
    }
    const of = this.data.ids.length;
    const shown = document.querySelector("[data-part='count']");
    const words = (shown?.getAttribute("data-of") ?? "").replace("%i", String(done)).replace("%n", String(of));
    if (shown && shown.textContent !== words) shown.textContent = words;
    const bar = document.querySelector("[data-part='progress']");
    if (bar instanceof HTMLProgressElement) bar.value = done;
    const rest = document.querySelector("[data-part='rest']");
    if (rest) rest.textContent = `${counted(this, "still", of - done)}, ${counted(this, "flags", flags)}`;
    this.status();
  }

  /** @param {HTMLElement} place */
  look(place) {
    const number = place.dataset.number ?? "";
    const part = place.closest(".part");
    const on = part?.querySelector("[data-does='flag']")?.getAttribute("aria-pressed") === "true" && part.querySelector("[data-question]") === place;
    const is = this.answered(place);
    const [was, wore] = this.states.get(number) ?? [];
    if (was === is && wore === on) return;
    this.states.set(number, [is, on]);
    for (const link of this.links.get(number) ?? []) this.draw(link, number, is, on);
  }

  /** @param {Element} link @param {string} number @param {boolean} is @param {boolean} on */
  draw(link, number, is, on) {
    link.classList.toggle("done", is);
    link.classList.toggle("flag", on);
    const words = ((is ? this.dataset.answered : this.dataset.open) ?? "").replace("%i", number);
    link.setAttribute("aria-label", on ? (this.dataset.andFlagged ?? "%s").replace("%s", words) : words);
  }

  status() {
    const waits = Object.keys(this.waiting.changes).length;
    const saved = document.querySelector("[data-part='saved']");
    if (saved) {
      const words = saved.getAttribute(waits && this.failures ? "data-waits" : waits ? "data-saving" : "data-saved") ?? "";
      if (saved.textContent !== words) saved.textContent = words;
    }
    this.say(this.failures ? waits : 0);
  }

  /** @param {number} waits */
  say(waits) {
    if (!waits && !(this.waiting.hand_in && this.failures)) {
      this.replaceChildren();
      return;
    }
    const bar = document.createElement("div");
    bar.className = "waiting";
    bar.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = (this.waiting.hand_in ? this.dataset.kept : counted(this, "wait", waits)) ?? "";
    const row = document.createElement("div");
    row.append(words);
    bar.append(row);
    this.replaceChildren(bar);
  }

  /* ---- sending */

  now() {
    this.failures = 0;
    void this.flush();
  }

  async flush() {
    if (this.sending || this.going) return;
    const sent = { ...this.waiting.changes };
    const [handing, left] = [this.waiting.hand_in === true, this.waiting.left ?? 0];
    if (!Object.keys(sent).length && !handing && !left) return;
    this.sending = true;
    clearTimeout(this.retry);
    try {
      const told = await post(this.dataset.paper ?? "", { sent_ms: Date.now(), changes: Object.values(sent), hand_in: handing, left }, { signal: AbortSignal.timeout(15_000) });
      for (const [question, change] of Object.entries(sent)) if (this.waiting.changes[question]?.at_ms === change.at_ms) delete this.waiting.changes[question];
      this.waiting.left = Math.max(0, (this.waiting.left ?? 0) - left);
      this.failures = 0;
      this.store();
      if (told.late) toast(this.dataset.late ?? "");
      if (told.handed) {
        if (this.data.sounds) tone("end");
        this.leave();
        return;
      }
      if (told.left_ms !== null) this.endsAt = Date.now() + told.left_ms;
    } catch (error) {
      this.failures += 1;
      if (error instanceof Refused && error.status < 500 && error.status !== 403 && error.status !== 401 && error.status !== 429) {
        this.leave(); // the page is no longer what the server has
        return;
      }
      this.retry = setTimeout(() => void this.flush(), WAITS_MS[Math.min(this.failures, WAITS_MS.length) - 1]);
    } finally {
      this.sending = false;
      this.status();
    }
    if (!this.failures && (Object.keys(this.waiting.changes).length || this.waiting.hand_in)) void this.flush();
  }

  /** To the marks. */
  leave() {
    this.going = true;
    this.forget();
    setTimeout(() => location.replace(this.dataset.here ?? location.pathname), sounding());
  }

  /** The page goes: what was not sent yet is sent without waiting; what fails stands in the storage. */
  lastWord() {
    const changes = Object.values(this.waiting.changes);
    if (!changes.length || this.going) return;
    void post(this.dataset.paper ?? "", { sent_ms: Date.now(), changes, left: 0 }, { keepalive: JSON.stringify(changes).length < 50_000 }).catch(() => undefined);
  }

  /** @param {SubmitEvent} event */
  submitted(event) {
    const does = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "";
    if (does !== "hand_in") {
      if (does.startsWith("check-") || does === "stop" || does === "go_on") {
        this.going = true; // the form brings everything along
        this.waiting.changes = {};
        this.store();
      }
      return;
    }
    event.preventDefault();
    this.handIn();
  }

  handIn() {
    clearTimeout(this.timer);
    this.waiting.hand_in = true;
    this.store();
    if (this.sending) return; // it looks again when it is done
    void this.flush();
  }

  away() {
    if (document.visibilityState === "visible") this.now();
    else if (this.data.exam && !this.going) {
      this.waiting.left = (this.waiting.left ?? 0) + 1;
      this.store();
    }
  }
}
