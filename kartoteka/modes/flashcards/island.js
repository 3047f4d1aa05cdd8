/**
 * Flashcards: turn over, turn pages, by themselves too.
 *
 *   <k-flashcards data-turn="Turn over" data-point="Next point" data-next="Next card" data-at="Card %i of %n"></k-flashcards>
 */

import { figures } from "look/counted.js";
import { Mode, part, say, swipes } from "modes/island-base.js";

const FRONT_MS = 3000;
const BACK_MS = 4000;
const LETTER_MS = 60;

class Flashcards extends Mode {
  /** @type {import("modes/island-base.js").Question[]} */ hand = [];
  /** @type {Set<string>} */ looked = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  earlier = 0; // cards of the hands before this one
  at = 0;
  key = "";
  playing = false;
  /** @type {Set<string>} */ held = new Set(); // why it waits

  begin() {
    this.hand = this.data.hand ?? [];
    this.earlier = this.data.before ?? 0;
    this.looked = new Set(this.data.looked ?? []);
    this.at = this.data.at ?? 0;
    this.key = `flashcards ${this.data.sitting}`;
    const linked = this.linked();
    if (linked >= 0) this.at = linked;
    else if (!new URLSearchParams(location.search).has("card")) this.at = this.remembered() ?? this.at;
    swipes(this.face.element, (side) => (side === "left" ? this.next() : this.previous()));
    this.face.element.addEventListener("click", (event) => {
      if (event.target instanceof Element && !event.target.closest("a, button, audio, video, summary, input") && !getSelection()?.toString()) this.main();
    });
    document.addEventListener("k-points", () => this.words());
    window.addEventListener("hashchange", () => {
      const place = this.linked();
      if (place >= 0) this.turnTo(place, "comes");
    });
    this.waitsWhileRead();
    window.addEventListener("pagehide", () => this.face.shown && this.look());
    this.turnTo(this.at, "");
    if (this.options.both || new URLSearchParams(location.search).get("shown") === "1") this.face.back(Boolean(this.options.both), "");
    this.words();
  }

  keys() {
    return {
      ...super.keys(),
      Space: () => this.main(),
      Enter: () => this.main(),
      ArrowRight: () => this.next(),
      ArrowLeft: () => this.previous(),
      "Shift+Space": () => this.backwards(),
      f: () => this.full(),
      p: () => this.play(),
    };
  }

  /** @param {string} name @param {string} value @param {Element | null} from */
  does(name, value, from) {
    if (name === "main") return this.main();
    if (name === "next") return this.next();
    if (name === "back") return this.previous();
    if (name === "full") return this.full();
    if (name === "play") return this.play();
    return super.does(name, value, from);
  }

  /** The card that the address names, by its own id or its note's; -1: none. */
  linked() {
    const named = decodeURIComponent(location.hash.slice(1)).replace(/^card-/, "").replaceAll("-", "");
    return named ? this.hand.findIndex((each) => each.card === named || each.note === named) : -1;
  }

  /** Where this device stopped in this sitting. */
  remembered() {
    try {
      const place = this.hand.findIndex((each) => each.card === localStorage.getItem(this.key));
      return place >= 0 ? place : null;
    } catch {
      return null;
    }
  }

  /** @param {number} place @param {"comes" | "goes-back" | ""} from */
  turnTo(place, from) {
    this.at = Math.min(Math.max(place, 0), this.hand.length - 1);
    const question = this.hand[this.at];
    if (!question) return;
    this.state("front");
    this.put(question, { from });
    if (this.options.both) this.face.back(true, from);
    try {
      localStorage.setItem(this.key, question.card);
    } catch {
      // a browser that keeps nothing starts where the server knows
    }
    const position = this.earlier + this.at + 1;
    say("position", `${figures(position)}/${figures(this.counts.n)}`);
    const bar = part("progress");
    if (bar) {
      bar.value = position;
      bar.setAttribute("aria-label", (this.dataset.at ?? "").replace("%i", figures(position)).replace("%n", figures(this.counts.n)));
    }
    part("before")?.toggleAttribute("aria-disabled", this.at === 0);
    if (this.at === 0) part("before")?.setAttribute("aria-disabled", "true");
    this.words();
    this.paced();
  }

  words() {
    const last = this.at === this.hand.length - 1;
    const words = !this.face.shown ? this.dataset.turn : this.face.points.length ? this.dataset.point : last ? this.dataset.end : this.dataset.next;
    say("main-words", words ?? "");
  }

  main() {
    if (!this.current) return;
    if (!this.face.shown) this.flip();
    else if (!this.face.step()) this.next();
    this.paced();
  }

  flip() {
    this.face.back();
    this.words();
    if (this.options.aloud) this.aloud(false);
  }

  backwards() {
    if (this.face.shown && !this.options.both && this.current) {
      this.face.front(this.current, "turns");
      this.words();
    } else this.previous();
  }

  /** The card was looked at: said once. */
  look() {
    const question = this.current;
    if (!question || this.looked.has(question.card)) return;
    if (this.answer({ flipped: this.face.shown })) this.looked.add(question.card);
  }

  next() {
    if (!this.current) return;
    this.look();
    if (this.at + 1 < this.hand.length) this.turnTo(this.at + 1, "comes");
    else {
      const skipped = this.hand.findIndex((each) => !this.looked.has(each.card));
      if (skipped >= 0) this.turnTo(skipped, "comes");
      else this.finished();
    }
  }

  finished() {
    clearTimeout(this.timer);
    try {
      localStorage.removeItem(this.key);
    } catch {
      // nothing was kept
    }
    this.end();
  }

  previous() {
    if (this.face.shown) this.look();
    if (!this.current) this.turnTo(this.hand.length - 1, "goes-back");
    else if (this.at > 0) this.turnTo(this.at - 1, "goes-back");
  }

  /** @param {import("modes/island-base.js").Question} question */
  back(question) {
    this.looked.delete(question.card);
    this.turnTo(this.hand.findIndex((each) => each.card === question.card), "goes-back");
  }

  full() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen?.().catch(() => undefined);
  }

  // By itself

  play() {
    this.playing = !this.playing;
    this.held.clear(); // who starts it while pointing at the card wants it to run
    this.shows();
    this.paced();
  }

  /** It waits as long as one points at the card, or at something on it. */
  waitsWhileRead() {
    const face = this.face.element;
    /** @param {string} why @param {boolean} on */
    const hold = (why, on) => {
      if (this.held.has(why) === on) return;
      if (on) this.held.add(why);
      else this.held.delete(why);
      this.paced();
    };
    face.addEventListener("pointerenter", () => hold("hover", true));
    face.addEventListener("pointerleave", () => hold("hover", false));
    face.addEventListener("focusin", (event) => hold("focus", event.target !== face)); // the card itself is given the focus at every turn
    face.addEventListener("focusout", (event) => hold("focus", event.relatedTarget instanceof Node && event.relatedTarget !== face && face.contains(event.relatedTarget)));
  }

  shows() {
    part("play")?.setAttribute("aria-pressed", String(Boolean(this.playing)));
    document.documentElement.classList.toggle("plays", Boolean(this.playing));
  }

  paced() {
    clearTimeout(this.timer);
    if (!this.playing || this.held.size || !this.current) return;
    const side = this.face.shown ? this.current.back : this.current.front;
    const speed = Number(this.options.speed) || 1;
    const whole = ((this.face.shown ? BACK_MS : FRONT_MS) + LETTER_MS * side.text.length) / speed;
    const steps = this.face.shown ? this.face.points.length + 1 : 1;
    this.timer = setTimeout(() => this.main(), whole / steps);
  }
}

customElements.define("k-flashcards", Flashcards);
