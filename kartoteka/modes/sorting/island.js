/**
 * Card Sorting: two piles that grow.
 *
 *   <k-sorting data-round="Round %n" data-left="%n left" data-know="“%s” went to Know" data-must-flip></k-sorting>
 */

import { toast } from "look/base.js";
import { figures } from "look/counted.js";
import { Mode, nextTurn, part, say, swipes } from "modes/island-base.js";

const KNOW = 3;
const STILL_LEARNING = 1;

class Sorting extends Mode {
  /** @type {(() => void) | null} */ unsay = null;
  turn = 0;

  begin() {
    this.turn = this.questions[0]?.turn ?? 0;
    if (this.counts.round && !this.counts.round.begun) this.open();
    swipes(this.face.element, (side) => this.sort(side === "right" ? KNOW : STILL_LEARNING));
    this.face.element.addEventListener("click", (event) => {
      if (event.target instanceof Element && !event.target.closest("a, button, audio, video, summary, input") && !getSelection()?.toString()) this.flip();
    });
    this.face.element.addEventListener("k-points", () => this.footed());
    this.show("");
    if (new URLSearchParams(location.search).get("shown") === "1") this.flip();
  }

  keys() {
    const [know, learning] = [() => this.sort(KNOW), () => this.sort(STILL_LEARNING)];
    return { ...super.keys(), Space: () => this.flip(), Enter: () => (this.current ? this.flip() : this.on()), ArrowRight: know, 2: know, ArrowLeft: learning, 1: learning };
  }

  /** @param {string} name @param {string} value @param {Element | null} from */
  does(name, value, from) {
    if (name === "sort") return this.sort(Number(value) || STILL_LEARNING);
    if (name === "on") return this.on();
    return super.does(name, value, from);
  }

  /** A round begins: what lay in the pile is what is left. */
  open() {
    const cards = this.questions.filter((each) => each.turn === this.turn).length;
    this.counts.round = { number: this.turn + 1, of: this.counts.learning || cards, sorted: 0, begun: true };
    this.counts.left = this.counts.learning || cards;
    this.counts.learning = 0;
  }

  /** @param {"comes" | "goes-back" | ""} from */
  show(from) {
    const question = this.questions[0];
    if (!question) return this.end();
    if (question.turn > this.turn) return this.pause();
    this.leaving = false;
    this.state("front");
    this.put(question, { from });
    this.footed();
    this.figures();
  }

  flip() {
    if (!this.current) return;
    if (!this.face.shown) this.face.back();
    else this.face.step();
    this.footed();
    this.figures();
  }

  footed() {
    const turn = part("turn");
    if (turn) turn.hidden = this.face.shown;
    if (!this.current || this.face.points.length) return;
    if (this.face.shown) this.face.foot(this.dataset.turned ?? "");
    else if (this.dataset.mustFlip !== undefined) this.face.foot(this.dataset.first ?? "");
  }

  /** @param {number} rating @returns {boolean | void} */
  sort(rating) {
    const question = this.current;
    if (!question || (this.dataset.mustFlip !== undefined && !this.face.shown)) return;
    if (!this.answer({ rating, flipped: this.face.shown })) return false;
    const known = rating === KNOW;
    this.sound(known ? "right" : "wrong");
    this.counts[known ? "know" : "learning"] += 1;
    this.counts.left = Math.max(0, this.counts.left - 1);
    this.counts.round.sorted += 1;
    if (!known) this.questions.push(nextTurn(question));
    this.unsay?.();
    const term = question.front.text.length > 40 ? `${question.front.text.slice(0, 39)}…` : question.front.text;
    this.unsay = toast(((known ? this.dataset.know : this.dataset.learning) ?? "").replace("%s", term), () => this.undo());
    this.show("comes");
  }

  /** @param {import("modes/island-base.js").Question} question */
  back(question) {
    this.unsay?.();
    this.turn = question.turn;
    this.questions = [question, ...this.questions.filter((each) => each.id !== question.id)];
    this.show("goes-back");
  }

  refreshed() {
    if (this.leaving) return;
    if (this.counts.round && !this.counts.round.begun && this.current) this.open();
    const open = this.questions.find((each) => each.id === this.current?.id);
    if (this.current && open) {
      this.questions = [open, ...this.questions.filter((each) => each.id !== open.id)];
      this.figures();
    } else this.show("comes");
  }

  /** Between two rounds: the server shows the piles; while it is away one goes on from here. */
  pause() {
    say("gap-words", (this.dataset.gap ?? "").replace("%i", figures(this.counts.know)).replace("%n", figures(this.counts.learning)));
    say("on", (this.dataset.on ?? "").replace("%n", figures(this.counts.learning)));
    this.end("gap");
  }

  on() {
    if (this.current || !this.questions.length) return;
    this.leaving = false;
    this.turn = this.questions[0].turn;
    this.open();
    this.show("comes");
  }

  figures() {
    const { know, learning, round } = this.counts;
    const first = this.questions.filter((each) => each.turn === this.turn).length;
    const left = Math.max(this.counts.left, first);
    say("pile-know", String(know));
    say("pile-again", String(learning));
    say("position", `${figures(Math.min(round.sorted + 1, round.of))}/${figures(round.of)}`);
    say("round", (this.dataset.round ?? "").replace("%n", String(round.number)));
    say("left", (this.dataset.left ?? "").replace("%n", figures(left)));
    const bar = part("progress");
    if (bar) {
      bar.max = round.of;
      bar.value = round.sorted;
      bar.setAttribute("aria-label", (this.dataset.sorted ?? "").replace("%i", figures(round.sorted)).replace("%n", figures(round.of)));
    }
    for (const [name, count] of [["know", know], ["again", learning]]) {
      const sheets = document.querySelectorAll(`[data-sheets="${name}"] path`);
      sheets.forEach((sheet, i) => sheet.toggleAttribute("hidden", i >= count));
    }
    for (const pile of document.querySelectorAll(".pile")) {
      if (pile instanceof HTMLButtonElement) pile.disabled = this.dataset.mustFlip !== undefined && !this.face.shown;
    }
  }
}

customElements.define("k-sorting", Sorting);
