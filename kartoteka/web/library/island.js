/**
 * The editor, made pleasant: cards open in place, save themselves and say so, move by keys or by hand. Every form works without it.
 *
 *   <k-editor data-cards="/sets/…/cards/" data-files="/sets/…/files/" data-saved="Saved, {time}" …>
 *     <form data-facts>…</form> <ol data-list><li data-card="/sets/…/cards/…/">…</li></ol>
 *     <template data-new><li>…</li></template> <template data-toolbar>…</template>
 *   </k-editor>
 */

import { composing, post, Refused, toast } from "look/base.js";
import { figures } from "look/counted.js";
import { Card } from "web/library/island-card.js";
import { Facts } from "web/library/island-facts.js";
import { Hand } from "web/library/island-hand.js";

export class Editor extends HTMLElement {
  /** The open cards; more than one only while an earlier one is being saved. @type {Map<Element, Card>} */
  cards = new Map();
  total = 0;
  made = 0; // new cards so far: while one is being saved the next has other ids
  /** @type {Promise<any>} */
  #last = Promise.resolve();

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
      if (this.facts?.dirty || [...this.cards.values()].some((card) => card.dirty)) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      for (const card of document.visibilityState === "hidden" ? this.cards.values() : []) void card.save(true);
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
    const card = new Card(li, this);
    this.cards.set(li, card);
    const named = location.hash.startsWith("#hint-") && li.id === `card-${location.hash.slice(6)}`;
    if (named && !side) card.focus("hint");
    else if (side || !li.dataset.card || location.hash.slice(1) === li.id) card.focus(side ?? (li.dataset.card ? "definition" : "term"));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = event.target instanceof Element ? event.target : null;
    const li = target?.closest("li[id]");
    const opener = target?.closest("[data-open]");
    if (target?.closest("[data-add]")) {
      event.preventDefault();
      this.add();
    } else if (opener && li instanceof HTMLLIElement && !event.ctrlKey && !event.metaKey && !getSelection()?.toString()) {
      const other = target?.closest("a, button, audio");
      if (other && other !== opener) return;
      event.preventDefault();
      void this.open(li, opener.getAttribute("data-open") || undefined);
    } else if (target) {
      const card = li && this.cards.get(li);
      if (card) this.#inside(event, target, card);
    }
  }

  /** Presses in an open card. @param {MouseEvent} event @param {Element} target @param {Card} card */
  #inside(event, target, card) {
    const does = {
      "[data-close]": () => this.close(card),
      "[data-delete]": () => this.bin(card),
      "[data-copy]": () => this.copy(card),
      "[data-keep-mine]": () => card.keepMine(),
      "[data-keep-theirs]": () => card.keepTheirs(),
    };
    for (const [part, act] of Object.entries(does)) {
      if (!target.closest(part)) continue;
      event.preventDefault();
      void act();
      return;
    }
    const step = target.closest("[data-step]");
    if (step instanceof HTMLButtonElement) {
      event.preventDefault();
      void this.#moved(card.li, { step: step.value }).then(() => step.focus());
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (composing(event) || event.defaultPrevented) return;
    const li = event.target instanceof Element ? event.target.closest("li.is-open") : null;
    const card = li && this.cards.get(li);
    if (!card) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      void this.close(card);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.add();
    }
  }

  /** One thing after the other: two quick presses must not leave two cards open. @template T @param {() => Promise<T>} act @returns {Promise<T>} */
  #inTurn(act) {
    const done = this.#last.then(act);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** @param {HTMLLIElement} li @param {string} [side] */
  open(li, side) {
    const card = this.cards.get(li);
    if (card) return card.mend(side);
    const address = li.dataset.card ?? "";
    return this.#inTurn(() => this.#open(address, side ?? "definition"));
  }

  /** @param {string} address @param {string} side */
  async #open(address, side) {
    if (!address || !(await this.#closeAll())) return;
    const html = await this.#fetched(address);
    const li = this.list?.querySelector(`[data-card="${CSS.escape(address)}"]`);
    if (html && li instanceof HTMLLIElement) this.#take(replaced(li, html), side);
  }

  /** @param {Card} card */
  close(card) {
    return this.#inTurn(() => this.#close(card, true));
  }

  /** @param {Element | null} [but] */
  async #closeAll(but = null) {
    let done = true;
    for (const [li, card] of [...this.cards]) if (li !== but) done = (await this.#close(card, false)) && done;
    return done;
  }

  /** Closes a card, saved; `false` where it cannot be saved now. @param {Card} card @param {boolean} focus */
  async #close(card, focus) {
    if (!(await card.save())) return false;
    this.#left(card);
    if (!card.li.dataset.card) {
      card.li.remove();
      return true;
    }
    const html = await this.#fetched(`${card.li.dataset.card}?closed=1`);
    if (html) {
      const edit = replaced(card.li, html).querySelector("a[data-open][aria-label]");
      if (focus && edit instanceof HTMLElement) edit.focus();
    }
    return true;
  }

  /** @param {Card} card */
  #left(card) {
    card.ends();
    this.cards.delete(card.li);
  }

  /** A new card at the end, open at once; the one before is saved and closed meanwhile. */
  add() {
    const shape = /** @type {HTMLTemplateElement} */ (this.querySelector("template[data-new]"));
    this.made += 1;
    const li = made(shape.innerHTML.replace(/\b(id|for|aria-describedby)="([a-z]+-)?new\b/g, `$1="$2new-${this.made}`));
    for (const waiting of [...this.cards.values()].filter((card) => !card.li.dataset.card && card.empty)) {
      this.#left(waiting);
      waiting.li.remove();
    }
    this.list?.append(li);
    this.#take(li, "term");
    li.scrollIntoView({ block: "nearest" });
    return this.#inTurn(() => this.#closeAll(li));
  }

  /** @param {Card} card */
  bin(card) {
    return this.#inTurn(() => this.#bin(card));
  }

  /** @param {Card} card */
  async #bin(card) {
    const li = card.li;
    if (!li.dataset.card) return void (await this.#close(card, true));
    try {
      const { words, back, saved, total } = await post(`${li.dataset.card}delete/`, new FormData());
      this.#left(card);
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

  /** @param {Card} card */
  copy(card) {
    return this.#inTurn(() => this.#copy(card));
  }

  /** @param {Card} card */
  async #copy(card) {
    if (!(await card.save()) || !card.li.dataset.card) return;
    const address = card.li.dataset.card;
    try {
      const { html, saved } = await post(`${address}copy/`, new FormData());
      await this.#closeAll();
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
    const words = total === 1 ? (this.dataset.one ?? "") : (this.dataset.many ?? "").replace("{n}", figures(total));
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
