/**
 * Learn: a question, an answer, how it went; the server judges, the page shows it at once and goes on without a connection.
 *
 *   <k-learn data-round="Round %n" data-right="Right" … data-points-1="Write what you know: %n point"></k-learn>
 */

import { composing, toast } from "look/base.js";
import { counted } from "look/counted.js";
import { Mode, part, say, words } from "modes/island-base.js";
import { hear, hush } from "modes/island-voice.js";

const ON_MS = 800; // a right answer is seen so long before the next question
const PATIENCE_MS = 2500; // a verdict that takes longer is waited for on the way
const HANDS_OFF_MS = 250;

/** @typedef {import("modes/island-base.js").Question} Question */
/** @typedef {{text: string, mark: string, quote: string, weight: number}} Point */
/** @typedef {{label: string, score: number, points: Point[], contradicted: boolean, reasons: string[], right: string[], answer: any, mistaken_for: {text: string, says: string} | null, text: string, choice: string, differing: {text: string, is: string}[], strictness: string}} Verdict */

/** @param {string} name @returns {string} */
const line = (name) => document.getElementById("lines")?.dataset[name] ?? "";

/** @param {string} tag @param {string} className @param {string} [text] */
function made(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** @param {string} name @returns {Node} the drawing with this name */
function drawing(name) {
  const shape = /** @type {HTMLTemplateElement} */ (document.getElementById("verdicts"));
  const found = shape.content.querySelector(`[data-icon="${name}"] svg`);
  return found ? found.cloneNode(true) : document.createTextNode("");
}

/** @param {string} name @returns {string} */
function markWord(name) {
  const shape = /** @type {HTMLTemplateElement} */ (document.getElementById("verdicts"));
  return /** @type {HTMLElement | null} */ (shape.content.querySelector(`[data-icon="${name}"]`))?.dataset.word ?? "";
}

class Learn extends Mode {
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

  connectedCallback() {
    document.addEventListener("k-judged", (event) => this.judged(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("k-appealing", () => clearTimeout(this.timer));
    document.addEventListener("k-appealed", (event) => this.appealed(/** @type {CustomEvent} */ (event).detail));
    super.connectedCallback();
  }

  begin() {
    document.addEventListener("keydown", (event) => this.any(event));
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

  /** Keys while one writes: Enter checks a line, with Control a list; Alt and a letter for the rest. */
  addKeysWithin() {
    document.addEventListener("keydown", (event) => {
      if (composing(event) || event.defaultPrevented) return;
      const inList = event.target instanceof HTMLTextAreaElement;
      if (inList && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.check();
      } else if (event.altKey && !event.ctrlKey && event.key.toLowerCase() === "h") {
        event.preventDefault();
        this.hint();
      } else if (event.altKey && !event.ctrlKey && event.key.toLowerCase() === "d") {
        event.preventDefault();
        this.unknown();
      }
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
    const heading = question.qtype === "points" && question.line === "points" ? counted(this, "points", extra.of) : question.line === "point" ? (this.dataset.place ?? "").replace("%i", extra.place).replace("%n", extra.of) : line(question.line);
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
    for (const name of ["hint-link", "next-hint"]) if (part(name)) part(name).hidden = !question.hints;
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
    document.dispatchEvent(new CustomEvent("k-told", { detail: { answer: told.id, sitting: this.data.sitting, qtype: this.current?.qtype ?? "", verdict: told.verdict } }));
    if (this.countsIt(told.verdict)) this.focusOn(document.querySelector('#appeal [data-label="close"][value="right"]'));
    if (told.verdict.label === "right" && !this.options.wait && !told.verdict.points.length) this.timer = setTimeout(() => this.goOn(), ON_MS);
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
    this.drawn(detail.verdict);
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
    this.drawn(verdict);
    if (this.options.retype && verdict.label === "wrong" && question.qtype === "typed") this.retype(verdict);
    else this.focusOn(part("continue"));
  }

  /** @param {Verdict} verdict */
  drawn(verdict) {
    const question = /** @type {any} */ (this.current);
    const told = part("told");
    told.replaceChildren();
    if (question.qtype === "choice") told.append(this.optionsAfter(question, verdict));
    told.append(this.box(question, verdict));
    if (question.qtype === "points") this.pointsAfter(question, verdict, told);
  }

  /** @param {any} question @param {Verdict} verdict */
  optionsAfter(question, verdict) {
    const list = made("ul", "options");
    list.setAttribute("role", "list");
    question.choices.forEach((/** @type {any} */ choice, /** @type {number} */ i) => {
      const [right, chosen] = [verdict.right.includes(choice.id), verdict.choice === choice.id];
      const row = made("li", `opt ${right ? "is-right" : chosen ? "is-wrong" : "is-off"}`);
      const [key, text] = [made("span", "key", right || chosen ? "" : String(i + 1)), made("span", "grow")];
      if (right || chosen) key.append(drawing(right ? "check" : "x"));
      text.dir = "auto";
      text.innerHTML = choice.html;
      row.append(key, text);
      if (right || chosen) row.append(made("span", `say v ${right ? "right" : "wrong"}`, line(right ? "rightone" : "chose")));
      list.append(row);
    });
    return list;
  }

  /** @param {any} question @param {Verdict} verdict */
  box(question, verdict) {
    const box = made("section", `verdict ${verdict.label}`);
    box.setAttribute("role", "status");
    const head = made("p", `v ${verdict.label}`);
    head.append(drawing(verdict.label));
    const word = made("span", "");
    head.append(word);
    box.append(head);
    const got = verdict.points.reduce((sum, point) => sum + (point.mark === "covered" ? 1 : point.mark === "partly" ? 0.5 : 0), 0);
    const many = verdict.points.length > 1 ? (this.dataset.of ?? "").replace("%i", String(got).replace(".5", "½").replace(/^0½/, "½")).replace("%n", String(verdict.points.length)) : "";
    requestAnimationFrame(() => (word.textContent = [this.dataset[verdict.label] ?? "", many].filter(Boolean).join(": ")));
    if (verdict.label !== "right") this.because(question, verdict, box);
    if (verdict.mistaken_for) {
      const row = made("p", "", `${line("belongs")} `);
      row.append(made("b", "", verdict.mistaken_for.text), ". ", made("span", "muted", verdict.mistaken_for.says));
      box.append(row);
    }
    for (const reason of verdict.reasons) box.append(made("p", "small", reason));
    if (verdict.contradicted) box.append(made("p", "small", this.dataset.opposite ?? ""));
    const lacks = verdict.points.length > 1 && verdict.points.some((point) => point.mark !== "covered");
    if (lacks && verdict.label !== "right") box.append(made("p", "small muted", line("lacking")));
    else if (verdict.label === "wrong") box.append(made("p", "small muted", line("comes")));
    return box;
  }

  /** @param {any} question @param {Verdict} verdict @param {HTMLElement} box */
  because(question, verdict, box) {
    if (question.qtype === "tf") {
      const row = made("p", "", verdict.right[0] === "true" ? line("together") : `${line("apart")} `);
      if (verdict.right[0] !== "true") row.append(made("b", "", verdict.answer.text.slice(0, 160)));
      box.append(row);
    }
    if (question.qtype !== "typed") return;
    if (verdict.text) box.append(this.pair(line("wrote"), made("span", "book", verdict.text.slice(0, 400))));
    const right = made("b", "book");
    right.innerHTML = verdict.answer.html;
    box.append(this.pair(line("theanswer"), right));
    if (!verdict.differing.length) return;
    const bits = made("span", "book");
    for (const piece of verdict.differing) bits.append(piece.is === "same" ? piece.text : made(piece.is === "gone" ? "del" : "ins", "", piece.text));
    box.append(this.pair(line("difference"), bits));
  }

  /** @param {string} name @param {HTMLElement} value */
  pair(name, value) {
    const row = made("p", "");
    value.dir = "auto";
    row.append(made("span", "muted", name), " ", value);
    return row;
  }

  /** @param {any} question @param {Verdict} verdict @param {HTMLElement} told */
  pointsAfter(question, verdict, told) {
    const whole = verdict.points.length > 1;
    if (whole) {
      part("grid").className = "kpgrid";
      document.getElementById("main")?.classList.add("broad");
    }
    part("yours").hidden = !verdict.text;
    this.written(verdict);
    const list = made("ol", "kp paper");
    list.setAttribute("role", "list");
    verdict.points.forEach((point, i) => {
      const row = made("li", "");
      row.dataset.mark = point.mark;
      const text = made("p", "pt", point.text);
      text.dir = "auto";
      const tone = { covered: "right", partly: "close", contradicted: "wrong" }[point.mark] ?? "muted";
      row.append(drawing(point.mark), text, made("p", `v small ${tone}`, markWord(point.mark)));
      if (point.quote) {
        const quoted = made("q", "", point.quote);
        quoted.dir = "auto";
        const row2 = made("p", "ev", `${line("wrote")} `);
        row2.append(quoted);
        row.append(row2);
      }
      const button = /** @type {HTMLButtonElement} */ (made("button", "b small", `${line("overturn")} `));
      button.setAttribute("form", "appeal");
      button.name = `tick-${i}`;
      button.value = point.mark === "covered" ? "missing" : "covered";
      if (i < 9) button.append(made("kbd", "", String(i + 1)));
      row.append(button);
      list.append(row);
    });
    told.append(list);
  }

  /** What was written, with the words that count marked and numbered as the points are. @param {Verdict} verdict */
  written(verdict) {
    const place = part("written");
    /** @type {{from: number, to: number, tone: string, number: number}[]} */
    const found = [];
    verdict.points.forEach((point, i) => {
      const at = point.quote ? verdict.text.indexOf(point.quote) : -1;
      const to = at + point.quote.length;
      if (at >= 0 && !found.some((one) => at < one.to && to > one.from)) {
        found.push({ from: at, to, tone: { covered: "right", partly: "close", contradicted: "wrong" }[point.mark] ?? "close", number: i + 1 });
      }
    });
    found.sort((a, b) => a.from - b.from);
    let at = 0;
    place.replaceChildren();
    for (const one of found) {
      const mark = made("mark", one.tone, verdict.text.slice(one.from, one.to));
      mark.append(made("sup", "", String(one.number)));
      place.append(verdict.text.slice(at, one.from), mark);
      at = one.to;
    }
    place.append(verdict.text.slice(at));
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

  // Hints

  hint() {
    const question = /** @type {any} */ (this.current);
    if (!question || !this.options.hints || !["choice", "typed", "points"].includes(this.showing) || this.hints >= question.hints) return false;
    const rung = this.hints + 1;
    void fetch(`/api/v1/sittings/${this.data.sitting}/hint?${new URLSearchParams({ question: question.id, rung: String(rung) })}`, { credentials: "same-origin" })
      .then((response) => (response.ok ? response.json() : Promise.reject(response)))
      .then((hint) => {
        if (this.current?.id !== question.id || this.waitingFor) return;
        this.hints = rung;
        for (const button of part("choices").querySelectorAll("button")) button.hidden = button.hidden || hint.removed.includes(button.value);
        part("hintbox").hidden = hint.kind === "options";
        say("hint-words", (this.dataset.hint ?? "").replace("%i", hint.rung).replace("%n", hint.of));
        part("hint-lines").replaceChildren(...hint.lines.map((/** @type {string} */ text) => Object.assign(made("p", "letters", text), { dir: "auto" })));
        say("help", line("assisted"));
        for (const name of ["hint-link", "next-hint"]) if (part(name)) part(name).hidden = rung >= question.hints;
        document.getElementById("answer")?.focus({ preventScroll: true });
      })
      .catch(() => toast(words("unreached")));
  }

  // What the server told

  refreshed() {
    if (this.leaving) return;
    if (["told", "later"].includes(this.showing) || this.waitingFor) return;
    if (this.over) return this.end();
    const open = this.questions.find((each) => each.id === this.current?.id);
    if (!open) this.next();
    else this.figures();
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

  aloud(asked = true) {
    if (!this.current) return;
    const heard = hear(/** @type {HTMLElement} */ (document.getElementById("face")), this.current.front);
    if (!heard && asked) toast(words("voiceless"));
  }
}

customElements.define("k-learn", Learn);
