/**
 * Ends, pauses and homes: Enter goes on by the filled button (with `data-any` any key does), U undoes, stars keep themselves.
 *
 *   <k-study-end data-any></k-study-end>
 */

import { composing, onKeys, post, writes } from "look/base.js";

const HANDS_OFF_MS = 250; // a key still held from the last card is not meant for this page

class StudyEnd extends HTMLElement {
  connectedCallback() {
    const since = performance.now();
    const go = () => {
      if (performance.now() - since < HANDS_OFF_MS) return false;
      const button = document.querySelector(".b.go");
      if (!(button instanceof HTMLElement)) return false;
      button.click();
    };
    onKeys({ Enter: go, ...(this.dataset.any === undefined ? {} : { Space: go }), u: () => this.undo(), "Mod+z": () => this.undo() });
    if (this.dataset.any !== undefined) document.addEventListener("keydown", (event) => this.any(event, go));
    document.addEventListener("submit", (event) => this.star(event));
  }

  /** Any key goes on, but for those that mean something else. @param {KeyboardEvent} event @param {() => boolean | void} go */
  any(event, go) {
    if (event.defaultPrevented || event.repeat || composing(event) || writes(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || document.querySelector("dialog[open]")) return;
    if (event.key.length === 1 && !"uU?".includes(event.key) && event.key !== " ") go();
    if (event.key === "ArrowRight") go();
  }

  undo() {
    const form = document.getElementById("undo");
    if (!(form instanceof HTMLFormElement)) return false;
    form.submit();
  }

  /** @param {Event} event */
  star(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.dataset.does !== "star-of") return;
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    const starred = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(starred));
    const card = /** @type {HTMLInputElement} */ (form.elements.namedItem("of")).value;
    void post("/api/v1/marks", { card, starred }).catch(() => button.setAttribute("aria-pressed", String(!starred)));
  }
}

customElements.define("k-study-end", StudyEnd);
