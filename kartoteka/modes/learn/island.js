/**
 * Learn: a question, an answer, how it went; the server judges, the page shows it at once and goes on without a connection.
 *
 *   <k-learn data-round="Round %n" data-right="Right" … data-points-1="Write what you know: %n point"></k-learn>
 */

import { composing, toast } from "look/base.js";
import { part, say } from "modes/island-base.js";
import { hush } from "modes/island-voice.js";
import { Asks } from "modes/learn/island-asks.js";
import { Bar } from "modes/learn/island-bar.js";
import { drawing, line, made, Telling } from "modes/learn/island-told.js";

const ON_MS = 800; // a right answer is seen so long before the next question
const PATIENCE_MS = 2500; // a verdict that takes longer is waited for on the way
const HANDS_OFF_MS = 250;

/** @typedef {import("modes/island-base.js").Question} Question */
/** @typedef {import("modes/learn/island-told.js").Verdict} Verdict */

/** Whether a question is not what it was. @param {any} now @param {any} before */
function otherwise(now, before) {
  const said = (/** @type {any} */ one) => JSON.stringify([one.front.html, one.back.html, one.claim?.html, one.extra, one.choices.map((/** @type {any} */ each) => each.html)]);
  return said(now) !== said(before);
}

class Learn extends Asks {
  /** @type {Telling} */ telling = /** @type {any} */ (null);
  /** @type {Bar | null} */ bar = null;

  connectedCallback() {
    this.telling = new Telling(this);
    this.bar = new Bar(part("levels"));
    document.addEventListener("k-judged", (event) => this.judged(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("k-appealing", () => clearTimeout(this.timer));
    document.addEventListener("k-appealed", (event) => this.appealed(/** @type {CustomEvent} */ (event).detail));
    super.connectedCallback();
  }

  begin() {
    document.addEventListener("keydown", (event) => this.any(event));
    document.addEventListener("visibilitychange", () => document.hidden || this.looks());
    window.addEventListener("pageshow", (event) => event.persisted && this.looks());
    this.addKeysWithin();
    if (part("told") && !part("told").hidden) {
      this.states("told"); // a plain form was answered: the page shows how it went, and goes on from here
      this.focusOn(part("continue"));
      return;
    }
    this.next();
  }

  keys() {
    const number = Object.fromEntries("123456789".split("").map((digit) => [digit, () => this.chooses(Number(digit) - 1)]));
    return {
      ...super.keys(),
      ...number,
      t: () => this.claims("true"),
      f: () => this.claims("false"),
      h: () => this.hint(),
      d: () => this.unknown(),
      Space: () => this.forward(),
      Enter: () => this.forward(),
    };
  }

  /** Keys while one writes: Enter checks a line, with Control a list and a line; Alt and a letter do what the letter does elsewhere. */
  addKeysWithin() {
    document.addEventListener("keydown", (event) => {
      if (composing(event) || event.defaultPrevented || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      if (!(event.target instanceof Element) || event.target.id !== "answer") return;
      event.preventDefault();
      this.check();
    });
  }

  /** @param {string} name @param {string} value @param {Element | null} from */
  does(name, value, from) {
    if (name === "choose-one") return this.answers({ choice: value });
    if (name === "write") return this.check();
    if (name === "unknown") return this.unknown();
    if (name === "hint") return this.hint();
    if (name === "rate") return this.answers({ rating: Number(value), flipped: true });
    if (name === "looked") return this.answers({});
    if (name === "continue") return this.goOn();
    if (name === "further") return this.further();
    if (name === "retyped") return this.retyped();
    return super.does(name, value, from);
  }

  // Answers

  /** @param {number} place */
  chooses(place) {
    if (this.current?.qtype === "self" && this.looked) return this.answers({ rating: place === 0 ? 1 : 3, flipped: true });
    if (this.current?.qtype !== "choice" || this.showing !== "choice") return false;
    const button = part("choices").querySelectorAll("button")[place];
    if (!button || button.hidden) return false;
    return this.answers({ choice: button.value });
  }

  /** @param {string} value */
  claims(value) {
    if (this.showing !== "tf") return false;
    return this.answers({ choice: value });
  }

  check() {
    if (this.showing !== "typed" && this.showing !== "points") return;
    const field = /** @type {HTMLInputElement} */ (document.getElementById("answer"));
    if (!field.value.trim()) {
      say("help", this.dataset.empty ?? "");
      return;
    }
    this.answers({ text: field.value });
  }

  unknown() {
    if (!["choice", "tf", "typed", "points"].includes(this.showing)) return false;
    this.answers({ unknown: true });
  }

  forward() {
    if (this.showing === "told" || this.showing === "later") return this.goOn();
    if (this.showing === "self") return this.flip();
    if (this.showing === "judge") return this.answers({ rating: 3, flipped: true });
    if (this.showing === "look") return this.answers({});
    return false;
  }

  flip() {
    if (this.showing !== "self" || !this.current) return;
    this.looked = true;
    part("answer").hidden = false;
    this.states("judge");
  }

  /** @param {Record<string, any>} said @returns {boolean | void} */
  answers(said) {
    const question = this.current;
    if (!question || this.waitingFor || performance.now() - this.shownAt < HANDS_OFF_MS) return;
    if (!this.answer({ ...said, hints: this.hints })) return false;
    this.going = false;
    const id = this.undoable.at(-1)?.id ?? "";
    if (["self", "look"].includes(question.qtype)) {
      if (question.qtype === "self") this.sound(said.rating === 1 ? "wrong" : "right");
      this.counted(question);
      return this.next();
    }
    this.waitingFor = id;
    for (const button of part("choices").querySelectorAll("button")) button.classList.toggle("is-chosen", button.value === said.choice);
    this.timer = setTimeout(() => this.later(id), navigator.onLine ? PATIENCE_MS : 300);
  }

  /** @param {Question} question */
  counted(question) {
    if (this.counts.round && !question.again) this.counts.round.sorted += 1;
  }

  /** No verdict yet: it will come. @param {string} id */
  later(id) {
    if (this.waitingFor !== id || !this.current) return;
    this.unmarked.set(id, this.current.front.text);
    this.counted(this.current);
    this.states("later");
    this.focusOn(part("continue"));
  }

  /** The server judged an answer. @param {{id: string, status: string, why: string, verdict: Verdict | null}} told */
  judged(told) {
    if (this.unmarked.has(told.id)) return this.meanwhile(told);
    if (told.id !== this.waitingFor) return;
    clearTimeout(this.timer);
    this.waitingFor = "";
    if (!told.verdict) return this.next();
    this.verdict = told.verdict;
    this.toldOf = told.id;
    this.show(told.verdict);
    this.rings(told.verdict);
    document.dispatchEvent(new CustomEvent("k-told", { detail: { answer: told.id, sitting: this.data.sitting, qtype: this.current?.qtype ?? "", verdict: told.verdict } }));
    if (this.countsIt(told.verdict)) this.focusOn(document.querySelector('#appeal [data-label="close"][value="right"]'));
    if (told.verdict.label === "right" && !this.options.wait && !told.verdict.points.length) this.timer = setTimeout(() => this.goOn(), ON_MS);
  }

  /** What is not settled yet is not rung in. @param {Verdict} verdict */
  rings({ label }) {
    if (label === "right" || label === "wrong") this.sound(label);
  }

  /** A near miss counts by Enter where marking is relaxed, and by a press of its button everywhere. @param {Verdict} verdict */
  countsIt(verdict) {
    return verdict.label === "close" && verdict.strictness !== "strict" && this.current?.qtype === "typed";
  }

  /** The learner settled the mark otherwise. @param {{answer: string, verdict: Verdict}} detail */
  appealed(detail) {
    clearTimeout(this.timer);
    if (!this.current || this.showing !== "told" || detail.answer !== this.toldOf) return;
    const near = this.verdict && this.countsIt(this.verdict);
    this.verdict = detail.verdict;
    this.telling.draw(this.current, detail.verdict);
    this.rings(detail.verdict);
    if (near && detail.verdict.label === "right") this.goOn();
  }

  /** @param {{id: string, verdict: Verdict | null}} told */
  meanwhile(told) {
    const of = this.unmarked.get(told.id) ?? "";
    this.unmarked.delete(told.id);
    if (!told.verdict) return;
    const row = made("p", `v ${told.verdict.label}`);
    row.append(drawing(told.verdict.label), made("span", "", `${of.slice(0, 80)}: ${this.dataset[`marked${told.verdict.label.replace(/^./, (sign) => sign.toUpperCase())}`] ?? ""}`));
    part("meanwhile").append(row);
  }

  goOn() {
    if (this.showing !== "told" && this.showing !== "later") return false;
    if (!this.current && this.showing === "told" && !this.verdict) {
      location.assign(this.data.urls.here);
      return;
    }
    clearTimeout(this.timer);
    this.next();
  }

  /** Any key goes on after a verdict, but for those that mean something. @param {KeyboardEvent} event */
  any(event) {
    if (this.showing !== "told" || event.defaultPrevented || event.repeat || composing(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement || document.querySelector("dialog[open]")) return;
    if (performance.now() - this.shownAt < HANDS_OFF_MS || event.key.length !== 1 || "osaeun?0123456789".includes(event.key.toLowerCase())) return;
    if (event.target instanceof Element && event.target.closest("button, a, summary") && event.key === " ") return;
    event.preventDefault();
    this.goOn();
  }

  // How it went

  /** @param {Verdict} verdict */
  show(verdict) {
    const question = /** @type {any} */ (this.current);
    this.counted(question);
    this.states("told");
    this.telling.draw(this.current, verdict);
    if (this.options.retype && verdict.label === "wrong" && question.qtype === "typed") this.retype(verdict);
    else this.focusOn(part("continue"));
  }

  /** @param {Verdict} verdict */
  retype(verdict) {
    part("retype").hidden = false;
    const field = /** @type {HTMLInputElement} */ (document.getElementById("retype"));
    field.value = "";
    field.dataset.wanted = verdict.answer.text;
    field.focus({ preventScroll: true });
  }

  retyped() {
    this.goOn();
  }

  // What the server told

  refreshed() {
    if (this.leaving) return;
    if (["told", "later"].includes(this.showing) || this.waitingFor) return;
    if (this.over) return this.end();
    const [current, open] = [this.current, this.questions.find((each) => each.id === this.current?.id)];
    if (current && (open ? otherwise(open, current) : this.questions.some((each) => each.card === current.card))) this.anew(open);
    else if (!open) this.next();
    else this.figures();
  }

  /** Whoever comes back to this page may have edited the card elsewhere. */
  looks() {
    if (this.current && !this.leaving && !this.waitingFor) document.dispatchEvent(new CustomEvent("k-look", { detail: { sitting: this.data.sitting } }));
  }

  /** The question, as its card says it now; what was written in answer to it stays. @param {Question | undefined} open */
  anew(open) {
    const [text, hints] = [/** @type {HTMLInputElement | null} */ (document.getElementById("answer"))?.value ?? "", this.hints];
    if (open) this.ask(open);
    else this.next();
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("answer"));
    if (open && field) field.value = text;
    if (open) this.hints = hints;
    toast(this.dataset.edited ?? "");
  }

  undo() {
    this.bar?.back(this.undoable.at(-1)?.id ?? "");
    super.undo();
  }

  /** @param {Question} question */
  back(question) {
    this.waitingFor = "";
    clearTimeout(this.timer);
    this.questions = [question, ...this.questions.filter((each) => each.card !== question.card)];
    this.ask(question);
  }

  end() {
    hush();
    if (!this.leaving) this.sound("end");
    this.current = null;
    this.states("end");
    this.leaving = true;
    part("further").hidden = navigator.onLine || !this.questions.length;
    document.dispatchEvent(new CustomEvent("k-flush"));
  }

  /** Without a connection the next round begins by itself, with what was fetched. */
  further() {
    this.leaving = false;
    this.going = true;
    if (this.questions[0]) this.ask(this.questions[0]);
  }
}

customElements.define("k-learn", Learn);
