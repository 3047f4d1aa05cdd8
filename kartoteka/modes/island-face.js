/** The card in hand: its front, its turn, and its answer point by point. */

/** @typedef {import("modes/island-base.js").Question} Question */

const ON_ITS_HEAD = ["short", "medium", "quote"]; // what stands as a headword above the answer
const WIDTHS = ["w1", "w2", "w3", "w4"];

export class Face {
  /** @param {HTMLElement} element @param {{steps: boolean, hidden: string, point: string, quote: string}} words */
  constructor(element, words) {
    this.element = element;
    this.words = words;
    this.shown = false;
    /** @type {{item: Element, inside: ChildNode[], is: string}[]} */
    this.points = [];
    this.seen = 0;
    this.total = 0;
    element.addEventListener("animationend", () => element.classList.remove("turns", "comes", "goes-back"));
  }

  get sides() {
    return /** @type {HTMLElement} */ (this.element.querySelector('[data-part="sides"]'));
  }

  /** @param {Question} question @param {"comes" | "goes-back" | "turns" | ""} how */
  front(question, how) {
    this.question = question;
    this.shown = false;
    this.forget();
    const kind = question.front.kind;
    this.fill(kind === "quote" ? "quote" : kind === "long" || kind === "cloze" ? "body" : "lone", how);
    this.foot(kind === "quote" ? this.words.quote : "");
    this.element.scrollIntoView?.({ block: "nearest" });
  }

  /** The answer; a list of points opens step by step unless that is not wanted. @param {boolean} [whole] @param {string} [how] */
  back(whole = false, how = "turns") {
    if (!this.question) return;
    this.shown = true;
    this.forget();
    this.fill(ON_ITS_HEAD.includes(this.question.front.kind) ? "term" : "long", how);
    if (this.words.steps && !whole) this.hide();
    this.count();
  }

  /** @param {string} layout @param {string} how */
  fill(layout, how) {
    const shape = /** @type {HTMLTemplateElement} */ (document.getElementById(`side-${layout}`));
    const copy = /** @type {DocumentFragment} */ (shape.content.cloneNode(true));
    for (const [name, side] of [["front", this.question?.front], ["back", this.question?.back]]) {
      const place = copy.querySelector(`[data-${name}]`);
      if (!place || !side || typeof side === "string") continue;
      place.innerHTML = side.html; // cleaned on its way in, and the page's policy runs no script of it
      if (side.lang) place.setAttribute("lang", side.lang);
    }
    this.sides.replaceChildren(copy);
    this.element.classList.remove("turns", "comes", "goes-back");
    if (how) {
      void this.element.offsetWidth; // so that the same turn can follow itself
      this.element.classList.add(how);
    }
  }

  forget() {
    this.points = [];
    this.seen = this.total = 0;
  }

  /** What is not shown at first: below the top bullets everything; of a plain list all but its first. */
  hide() {
    const body = this.sides.querySelector("[data-back]");
    const items = [...(body?.querySelectorAll("li") ?? [])];
    if (items.length < 2) return;
    const nested = items.filter((item) => item.parentElement?.closest("li"));
    const later = nested.length ? nested : items.slice(1);
    this.total = items.length;
    this.seen = items.length - later.length;
    this.points = later.filter((item) => !item.querySelector("li")).map((item, i) => this.cover(item, i));
    const parents = later.filter((item) => item.querySelector("li"));
    this.seen += parents.length;
  }

  /** @param {Element} item @param {number} i */
  cover(item, i) {
    const inside = [...item.childNodes];
    const words = document.createElement("b");
    words.className = "vh";
    words.textContent = this.words.hidden;
    const lines = (item.textContent ?? "").length > 60 ? 2 : 1;
    item.replaceChildren(words, ...Array.from({ length: lines }, () => document.createElement("span")));
    item.classList.add("hid", WIDTHS[i % WIDTHS.length]);
    return { item, inside, is: WIDTHS[i % WIDTHS.length] };
  }

  /** Shows the next point. @returns {boolean} whether there was one */
  step() {
    const point = this.points.shift();
    if (!point) return false;
    for (const old of this.sides.querySelectorAll(".just")) old.replaceWith(...old.childNodes);
    const just = document.createElement("span");
    just.className = "just";
    just.append(...point.inside);
    const blocks = [...just.children].some((child) => getComputedStyle(child).display !== "inline" && /^(P|DIV|UL|OL|FIGURE|TABLE|PRE)$/.test(child.tagName));
    point.item.classList.remove("hid", point.is);
    if (blocks) point.item.replaceChildren(...just.childNodes);
    else point.item.replaceChildren(just);
    this.seen += 1;
    this.count();
    point.item.scrollIntoView({ block: "nearest" });
    return true;
  }

  all() {
    while (this.step());
    for (const old of this.sides.querySelectorAll(".just")) old.replaceWith(...old.childNodes);
  }

  count() {
    const more = this.element.querySelector('[data-part="all"]');
    if (more instanceof HTMLElement) more.hidden = this.points.length === 0;
    this.foot(this.points.length ? this.words.point.replace("%i", String(this.seen)).replace("%n", String(this.total)) : "");
    this.element.dispatchEvent(new CustomEvent("k-points", { bubbles: true }));
  }

  /** @param {string} words */
  foot(words) {
    const place = this.element.querySelector('[data-part="foot"]');
    if (place) place.textContent = words;
    const more = this.element.querySelector('[data-part="all"]');
    if (more instanceof HTMLElement && !this.shown) more.hidden = true;
  }
}
