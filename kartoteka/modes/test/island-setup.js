/**
 * The sheet before a test: what it would be is shown anew at every change.
 *
 *   <form id="setup"> … <div data-part="preview"> … <k-test-setup></k-test-setup>
 */

import { onKeys } from "look/base.js";

const SOON_MS = 250;
const PARTS = ["preview", "kinds", "numbers"];

class Setup extends HTMLElement {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  asked = 0;

  connectedCallback() {
    const form = /** @type {HTMLFormElement | null} */ (document.getElementById("setup"));
    if (!form) return;
    form.addEventListener("input", (event) => {
      const field = event.target;
      if (field instanceof HTMLInputElement && field.name === "n" && form.elements.namedItem("other") instanceof HTMLInputElement) {
        /** @type {HTMLInputElement} */ (form.elements.namedItem("other")).value = "";
      }
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.refresh(form), SOON_MS);
    });
    onKeys({ Enter: () => /** @type {HTMLElement | null} */ (document.querySelector("[data-enter]"))?.click() });
  }

  /** @param {HTMLFormElement} form */
  async refresh(form) {
    const asked = ++this.asked;
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "csrfmiddlewaretoken") params.append(name, value);
    try {
      const answer = await fetch(`${location.pathname}?${params}`, { headers: { Accept: "text/html" } });
      if (!answer.ok || asked !== this.asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const name of PARTS) this.swap(name, page);
    } catch {
      // Without a connection the sheet stays as it is; starting says what is wrong.
    }
  }

  /** What is in focus stays in focus. @param {string} name @param {Document} page */
  swap(name, page) {
    const [here, there] = [document.querySelector(`[data-part="${name}"]`), page.querySelector(`[data-part="${name}"]`)];
    if (!here || !there || here.isEqualNode(there)) return;
    const held = document.activeElement;
    const focus = held instanceof HTMLInputElement && here.contains(held) ? held : null;
    if (focus && focus.type === "number") return;
    here.replaceWith(there);
    if (!focus) return;
    const again = /** @type {HTMLElement | null} */ (there.querySelector(`input[name="${focus.name}"][value="${CSS.escape(focus.value)}"]`));
    again?.focus({ preventScroll: true });
  }
}

customElements.define("k-test-setup", Setup);
