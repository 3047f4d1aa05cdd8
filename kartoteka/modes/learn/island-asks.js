/**
 * How Learn puts a question: its prompt, its choices or its field, the hints, the place in the round.
 *
 * <k-learn> (island.js) is one of these that also takes answers and shows how they went.
 */

import { toast } from "look/base.js";
import { counted } from "look/counted.js";
import { Mode, part, say, words } from "modes/island-base.js";
import { hear, hush } from "modes/island-voice.js";
import { line, made } from "modes/learn/island-told.js";

/** @typedef {import("modes/island-base.js").Question} Question */
/** @typedef {import("modes/learn/island-told.js").Verdict} Verdict */

const HINTS = ["hint-link", "next-hint", "self-hint"]; // where one asks for the next hint

export class Asks extends Mode {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  /** @type {Map<string, string>} */ unmarked = new Map(); // answer → what it was to: verdicts that come while one goes on
  /** @type {Verdict | null} */ verdict = null;
  waitingFor = "";
  toldOf = ""; // the answer whose mark is shown
  showing = "";
  hints = 0;
  left = 0; // questions of this round
  shownAt = 0;
  looked = false;
  going = new URLSearchParams(location.search).get("go") === "1"; // a round was begun by its button, though nothing is answered yet

  // Questions

  /** Whether this round has another question here. */
  get rest() {
    const { of = 0, sorted = 0 } = this.counts.round ?? {};
    return of - sorted;
  }

  next() {
    clearTimeout(this.timer);
    this.verdict = null;
    this.waitingFor = "";
    const question = this.questions[0];
    if (!question) return this.end();
    if (this.counts.round && !this.counts.round.begun && !this.going) return this.end();
    const wait = question.after_ms + question.wait_ms - Date.now();
    if (wait > 0) return this.holds(question, wait);
    this.ask(question);
  }

  /** A lone card rests a moment between the look and the question. @param {Question} question @param {number} wait */
  holds(question, wait) {
    this.current = null;
    this.states("gap");
    say("gap", (this.dataset.gap ?? "").replace("%n", String(Math.ceil(wait / 1000))));
    this.timer = setTimeout(() => (question.after_ms + question.wait_ms > Date.now() ? this.holds(question, question.after_ms + question.wait_ms - Date.now()) : this.ask(question)), 500);
  }

  /** @param {any} question */
  ask(question) {
    hush();
    document.dispatchEvent(new CustomEvent("k-asks"));
    this.current = question;
    this.since = performance.now();
    this.away = this.hints = 0;
    this.looked = false;
    this.leaving = false;
    const extra = question.extra;
    const heading = question.qtype === "points" && question.line === "points" ? counted(this, "points", extra.of) : question.point !== null && question.qtype === "points" ? ((question.line === "lacking" ? this.dataset.lacking : this.dataset.place) ?? "").replace("%i", extra.place).replace("%n", extra.of) : line(question.line);
    say("line", heading);
    part("again").hidden = !question.again;
    this.fill("prompt", question.front);
    part("prompt").classList.toggle("term", question.front.kind === "short");
    part("whole").hidden = !extra.cut;
    part("whole").open = false;
    say("whole-text", question.front.text);
    part("cue").hidden = !extra.context && !extra.begins;
    say("cue-kind", line(extra.begins ? "begins" : "under"));
    say("cue-text", extra.context || extra.begins || "");
    part("claim").hidden = question.qtype !== "tf";
    if (question.claim) this.fill("claim", question.claim);
    part("answer").hidden = question.qtype !== "look";
    this.fill("answer", question.back);
    part("yours").hidden = true;
    part("hintbox").hidden = true;
    part("retype").hidden = true;
    part("told").replaceChildren();
    if (question.qtype === "choice") this.choices(question);
    if (question.qtype === "typed" || question.qtype === "points") this.field(question);
    for (const name of HINTS) if (part(name)) part(name).hidden = !question.hints;
    part("grid").className = "stack s4";
    document.getElementById("main")?.classList.remove("broad");
    this.states(question.qtype);
    this.marked();
    this.figures();
    const link = part("edit");
    if (link) link.href = `${this.data.urls.here}card/${question.card}/?note=${question.note}`;
    const field = document.getElementById("answer");
    if (field && (question.qtype === "typed" || question.qtype === "points")) field.focus({ preventScroll: true });
    else this.focusOn(document.getElementById("face"));
    window.scrollTo({ top: 0 });
    if (this.options.aloud) this.aloud(false);
  }

  /** @param {string} name @param {any} side */
  fill(name, side) {
    const place = part(name);
    place.innerHTML = side.html; // cleaned on its way in, and the page's policy runs no script of it
    if (side.lang) place.setAttribute("lang", side.lang);
    else place.removeAttribute("lang");
  }

  /** @param {any} question */
  choices(question) {
    const buttons = question.choices.map((/** @type {any} */ choice, /** @type {number} */ i) => {
      const [button, key, text] = [/** @type {HTMLButtonElement} */ (made("button", "opt")), made("span", "key", String(i + 1)), made("span", "grow")];
      button.name = "choice";
      button.value = choice.id;
      button.title = choice.text;
      text.dir = "auto";
      if (choice.lang) text.lang = choice.lang;
      text.innerHTML = choice.html;
      button.append(key, text);
      return button;
    });
    part("choices").replaceChildren(...buttons);
  }

  /** A line for a word, a box for a list. @param {any} question */
  field(question) {
    const old = /** @type {HTMLElement} */ (document.getElementById("answer"));
    const list = question.qtype === "points";
    const field = /** @type {HTMLInputElement} */ (made(list ? "textarea" : "input", list ? "in typed fits" : "in typed"));
    field.id = "answer";
    field.name = "text";
    field.autocomplete = "off";
    field.setAttribute("autocapitalize", "off");
    field.spellcheck = false;
    field.dir = "auto";
    field.maxLength = 20_000;
    field.setAttribute("aria-describedby", "answer-help");
    if (list) field.setAttribute("rows", question.point === null || question.line === "points" ? "5" : "2");
    old.replaceWith(field);
    say("help", list && question.line === "points" ? line("own") : "");
  }

  /** Shows what belongs to one of: choice, tf, typed, points, self, judge, look, told, later, gap, end. @param {string} name */
  states(name) {
    this.showing = name;
    for (const each of document.querySelectorAll("[data-for]")) {
      if (each instanceof HTMLElement) each.hidden = !(each.dataset.for ?? "").split(" ").includes(name);
    }
    part("told").hidden = name !== "told";
    part("grid").hidden = ["gap", "end", "later"].includes(name);
    this.shownAt = performance.now();
  }

  /** @param {HTMLElement | null} element */
  focusOn(element) {
    element?.focus({ preventScroll: true });
  }

  figures() {
    const { of = 1, sorted = 0, number = 1, begun = true, next = 1 } = this.counts.round ?? {};
    const [place, all] = begun ? [Math.min(of, sorted + (this.current?.again ? 0 : 1)), of] : [1, next];
    say("position", `${place}/${all}`);
    say("round", (this.dataset.round ?? "").replace("%n", String(begun ? number : number + 1)));
  }

  // Hints

  hint() {
    const question = /** @type {any} */ (this.current);
    if (!question || !this.options.hints || !["choice", "tf", "typed", "points", "self"].includes(this.showing) || this.hints >= question.hints) return false;
    const rung = this.hints + 1;
    void fetch(`/api/v1/sittings/${this.data.sitting}/hint?${new URLSearchParams({ question: question.id, rung: String(rung) })}`, { credentials: "same-origin" })
      .then((response) => (response.ok ? response.json() : Promise.reject(response)))
      .then((hint) => {
        if (this.current?.id !== question.id || this.waitingFor) return;
        this.hints = rung;
        for (const button of part("choices").querySelectorAll("button")) button.hidden = button.hidden || hint.removed.includes(button.value);
        part("hintbox").hidden = hint.kind === "options" && !hint.html;
        say("hint-words", (this.dataset.hint ?? "").replace("%i", hint.rung).replace("%n", hint.of));
        part("hint-own").hidden = !hint.html;
        part("hint-own").innerHTML = hint.html; // cleaned on its way in, and the page's policy runs no script of it
        part("hint-lines").replaceChildren(...hint.lines.map((/** @type {string} */ text) => Object.assign(made("p", "letters", text), { dir: "auto" })));
        say("help", line("assisted"));
        for (const name of HINTS) if (part(name)) part(name).hidden = rung >= question.hints;
        document.getElementById("answer")?.focus({ preventScroll: true });
      })
      .catch(() => toast(words("unreached")));
  }

  aloud(asked = true) {
    if (!this.current) return;
    const heard = hear(/** @type {HTMLElement} */ (document.getElementById("face")), this.current.front);
    if (!heard && asked) toast(words("voiceless"));
  }
}
