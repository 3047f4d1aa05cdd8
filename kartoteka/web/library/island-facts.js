/** What is said of a set saves itself: title, description, tags as chips, who sees it, languages, licence. */

import { composing, post, Refused } from "look/base.js";

/** @typedef {import("web/library/island.js").Editor} Editor */

const PAUSE_MS = 900;
const AGAIN_MS = 4000;

export class Facts {
  dirty = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;
  #told = false;

  /** @param {HTMLFormElement} form @param {Editor} editor */
  constructor(form, editor) {
    this.form = form;
    this.editor = editor;
    this.tags = new Tags(/** @type {HTMLElement} */ (form.querySelector("[data-tags]")), editor.dataset.removeTag ?? "", () => this.#changed(0));
    form.addEventListener("input", (event) => {
      if (event.target instanceof Element && !event.target.closest("[data-tags]")) this.#changed(PAUSE_MS);
    });
    form.addEventListener("change", () => this.dirty && this.#changed(0));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#changed(0);
    });
    form.querySelector("[data-keep-mine]")?.addEventListener("click", () => this.#chosen());
    form.querySelector("[data-keep-theirs]")?.addEventListener("click", () => this.#takeTheirs());
  }

  /** @param {number} ms */
  #changed(ms) {
    this.dirty = true;
    clearTimeout(this.#soon);
    if (!this.#told) this.#soon = setTimeout(() => void this.#save(), ms);
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  async #save() {
    this.dirty = false;
    this.editor.says("saving");
    try {
      const answer = await post(this.form.action, new FormData(this.form));
      this.#field("version").value = String(answer.version);
      const title = this.editor.querySelector("[data-title]");
      if (title) title.textContent = answer.title;
      const who = this.form.querySelector("[data-who]");
      if (who && who.textContent !== answer.who) who.textContent = answer.who;
      this.#shows("");
      this.editor.says("saved", answer.saved);
    } catch (error) {
      this.dirty = true;
      this.#failed(error);
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    this.editor.says("waiting");
    if (error instanceof Refused && error.status === 409) {
      this.#told = true;
      this.theirs = error.data.theirs;
      this.#field("version").value = String(error.data.version);
      this.#shows(error.message, true);
    } else if (error instanceof Refused && error.message && error.status !== 503) this.#shows(error.message);
    else this.#soon = setTimeout(() => void this.#save(), AGAIN_MS);
  }

  /** @param {string} sentence @param {boolean} [both] */
  #shows(sentence, both = false) {
    const place = /** @type {HTMLElement} */ (this.form.querySelector("[data-wrong]"));
    place.hidden = !sentence;
    /** @type {HTMLElement} */ (place.querySelector("p")).textContent = sentence;
    for (const part of place.querySelectorAll("[data-there], [data-there-choice]")) if (part instanceof HTMLElement) part.hidden = !both;
    for (const name of both ? ["title", "description", "tags"] : []) {
      const words = place.querySelector(`[data-there-${name}]`);
      if (words) words.textContent = this.theirs?.[name] ?? "";
    }
  }

  #chosen() {
    this.#told = false;
    this.#shows("");
    this.#changed(0);
  }

  #takeTheirs() {
    this.#told = false;
    this.dirty = false;
    this.#field("title").value = this.theirs?.title ?? "";
    this.#field("description").value = this.theirs?.description ?? "";
    this.tags.value = this.theirs?.tags ?? "";
    this.#shows("");
    this.editor.says("saved", new Date().toTimeString().slice(0, 5));
  }
}

/** Tags as chips; the form still sends them as one field with commas. */
class Tags {
  /** @param {HTMLElement} place @param {string} remove @param {() => void} changed */
  constructor(place, remove, changed) {
    this.remove = remove;
    this.changed = changed;
    this.sent = /** @type {HTMLInputElement} */ (place.querySelector("input"));
    this.typed = document.createElement("input");
    this.typed.id = this.sent.id;
    this.typed.autocomplete = "off";
    this.typed.setAttribute("aria-describedby", this.sent.getAttribute("aria-describedby") ?? "");
    this.sent.type = "hidden";
    this.sent.removeAttribute("id");
    this.box = document.createElement("div");
    this.box.className = "tagbox";
    place.replaceChildren(this.sent, this.box);
    this.#draw();
    this.typed.addEventListener("keydown", (event) => {
      if (composing(event)) return;
      if (event.key === "Enter" || event.key === ",") {
        event.preventDefault();
        this.#ends();
      } else if (event.key === "Backspace" && !this.typed.value && this.list.length) this.#set(this.list.slice(0, -1));
    });
    this.typed.addEventListener("blur", () => this.#ends());
  }

  get list() {
    return this.sent.value.split(",").map((tag) => tag.trim()).filter(Boolean);
  }

  /** @param {string} value */
  set value(value) {
    this.sent.value = value;
    this.#draw();
  }

  #ends() {
    const tags = this.typed.value.split(",").map((tag) => tag.trim().replace(/^#/, "")).filter(Boolean);
    this.typed.value = "";
    if (tags.length) this.#set([...new Set([...this.list, ...tags])]);
  }

  /** @param {string[]} tags */
  #set(tags) {
    this.sent.value = tags.join(", ");
    this.#draw();
    this.typed.focus();
    this.changed();
  }

  #draw() {
    const close = /** @type {HTMLTemplateElement} */ (document.querySelector("template[data-cross]"));
    const chips = this.list.map((tag) => {
      const chip = document.createElement("span");
      chip.className = "chip";
      chip.dir = "auto";
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", this.remove.replace("{tag}", tag));
      button.append(close.content.cloneNode(true));
      button.addEventListener("click", () => this.#set(this.list.filter((other) => other !== tag)));
      chip.append(tag, button);
      return chip;
    });
    this.box.replaceChildren(...chips, this.typed);
  }
}
