/**
 * The editor, made pleasant: cards open in place, save themselves and say so, move by keys or by hand. Every form works without it.
 *
 *   <k-editor data-cards="/sets/…/cards/" data-files="/sets/…/files/" data-saved="Saved, {time}" …>
 *     <form data-facts>…</form> <ol data-list><li data-card="/sets/…/cards/…/">…</li></ol>
 *     <template data-new><li>…</li></template> <template data-toolbar>…</template>
 *   </k-editor>
 */

import { composing, post, Refused, toast } from "look/base.js";
import { Card } from "web/library/island-card.js";
import { Facts } from "web/library/island-facts.js";
import { Hand } from "web/library/island-hand.js";

export class Editor extends HTMLElement {
  /** @type {Card | null} */
  card = null;
  total = 0;

  connectedCallback() {
    this.list = /** @type {HTMLElement} */ (this.querySelector("[data-list]"));
    this.tools = /** @type {HTMLTemplateElement} */ (this.querySelector("[data-toolbar]"));
    this.total = Number(this.querySelector("[data-total]")?.getAttribute("data-total"));
    const facts = this.querySelector("[data-facts]");
    if (facts instanceof HTMLFormElement) this.facts = new Facts(facts, this);
    this.hand = new Hand(this.list, (li, where) => this.#moved(li, where));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("submit", (event) => {
      if (event.target instanceof HTMLFormElement && event.target.hasAttribute("data-form")) event.preventDefault();
    });
    addEventListener("beforeunload", (event) => {
      if (this.card?.dirty || this.facts?.dirty) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.card?.save(true);
    });
    const open = this.list.querySelector("li.is-open");
    if (open instanceof HTMLLIElement) this.#take(open);
  }

  /** @param {"saving" | "saved" | "waiting"} how @param {string} [time] */
  says(how, time = "") {
    const status = /** @type {HTMLElement} */ (this.querySelector("[data-status]"));
    status.classList.toggle("is-late", how === "waiting");
    const words = /** @type {HTMLElement} */ (status.querySelector("span"));
    const text = (this.dataset[how] ?? "").replace("{time}", time);
    if (how !== "saving" || words.textContent !== text) words.textContent = text;
  }

  /** @param {HTMLLIElement} li @param {string} [side] */
  #take(li, side) {
    this.card = new Card(li, this);
    const first = li.querySelector("[data-first]") !== null || !li.dataset.card;
    if (side || first || location.hash.slice(1) === li.id) this.card.focus(side ?? (first ? "term" : "definition"));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = event.target instanceof Element ? event.target : null;
    const li = target?.closest("li[id]");
    const opener = target?.closest("[data-open]");
    if (target?.closest("[data-add]")) {
      event.preventDefault();
      void this.add();
    } else if (opener && li instanceof HTMLLIElement && !event.ctrlKey && !event.metaKey && !getSelection()?.toString()) {
      const other = target?.closest("a, button, audio");
      if (other && other !== opener) return;
      event.preventDefault();
      void this.open(li, opener.getAttribute("data-open") || undefined);
    } else if (li instanceof HTMLLIElement && this.card?.li === li) this.#inside(event, target);
  }

  /** Presses in the open card. @param {MouseEvent} event @param {Element | null} target */
  #inside(event, target) {
    const does = {
      "[data-close]": () => this.close(),
      "[data-delete]": () => this.remove(),
      "[data-copy]": () => this.copy(),
      "[data-keep-mine]": () => this.card?.keepMine(),
      "[data-keep-theirs]": () => this.card?.keepTheirs(),
    };
    for (const [part, act] of Object.entries(does)) {
      if (!target?.closest(part)) continue;
      event.preventDefault();
      void act();
      return;
    }
    const step = target?.closest("[data-step]");
    if (step instanceof HTMLButtonElement && this.card) {
      event.preventDefault();
      void this.#moved(this.card.li, { step: step.value }).then(() => step.focus());
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (composing(event) || event.defaultPrevented) return;
    const li = event.target instanceof Element ? event.target.closest("li.is-open") : null;
    if (!li || this.card?.li !== li) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      void this.close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.add();
    }
  }

  /** @param {HTMLLIElement} li @param {string} [side] */
  async open(li, side) {
    if (this.card?.li === li) return this.card.mend(side);
    if (!(await this.close(false)) || !li.dataset.card) return;
    const html = await this.#fetched(li.dataset.card);
    if (html) this.#take(replaced(li, html), side ?? "definition");
  }

  /** Closes the open card, saved; `false` where it cannot be saved now. @param {boolean} [focus] */
  async close(focus = true) {
    const card = this.card;
    if (!card) return true;
    if (!(await card.save())) return false;
    this.card = null;
    card.ends();
    if (!card.li.dataset.card) card.li.remove();
    else {
      const html = await this.#fetched(`${card.li.dataset.card}?closed=1`);
      if (html) {
        const edit = replaced(card.li, html).querySelector("a[data-open][aria-label]");
        if (focus && edit instanceof HTMLElement) edit.focus();
      }
    }
    return true;
  }

  /** A new card at the end, open. */
  async add() {
    if (!(await this.close(false))) return;
    const shape = /** @type {HTMLTemplateElement} */ (this.querySelector("template[data-new]"));
    const li = /** @type {HTMLLIElement} */ (/** @type {DocumentFragment} */ (shape.content.cloneNode(true)).querySelector("li"));
    this.list?.append(li);
    this.#take(li, "term");
    li.scrollIntoView({ block: "nearest" });
  }

  async remove() {
    const li = this.card?.li;
    if (!li?.dataset.card) return void this.close();
    try {
      const { words, back, saved, total } = await post(`${li.dataset.card}delete/`, new FormData());
      this.card?.ends();
      this.card = null;
      const next = li.nextElementSibling ?? li.previousElementSibling;
      li.remove();
      this.counted(total);
      this.says("saved", saved);
      /** @type {HTMLElement | null} */ (next?.querySelector("a[data-open][aria-label]") ?? this.querySelector("[data-add]"))?.focus();
      toast(words, () => this.#back(back));
    } catch (error) {
      this.#refused(error);
    }
  }

  /** @param {string} address */
  async #back(address) {
    try {
      const { html, after, saved, total } = await post(address, new FormData());
      const row = made(html);
      const before = after ? this.list?.querySelector(`#card-${after.replaceAll("-", "")}`) : null;
      if (before) before.after(row);
      else if (after) this.list?.append(row);
      else this.list?.prepend(row);
      this.counted(total);
      this.says("saved", saved);
      this.tells(this.dataset.back ?? "");
      /** @type {HTMLElement | null} */ (row.querySelector("a[data-open][aria-label]"))?.focus();
    } catch (error) {
      this.#refused(error);
    }
  }

  async copy() {
    const card = this.card;
    if (!card || !(await card.save()) || !card.li.dataset.card) return;
    const address = card.li.dataset.card;
    try {
      const { html, saved } = await post(`${address}copy/`, new FormData());
      await this.close(false);
      const row = made(html);
      this.list?.querySelector(`[data-card="${CSS.escape(address)}"]`)?.after(row);
      this.counted(this.total + 1);
      this.says("saved", saved);
      this.#take(row, "term");
    } catch (error) {
      this.#refused(error);
    }
  }

  /** @param {HTMLLIElement} li @param {{ step?: string, after?: string }} where */
  async #moved(li, where) {
    if (!li.dataset.card) return;
    const form = new FormData();
    for (const [name, value] of Object.entries(where)) form.append(name, value);
    const from = li.querySelector(".no span")?.textContent ?? "";
    try {
      const { number, after, saved } = await post(`${li.dataset.card}move/`, form);
      const before = after ? this.list?.querySelector(`#card-${after.replaceAll("-", "")}`) : null;
      if (before && before.nextElementSibling !== li) before.after(li);
      else if (!after && this.list?.firstElementChild !== li) this.list?.prepend(li);
      this.#numbered();
      numbered(li, number);
      this.says("saved", saved);
      this.tells((this.dataset.moved ?? "").replace("{from}", from).replace("{to}", String(number)));
    } catch (error) {
      this.#refused(error);
    }
  }

  /** @param {number} total */
  counted(total) {
    this.total = total;
    const words = total === 1 ? (this.dataset.one ?? "") : (this.dataset.many ?? "").replace("{n}", String(total));
    const heading = this.querySelector("[data-total]");
    if (heading) heading.textContent = words;
    this.#numbered();
  }

  /** The numbers of a whole list follow its order; of a part of it they stay. */
  #numbered() {
    if (this.list?.hasAttribute("data-part") || new URLSearchParams(location.search).has("from")) return;
    let number = 0;
    for (const li of this.list?.querySelectorAll("li[data-card]") ?? []) numbered(li, (number += 1));
  }

  /** Says something to those who listen. @param {string} words */
  tells(words) {
    const place = this.querySelector("[data-says]");
    if (place) place.textContent = words;
  }

  /** @param {string} address @returns {Promise<string>} */
  async #fetched(address) {
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      const read = await response.json();
      if (!response.ok) throw new Refused(response.status, read.sentence ?? "", read);
      return read.html;
    } catch (error) {
      this.#refused(error);
      return "";
    }
  }

  /** @param {unknown} error */
  #refused(error) {
    if (error instanceof Refused && error.message) toast(error.message);
    else this.says("waiting");
  }
}

/** A card's number, where it is seen and where it is heard. @param {Element} li @param {number} number */
function numbered(li, number) {
  const shown = li.querySelector(".no span");
  if (!shown || shown.textContent === String(number)) return;
  shown.textContent = String(number);
  for (const named of li.querySelectorAll("[data-grip], [data-step], [data-copy], [data-delete], a[data-open][aria-label]")) {
    named.setAttribute("aria-label", (named.getAttribute("aria-label") ?? "").replace(/\d+/, String(number)));
  }
}

/** @param {string} html @returns {HTMLLIElement} */
function made(html) {
  const shape = document.createElement("template");
  shape.innerHTML = html.trim();
  return /** @type {HTMLLIElement} */ (shape.content.firstElementChild);
}

/** @param {HTMLLIElement} li @param {string} html */
function replaced(li, html) {
  const row = made(html);
  li.replaceWith(row);
  return row;
}

customElements.define("k-editor", Editor);
