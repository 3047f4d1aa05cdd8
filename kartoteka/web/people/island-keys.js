/**
 * A field that takes the next key that is pressed as its value. Tab, Enter and Escape do what they always do.
 *
 *     <k-key data-press="Press a key"><input value="S"><button type="button" hidden>Change</button></k-key>
 */

import { composing } from "look/base.js";

const ARROWS = /** @type {Record<string, string>} */ ({ ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "Space" });
const ALWAYS = new Set(["Tab", "Enter", "Escape", "Shift", "Control", "Alt", "Meta", "CapsLock", "Dead", "Process", "Unidentified"]);

class Key extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    const button = this.querySelector("button");
    if (!field || !button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = "";
      field.placeholder = this.dataset.press ?? "";
      field.focus();
    });
    field.addEventListener("blur", () => {
      field.value ||= field.defaultValue;
    });
    field.addEventListener("keydown", (event) => {
      if (composing(event) || event.ctrlKey || event.metaKey || event.altKey || ALWAYS.has(event.key)) return;
      event.preventDefault();
      field.value = ARROWS[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
    });
  }
}

customElements.define("k-key", Key);
