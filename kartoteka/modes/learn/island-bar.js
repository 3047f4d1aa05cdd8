/**
 * The level bar of Learn: it moves with every answer, and back when one is taken back.
 */

import { drawLevels } from "look/levels.js";

const LEVELS = ["mastered", "familiar", "fading", "learning", "new"];

export class Bar {
  /** @type {Map<string, string[]>} */ moved = new Map(); // answer → the level before it and after it
  /** @type {Record<string, number>} */ counts = {};

  /** @param {HTMLElement | null} place with the count and the word of each level in its data */
  constructor(place) {
    this.place = place;
    for (const level of LEVELS) this.counts[level] = Number(place?.getAttribute(`data-${level}`) ?? 0);
    document.addEventListener("k-moved", (event) => this.moves(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {{id: string, levels: string[]}} detail */
  moves({ id, levels: [before, after] }) {
    const first = this.moved.get(id)?.[0] ?? before;
    this.moved.set(id, [first, after]);
    this.goes(before, after);
  }

  /** An answer is taken back. @param {string} id */
  back(id) {
    const [before, after] = this.moved.get(id) ?? [];
    this.moved.delete(id);
    if (before && after) this.goes(after, before);
  }

  /** @param {string} from @param {string} to */
  goes(from, to) {
    const bar = this.place?.querySelector("svg");
    if (!bar || from === to || !this.counts[from]) return;
    this.counts[from] -= 1;
    this.counts[to] = (this.counts[to] ?? 0) + 1;
    drawLevels(bar, this.counts, Object.fromEntries(LEVELS.map((level) => [level, this.place?.getAttribute(`data-word-${level}`) ?? level])));
  }
}
