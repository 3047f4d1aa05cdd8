/**
 * A paper while it is written on: saved at every change, first on this device and then on the server; the index, the flags and the clock follow.
 *
 *   <form id="paper"> … [data-question="0.…"] … </form>  <k-test data-paper="/sittings/…/paper/" data-here="/sittings/…/" data-wait-1="1 answer waits …" …></k-test>
 *
 * Nothing is marked here. What the server has not said it has stays in this browser's storage, also over a reload; a test handed in without a
 * connection is handed in when it is back.
 */

import { onKeys, post, Refused, toast } from "look/base.js";
import { counted } from "look/counted.js";

/** @typedef {{question: string, at_ms: number, response?: {text?: string, choice?: string, rating?: number}, flagged?: boolean}} Change */
/** @typedef {{changes: Record<string, Change>, hand_in?: boolean, left?: number}} Waiting */

const TEXTS = "input[type='text'], textarea";
const TYPED_MS = 700; // after the last key
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
const SOON_MS = 60_000;
const SMALL = "(max-width: 47.99rem)";

class Test extends HTMLElement {
  /** @type {any} */ data = {};
  /** @type {Waiting} */ waiting = { changes: {} };
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ retry;
  /** @type {Map<string, [boolean, boolean]>} */ states = new Map(); // number → answered, flagged
  /** @type {Map<string, Element[]>} */ links = new Map();
  /** @type {HTMLElement | undefined} */ now_at;
  failures = 0;
  sending = false;
  lastAt = 0;
  endsAt = 0;
  going = false;

  connectedCallback() {
    const form = /** @type {HTMLFormElement | null} */ (document.getElementById("paper"));
    if (!form) return;
    this.form = form;
    this.data = JSON.parse(document.getElementById("test-data")?.textContent ?? "{}");
    this.key = `k-test:${this.data.sitting}`;
    this.parts = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-part='question']")]);
    this.places = new Map([...document.querySelectorAll("[data-question]")].map((place) => [place.getAttribute("data-question") ?? "", /** @type {HTMLElement} */ (place)]));
    this.indexed();
    this.recall();
    form.addEventListener("input", (event) => this.changed(event, TYPED_MS));
    form.addEventListener("change", (event) => this.changed(event, 0));
    form.addEventListener("click", (event) => this.pressed(event));
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("keydown", (event) => this.stays(event));
    window.addEventListener("online", () => this.now());
    window.addEventListener("pagehide", () => this.lastWord());
    document.addEventListener("visibilitychange", () => this.away());
    document.addEventListener("click", (event) => this.outside(event));
    document.addEventListener("focusin", (event) => this.focused(event));
    this.keys();
    this.view(this.kept("view") ?? (matchMedia(SMALL).matches ? "one" : "all"));
    this.clock();
    this.used();
    if (!this.data.stopped) this.count();
    if (Object.keys(this.waiting.changes).length || this.waiting.hand_in || this.waiting.left) void this.flush();
  }

  /** The links of the index by their number; again when the sheet with a second index was opened. */
  indexed() {
    this.links = new Map();
    for (const link of document.querySelectorAll(".qi a")) {
      const number = link.getAttribute("data-number") ?? "";
      this.links.set(number, [...(this.links.get(number) ?? []), link]);
    }
  }

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

  /** What an earlier page could not send stands here again. */
  recall() {
    try {
      const found = JSON.parse(this.kept("waiting") ?? "null");
      if (found?.changes) this.waiting = found;
    } catch {
      return;
    }
    for (const change of Object.values(this.waiting.changes)) {
      const place = this.places?.get(change.question);
      if (!place) continue;
      if (change.response) this.fill(place, change.response);
      if (change.flagged !== undefined) this.flag(place, change.flagged);
    }
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

  /** Letters that are given already are said to be used. @param {HTMLElement | null} [only] */
  used(only) {
    for (const part of only ? [only] : (this.parts ?? [])) {
      const bank = part.querySelector(".bank");
      if (!bank) continue;
      const given = new Set([...part.querySelectorAll("select")].map((field) => field.value));
      for (const line of bank.children) line.classList.toggle("used", given.has(line.querySelector(".key")?.textContent ?? " "));
    }
  }

  /** Looks at one question, or at all: of 500 only what changed is drawn. @param {HTMLElement} [one] */
  count(one) {
    for (const place of one ? [one] : (this.places?.values() ?? [])) this.look(place);
    let [done, flags] = [0, 0];
    for (const [is, on] of this.states.values()) {
      done += Number(is);
      flags += Number(on);
    }
    const of = this.places?.size ?? 0;
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
    location.replace(this.dataset.here ?? location.pathname);
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

  /* ---- the clock */

  clock() {
    if (this.data.left_ms === null || this.data.stopped) return;
    this.endsAt = Date.now() + this.data.left_ms;
    const face = document.querySelector("[data-part='clock']");
    const tick = () => {
      const left = Math.max(0, this.endsAt - Date.now());
      if (face) {
        const seconds = Math.ceil(left / 1000);
        face.textContent = (this.dataset.min ?? "%s").replace("%s", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
        face.classList.toggle("soon", left < SOON_MS);
      }
      if (left > 0) setTimeout(tick, Math.min(1000, left));
      else if (!this.going) this.handIn();
    };
    tick();
  }

  /* ---- where one is */

  here() {
    return this.now_at ?? this.parts?.[0];
  }

  /** @param {HTMLElement | undefined} part @param {boolean} [focus] */
  at(part, focus = false) {
    if (!part) return;
    if (part !== this.now_at) {
      if (this.now_at) this.mark(this.now_at, false);
      this.now_at = part;
      this.mark(part, true);
    }
    if (focus) {
      part.focus({ preventScroll: true });
      part.scrollIntoView({ block: "start" });
    }
  }

  /** @param {HTMLElement} part @param {boolean} on */
  mark(part, on) {
    part.classList.toggle("is-here", on);
    for (const place of part.querySelectorAll("[data-number]")) {
      for (const link of this.links.get(place.getAttribute("data-number") ?? "") ?? []) {
        if (on) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }

  /** @param {FocusEvent} event */
  focused(event) {
    const part = event.target instanceof Element ? event.target.closest("[data-part='question']") : null;
    if (part instanceof HTMLElement) this.at(part);
  }

  /** @param {number} step */
  go(step) {
    /** @type {HTMLElement[]} */
    const parts = this.parts ?? [];
    const here = this.here();
    this.at(parts[Math.min(parts.length - 1, Math.max(0, (here ? parts.indexOf(here) : 0) + step))], true);
  }

  /** @param {string} name */
  view(name) {
    const main = document.querySelector("main.testpage");
    main?.setAttribute("data-view", name);
    document.querySelector("[data-does='view']")?.setAttribute("aria-pressed", String(name === "one"));
    const asked = document.getElementById(location.hash.slice(1))?.closest("[data-part='question']");
    this.at(asked instanceof HTMLElement ? asked : this.here());
  }

  /** @param {MouseEvent} event */
  outside(event) {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest(".qi a");
    if (link) {
      const place = [...(this.places?.values() ?? [])].find((one) => one.dataset.number === link.getAttribute("data-number"));
      event.preventDefault();
      document.querySelectorAll("dialog[open]").forEach((dialog) => /** @type {HTMLDialogElement} */ (dialog).close());
      this.at(/** @type {HTMLElement | undefined} */ (place?.closest("[data-part='question']") ?? undefined), true);
      return;
    }
    if (target?.closest("[data-opens='index']")) {
      const [list, box] = [document.querySelector("[data-part='index']"), document.querySelector("[data-part='index-here']")];
      if (list && box) box.replaceChildren(list.cloneNode(true));
      this.indexed();
    }
    if (target?.closest("[data-does='next']")) this.go(1);
    if (target?.closest("[data-does='back']")) this.go(-1);
    if (target?.closest("[data-does='view']")) {
      const next = document.querySelector("main.testpage")?.getAttribute("data-view") === "one" ? "all" : "one";
      this.keep("view", next);
      this.view(next);
    }
  }

  /** Enter in a line goes on to the next question, and never hands in. @param {KeyboardEvent} event */
  stays(event) {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    if (event.target instanceof HTMLInputElement) {
      event.preventDefault();
      this.go(1);
    }
  }

  keys() {
    /** @param {number} place */
    const choose = (place) => {
      const field = this.here()?.querySelectorAll("input[type='radio']")[place];
      if (!(field instanceof HTMLInputElement)) return false;
      field.checked = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    };
    /** @param {string} value */
    const claim = (value) => {
      const fields = [...(this.here()?.querySelectorAll("input[type='radio']") ?? [])];
      const place = fields.findIndex((field) => field instanceof HTMLInputElement && field.value === value);
      return place >= 0 && choose(place);
    };
    /** @type {Record<string, (event: KeyboardEvent) => void | boolean>} */
    const map = {
      ArrowRight: () => this.go(1),
      ArrowLeft: () => this.go(-1),
      "Mod+Enter": () => this.go(1),
      t: () => claim("true"),
      f: () => claim("false"),
      g: () => /** @type {HTMLElement | null | undefined} */ (this.here()?.querySelector("[data-does='flag']"))?.click(),
    };
    for (let place = 0; place < 9; place++) map[String(place + 1)] = () => choose(place);
    onKeys(map);
  }
}

customElements.define("k-test", Test);
