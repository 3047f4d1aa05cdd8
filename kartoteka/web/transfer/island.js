/**
 * The paste box and the preview, made pleasant. Both work without this as plain forms.
 *
 * <k-paste data-most="50000000" data-large="This file is larger …"><form>… textarea, input[type=file] …</form></k-paste>
 *   A chosen or dropped file is sent at once; one that is too large is refused before it travels.
 *
 * <k-proposal data-form="decide">… [data-again] selects, input[name=keep] …</k-proposal>
 *   A changed switch shows the cards again; the button counts what is ticked.
 *
 * <k-working>… [data-part="how-far"] …</k-working>
 *   What is read or kept in the background, seen as it goes.
 */

import { figures } from "look/counted.js";

class Paste extends HTMLElement {
  connectedCallback() {
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    const file = /** @type {HTMLInputElement} */ (form.elements.namedItem("file"));
    file.addEventListener("change", () => this.#send(form, file));
    this.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
    this.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      file.files = event.dataTransfer.files;
      this.#send(form, file);
    });
    const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
    });
  }

  /** @param {HTMLFormElement} form @param {HTMLInputElement} file */
  #send(form, file) {
    const chosen = file.files?.[0];
    if (!chosen) return;
    if (chosen.size > Number(this.dataset.most)) {
      const wrong = /** @type {HTMLElement} */ (this.querySelector("#paste-wrong"));
      /** @type {HTMLElement} */ (wrong.querySelector("span")).textContent = this.dataset.large ?? "";
      wrong.hidden = false;
      file.value = "";
      return;
    }
    form.requestSubmit();
  }
}

class Proposal extends HTMLElement {
  connectedCallback() {
    const form = /** @type {HTMLFormElement} */ (document.getElementById(this.dataset.form ?? ""));
    for (const plain of this.querySelectorAll(".only-plain")) plain.remove();
    for (const select of this.querySelectorAll("[data-again]")) select.addEventListener("change", () => this.#again(form));
    form.ownerDocument.addEventListener("change", (event) => {
      const name = event.target instanceof HTMLInputElement ? event.target.name : "";
      if (name === "keep" || name.startsWith("take.")) this.#count();
    });
  }

  /** @param {HTMLFormElement} form */
  #again(form) {
    form.action = location.pathname;
    form.submit();
  }

  /** The button's number is what the server counted, less what was unticked since. */
  #count() {
    const button = document.getElementById("keep");
    if (!button?.dataset.kept) return;
    let kept = Number(button.dataset.kept);
    for (const box of document.querySelectorAll('input[name="keep"]')) {
      const { checked, defaultChecked } = /** @type {HTMLInputElement} */ (box);
      kept += Number(checked) - Number(defaultChecked);
    }
    for (const radio of document.querySelectorAll('input[name^="take."][value="new"]')) {
      const { checked, defaultChecked } = /** @type {HTMLInputElement} */ (radio);
      kept += Number(checked) - Number(defaultChecked);
    }
    const form = new Intl.PluralRules(document.documentElement.lang).select(kept);
    const words = button.dataset[form] ?? button.dataset.other ?? "";
    button.textContent = words.replace("%n", figures(kept));
  }
}

/** Looks again every second how far the work is; when the page is another one, it goes there. */
class Working extends HTMLElement {
  /** @type {number | undefined} */ #timer;

  connectedCallback() {
    for (const plain of this.querySelectorAll(".only-plain")) plain.remove();
    this.#timer = setTimeout(() => this.#look(), 1000);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async #look() {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" }).catch(() => null);
    const page = response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
    const there = page?.querySelector("k-working [data-part='how-far']");
    if (response && !there) return location.reload(); // it is done: the address leads on
    const here = /** @type {HTMLElement} */ (this.querySelector("[data-part='how-far']"));
    if (there && here.innerHTML !== there.innerHTML) here.replaceChildren(...there.childNodes);
    this.#timer = setTimeout(() => this.#look(), 1000);
  }
}

customElements.define("k-working", Working);
customElements.define("k-paste", Paste);
customElements.define("k-proposal", Proposal);
