/**
 * A paper while it is written on: saved at every change, first on this device and then on the server; the index, the flags and the clock follow.
 *
 *   <form id="paper"> … [data-question="0.…"] … </form>  <k-test data-paper="/sittings/…/paper/" data-here="/sittings/…/" data-wait-1="1 answer waits …" …></k-test>
 *
 * Of many questions only those near are laid out (`modes/island-chunks.js`). Nothing is marked here. What the server has not said it has stays in this browser's storage, also over a reload; a test handed in without a
 * connection is handed in when it is back.
 */

import { onKeys } from "look/base.js";
import { Chunks } from "modes/island-chunks.js";
import { tone } from "modes/island-tones.js";
import { Paper } from "modes/test/island-paper.js";

const TYPED_MS = 700; // after the last key
const SOON_MS = 60_000;
const SMALL = "(max-width: 47.99rem)";

class Test extends Paper {
  connectedCallback() {
    const form = /** @type {HTMLFormElement | null} */ (document.getElementById("paper"));
    if (!form) return;
    this.form = form;
    this.data = JSON.parse(document.getElementById("test-data")?.textContent ?? "{}");
    this.key = `k-test:${this.data.sitting}`;
    this.numbers = new Map(this.data.ids.map((/** @type {string} */ id, /** @type {number} */ i) => [id, i + 1]));
    this.indexed();
    for (const [number, [link]] of this.links) this.states.set(number, [link.classList.contains("done"), link.classList.contains("flag")]);
    this.recall();
    this.chunks = new Chunks(form, { className: "stack s5 chunk", filled: (chunk) => this.laid(chunk) });
    for (const chunk of form.querySelectorAll(".chunk")) this.laid(/** @type {HTMLElement} */ (chunk));
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
    if (this.data.sounds) this.rings();
    if (!this.data.stopped) this.count();
    if (Object.keys(this.waiting.changes).length || this.waiting.hand_in || this.waiting.left) void this.flush();
  }

  /** The question that was checked a moment ago: how it went. */
  rings() {
    const [came] = performance.getEntriesByType("navigation");
    const mark = document.getElementById(location.hash.slice(1))?.querySelector(".marked > .v");
    if (mark && /** @type {PerformanceNavigationTiming} */ (came).type === "navigate") for (const name of /** @type {const} */ (["right", "wrong"])) if (mark.classList.contains(name)) tone(name);
  }

  /** The links of the index by their number. */
  indexed() {
    this.links = new Map();
    for (const link of document.querySelectorAll(".qi a")) {
      const number = link.getAttribute("data-number") ?? "";
      this.links.set(number, [...(this.links.get(number) ?? []), link]);
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
    return this.now_at ?? /** @type {HTMLElement | null} */ (this.form?.querySelector(".part")) ?? undefined;
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
    const here = this.here();
    if (here) this.at(this.chunks?.beside(here, step), true);
  }

  /** @param {string} name */
  view(name) {
    const main = document.querySelector("main.testpage");
    main?.setAttribute("data-view", name);
    document.querySelector("[data-does='view']")?.setAttribute("aria-pressed", String(name === "one"));
    const asked = this.partOf(location.hash.slice(2));
    this.at(asked ?? this.here());
  }

  /** The part that a number stands on, laid out. @param {string} number @returns {HTMLElement | undefined} */
  partOf(number) {
    if (!/^\d+$/.test(number)) return undefined;
    this.chunks?.of(Number(number));
    return this.form?.querySelector(`[data-number="${number}"]`)?.closest(".part") ?? undefined;
  }

  /** @param {MouseEvent} event */
  outside(event) {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest(".qi a");
    if (link) {
      event.preventDefault();
      document.querySelectorAll("dialog[open]").forEach((dialog) => /** @type {HTMLDialogElement} */ (dialog).close());
      this.at(this.partOf(link.getAttribute("data-number") ?? ""), true);
      return;
    }
    if (target?.closest("[data-opens='index']")) {
      const [list, box] = [document.querySelector("[data-part='index']"), document.querySelector("[data-part='index-here']")];
      if (list && box && !box.contains(list)) {
        box.append(list);
        box.closest("dialog")?.addEventListener("close", () => document.querySelector(".cols-r")?.prepend(list), { once: true });
      }
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
