/** An open card: its rich fields, saved a moment after one stops writing, and kept in the browser until then. */

import { post, Refused } from "look/base.js";
import { Rich } from "web/library/island-rich.js";

/** @typedef {import("web/library/island.js").Editor} Editor */

const PAUSE_MS = 900;
const AGAIN_MS = 4000;
const DRAFT = "kartoteka-draft:";

export class Card {
  dirty = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;
  /** @type {Promise<boolean> | null} */
  #sending = null;
  /** @type {{ version: number, theirs: Record<string, string> } | null} */
  #told = null;

  /** @param {HTMLLIElement} li @param {Editor} editor */
  constructor(li, editor) {
    this.li = li;
    this.editor = editor;
    this.form = /** @type {HTMLFormElement} */ (li.querySelector("form[data-form]"));
    this.address = this.form.action;
    this.version = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("version")).value;
    const house = {
      files: editor.dataset.files ?? "",
      alt: editor.dataset.alt ?? "",
      altEmpty: editor.dataset.altEmpty ?? "",
      changed: () => this.#changed(),
      refused: (/** @type {string} */ sentence) => this.#wrong(sentence),
    };
    /** @type {Record<string, Rich>} */
    this.sides = {};
    for (const place of li.querySelectorAll("[data-rich]")) {
      if (place instanceof HTMLElement) this.sides[place.dataset.rich ?? ""] = new Rich(place, /** @type {HTMLTemplateElement} */ (editor.tools), house);
    }
    for (const part of li.querySelectorAll(".only-plain")) part.remove();
    this.#remembers();
  }

  /** @param {string} side */
  focus(side) {
    (this.sides[side] ?? this.sides.term)?.focus();
  }

  /** Where a warning of the open card is mended: a picture without words, else the side it speaks of. @param {string} [side] */
  mend(side) {
    const wordless = [.../** @type {NodeListOf<HTMLTextAreaElement>} */ (this.li.querySelectorAll(".alts textarea"))].find((input) => !input.value.trim());
    const empty = ["term", "definition"].find((each) => !this.sides[each].html);
    if (wordless) wordless.focus();
    else this.focus(side ?? empty ?? "definition");
  }

  get empty() {
    return !Object.values(this.sides).some((field) => field.html);
  }

  ends() {
    clearTimeout(this.#soon);
  }

  #changed() {
    this.dirty = true;
    try {
      localStorage.setItem(DRAFT + this.address, JSON.stringify({ version: this.version, ...this.#written() }));
    } catch {
      // a full or closed store: what is written is still on the page
    }
    if (this.#told) return; // saved when one has chosen
    this.#later(PAUSE_MS);
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.save(), ms);
  }

  #written() {
    return Object.fromEntries(Object.entries(this.sides).map(([side, field]) => [side, field.html]));
  }

  /** What was not saved when the page was left stands in the fields again; its version says whether somebody changed the card since. */
  #remembers() {
    let draft;
    try {
      draft = JSON.parse(localStorage.getItem(DRAFT + this.address) ?? "null");
    } catch {
      return;
    }
    if (!draft) return;
    const now = this.#written();
    if (Object.entries(now).every(([side, html]) => (draft[side] ?? html) === html)) return this.#forgets();
    this.version = draft.version;
    for (const [side, field] of Object.entries(this.sides)) field.html = draft[side] ?? field.html;
    this.#changed();
  }

  #forgets() {
    try {
      localStorage.removeItem(DRAFT + this.address);
    } catch {
      // nothing was kept
    }
  }

  /** Saves what was written; `false` where it is not saved. @param {boolean} [leaving] @returns {Promise<boolean>} */
  async save(leaving = false) {
    clearTimeout(this.#soon);
    if (this.#sending) await this.#sending;
    if (!this.dirty) return true;
    if (this.#told) return false;
    this.#sending = this.#send(leaving);
    const kept = await this.#sending;
    this.#sending = null;
    return kept && (this.dirty ? this.save(leaving) : true);
  }

  /** @param {boolean} leaving */
  async #send(leaving) {
    const form = new FormData();
    const written = this.#written();
    for (const [name, value] of Object.entries({ ...written, version: this.version, rich: "1" })) form.append(name, value);
    this.dirty = false;
    this.editor.says("saving");
    try {
      const answer = await post(this.address, form, leaving ? { keepalive: true } : {});
      this.#kept(answer, written);
      return true;
    } catch (error) {
      this.dirty = true;
      return this.#failed(error);
    }
  }

  /** @param {any} answer @param {Record<string, string>} written */
  #kept(answer, written) {
    const now = this.#written();
    if (Object.entries(now).every(([side, html]) => written[side] === html)) this.#forgets();
    this.editor.says("saved", answer.saved);
    this.#wrong("");
    if (!answer.id) return; // an empty new card
    this.version = String(answer.version);
    if (!this.li.dataset.card) this.#born(answer);
    for (const place of this.li.querySelectorAll("[data-looks]")) {
      const looks = answer.looks[place.getAttribute("data-looks") ?? ""] ?? "";
      if (place instanceof HTMLElement) place.hidden = !looks;
      place.innerHTML = looks;
    }
    const warnings = this.li.querySelector("[data-warnings]");
    if (warnings) warnings.innerHTML = answer.warnings;
  }

  /** A new card has its own address from its first saving on. @param {any} answer */
  #born(answer) {
    this.#forgets();
    this.li.dataset.card = this.address = answer.address;
    this.li.id = `card-${answer.id.replaceAll("-", "")}`;
    const number = this.li.querySelector(".no span");
    if (number) number.textContent = String(answer.number);
    this.editor.counted(answer.total);
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof Refused && error.status === 409) {
      this.#told = { version: error.data.version, theirs: error.data.theirs };
      const place = this.li.querySelector("[data-conflict-place]");
      if (place) place.innerHTML = error.data.html;
      place?.scrollIntoView({ block: "nearest" });
      this.editor.says("waiting");
    } else if (error instanceof Refused && error.message && error.status !== 503) {
      this.#wrong(error.message);
      this.editor.says("waiting");
    } else {
      this.editor.says("waiting");
      this.#later(AGAIN_MS);
    }
    return false;
  }

  keepMine() {
    if (!this.#told) return;
    this.version = String(this.#told.version);
    this.#chosen();
    this.dirty = true;
    void this.save();
  }

  keepTheirs() {
    if (!this.#told) return;
    this.version = String(this.#told.version);
    for (const [side, field] of Object.entries(this.sides)) field.html = this.#told.theirs[side] ?? "";
    this.dirty = false;
    this.#forgets();
    this.#chosen();
    this.editor.says("saved", new Date().toTimeString().slice(0, 5));
  }

  #chosen() {
    this.#told = null;
    this.li.querySelector("[data-conflict-place]")?.replaceChildren();
    this.focus("definition");
  }

  /** @param {string} sentence */
  #wrong(sentence) {
    const place = this.form.querySelector("[data-wrong]");
    if (!(place instanceof HTMLElement)) return;
    place.hidden = !sentence;
    const words = place.querySelector("span");
    if (words) words.textContent = sentence;
  }
}
