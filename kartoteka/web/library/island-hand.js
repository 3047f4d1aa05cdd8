/** Cards are moved by their handles: arrow keys, or drag. */

import { composing } from "look/base.js";

const FAR_PX = 5; // a press that moves less is a press

export class Hand {
  /** @type {Promise<void>} */
  #last = Promise.resolve();

  /** @param {HTMLElement} list @param {(li: HTMLLIElement, where: { step?: string, after?: string }) => Promise<void>} move */
  constructor(list, move) {
    this.list = list;
    this.move = move;
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("pointerdown", (event) => this.#hold(event));
  }

  /** @param {EventTarget | null} target @returns {[HTMLElement, HTMLLIElement] | null} */
  #held(target) {
    const grip = target instanceof Element ? target.closest("[data-grip]") : null;
    const li = grip?.closest("li");
    return grip instanceof HTMLElement && li instanceof HTMLLIElement ? [grip, li] : null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const held = this.#held(event.target);
    const step = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!held || !step || composing(event)) return;
    event.preventDefault();
    const [grip, li] = held;
    this.#last = this.#last.then(() => this.move(li, { step })).then(() => {
      grip.focus();
      li.scrollIntoView({ block: "nearest" });
    });
  }

  /** @param {PointerEvent} event */
  #hold(event) {
    const held = this.#held(event.target);
    if (!held || event.button !== 0) return;
    const [grip, li] = held;
    const from = event.clientY;
    let far = false;
    /** @type {HTMLLIElement | null} */
    let over = null;
    grip.setPointerCapture(event.pointerId);
    /** @param {PointerEvent} moved */
    const follow = (moved) => {
      far ||= Math.abs(moved.clientY - from) > FAR_PX;
      if (!far) return;
      li.classList.add("is-held");
      if (moved.clientY < 70) scrollBy(0, -12);
      else if (moved.clientY > innerHeight - 110) scrollBy(0, 12);
      over?.classList.remove("is-over");
      over = this.#below(moved.clientY, li);
      over?.classList.add("is-over");
    };
    const drop = () => {
      grip.removeEventListener("pointermove", follow);
      li.classList.remove("is-held");
      over?.classList.remove("is-over");
      if (far) void this.#dropped(li, over);
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("pointerup", drop, { once: true });
    grip.addEventListener("pointercancel", () => ((far = false), drop()), { once: true });
  }

  /** The card before which the held one would lie; `null`: at the end. @param {number} y @param {HTMLLIElement} held */
  #below(y, held) {
    for (const li of this.list.querySelectorAll("li[data-card]")) {
      const box = li.getBoundingClientRect();
      if (li instanceof HTMLLIElement && li !== held && y < box.top + box.height / 2) return li;
    }
    return null;
  }

  /** @param {HTMLLIElement} li @param {HTMLLIElement | null} before */
  #dropped(li, before) {
    const others = [...this.list.querySelectorAll("li[data-card]")].filter((other) => other !== li);
    const place = before ? others.indexOf(before) : others.length;
    const after = others[place - 1];
    const address = after instanceof HTMLElement ? (after.dataset.card ?? "") : "";
    return this.move(li, { after: address.split("/").at(-2) ?? "" });
  }
}
