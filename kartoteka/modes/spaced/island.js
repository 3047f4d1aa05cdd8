/**
 * Spaced Repetition: show the answer, judge it; what was missed comes back; why this card now.
 *
 *   <k-spaced data-left="about %n min left" data-back-1="1 comes back" … data-again="again in ~%n min"></k-spaced>
 */

import { composing, post, toast } from "look/base.js";
import { counted, figures } from "look/counted.js";
import { nameKeys } from "look/keys.js";
import { Mode, nextTurn, part, say, swipes, words } from "modes/island-base.js";
import { Slips, Why } from "modes/spaced/island-beside.js";

const FORGOT = 1;
const GOT_IT = 3;
const PASS = 0.7; // of a list, with every must-have
const MINUTE_MS = 60_000;
const USUAL_MS = 12_000;

/** @typedef {import("modes/island-base.js").Question} Question */

class Spaced extends Mode {
  /** @type {Why} */ why = /** @type {any} */ (null);
  /** @type {Slips} */ slips = /** @type {any} */ (null);
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  sooner = false;
  meets = false; // more cards are asked for
  broughtBack = ""; // the question of a card that undo brought back, until the server tells of it too
  chosen = GOT_IT; // the grade that Space gives
  /** @type {Record<string, string>} */ ticks = {};

  begin() {
    this.sooner = new URLSearchParams(location.search).get("now") === "1";
    this.why = new Why(this.data.urls.here);
    this.slips = new Slips(this);
    this.face.element.addEventListener("click", (event) => {
      if (event.target instanceof Element && !event.target.closest("a, button, audio, video, summary, input") && !getSelection()?.toString()) this.flip();
    });
    swipes(this.face.element, (side) => this.face.shown && this.rate(side === "right" ? GOT_IT : FORGOT));
    this.face.element.addEventListener("k-points", () => {
      say("got-key", this.face.points.length ? "3" : "Space");
      nameKeys(part("got-key")?.parentElement ?? undefined);
    });
    const field = this.field();
    field?.addEventListener("keydown", (event) => {
      const line = (this.current?.back.points.length ?? 0) < 2 && !event.shiftKey;
      if (event.key !== "Enter" || composing(event) || !(line || event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.flip();
    });
    part("ticks")?.addEventListener("change", () => this.ticked());
    this.next("");
    if (new URLSearchParams(location.search).get("shown") === "1") this.flip();
  }

  keys() {
    const go = () => (this.current ? (this.face.shown ? this.forward() : this.flip()) : this.now());
    return {
      ...super.keys(),
      Space: (/** @type {KeyboardEvent} */ event) => (event.target instanceof HTMLInputElement ? false : go()), // a tick is ticked by it
      Enter: go,
      1: () => this.rate(1),
      2: () => (this.options.ratings ? this.rate(2) : false),
      3: () => this.rate(3),
      4: () => (this.options.ratings ? this.rate(4) : false),
      w: () => this.why.turn(),
      b: () => this.putAway({ buried: true }, this.dataset.buried ?? ""),
      x: () => this.putAway({ suspended: true }, this.dataset.aside ?? ""),
      m: () => this.meetMore(),
    };
  }

  /** @param {string} name @param {string} value @param {Element | null} from */
  does(name, value, from) {
    if (name === "rate") return this.rate(Number(value));
    if (name === "now") return this.now();
    if (name === "written") return this.flip();
    if (name === "more") return this.meetMore();
    if (name === "suspend") return this.putAway({ suspended: true }, this.dataset.aside ?? "");
    if (name === "leave-leech") return this.leaveIt();
    return super.does(name, value, from);
  }

  /** The first question that need not wait. @returns {Question | undefined} */
  ready() {
    return this.questions.find((each) => this.sooner || each.after_ms + each.wait_ms <= Date.now());
  }

  /** @param {"comes" | "goes-back" | ""} from */
  next(from) {
    clearTimeout(this.timer);
    const question = this.ready();
    if (question) return this.ask(question, from);
    if (this.questions.length) return this.wait();
    this.end();
  }

  /** @param {Question} question @param {"comes" | "goes-back" | ""} from */
  ask(question, from) {
    this.leaving = this.meets = false;
    this.state("front");
    this.put(question, { from });
    const again = part("again");
    again.hidden = !question.again;
    const minutes = Math.max(1, Math.round((Date.now() - question.after_ms) / MINUTE_MS));
    if (question.again) say("again-words", question.extra.at === "1" ? (this.dataset.missed ?? "").replace("%n", String(minutes)) : (this.dataset.once ?? ""));
    const points = question.back.points.length;
    if (question.extra.at === "point") say("again-words", (this.dataset.point ?? "").replace("%i", question.extra.place).replace("%n", question.extra.of));
    else if (question.front.kind !== "quote" && points > 1) this.face.foot(counted(this, "points", points));
    this.writes();
    this.slips.of(question);
    this.figures();
    this.why.of(question);
  }

  // Writing the answer first

  /** @returns {HTMLTextAreaElement | null} */
  field() {
    return /** @type {HTMLTextAreaElement | null} */ (document.getElementById("answer"));
  }

  /** A new card: an empty box, where one likes to write first. */
  writes() {
    this.chosen = GOT_IT;
    this.ticks = {};
    this.suggest(GOT_IT);
    part("marks").hidden = true;
    const [box, field] = [part("writing"), this.field()];
    box.hidden = !this.options.write;
    if (!field) return;
    field.value = "";
    field.readOnly = false;
    if (this.options.write) field.focus({ preventScroll: true });
  }

  /** The answer beside what was written, with the grade that this suggests. */
  async marksIt() {
    const [question, field] = [this.current, this.field()];
    if (!question || !this.options.write || !field) return;
    field.readOnly = true;
    field.blur();
    const text = field.value.trim();
    let told = null;
    if (text) {
      try {
        told = await post(`/api/v1/sittings/${this.data.sitting}/judge`, { question: question.id, text });
      } catch {
        told = null; // without a connection one judges it alone
      }
    }
    if (this.current?.id !== question.id) return;
    const points = told?.verdict?.points ?? question.back.points.map((each) => ({ text: each, mark: "missing", weight: 1 }));
    const list = points.length > 1 ? points : [];
    if (!told && !list.length) return;
    part("marks").hidden = false;
    part("ticks").hidden = !list.length;
    part("ticks").replaceChildren(...list.map((/** @type {any} */ point, /** @type {number} */ i) => this.tick(point, i)));
    if (told) this.suggest(told.rating ?? 0);
    if (list.length) this.ticks = Object.fromEntries(list.map((/** @type {any} */ point, /** @type {number} */ i) => [String(i), point.mark === "covered" ? "covered" : "missing"]));
    say("suggests", told ? this.suggestion(told.rating ?? 0) : (this.dataset.tick ?? ""));
    if (!told) this.ticks = {};
  }

  /** @param {any} point @param {number} i */
  tick(point, i) {
    const [row, label, box, text] = [document.createElement("li"), document.createElement("label"), document.createElement("input"), document.createElement("span")];
    label.className = "keep";
    box.type = "checkbox";
    box.checked = point.mark === "covered";
    box.dataset.place = String(i);
    box.dataset.weight = String(point.weight);
    text.dir = "auto";
    text.className = "book";
    text.textContent = point.text;
    label.append(box, text);
    row.append(label);
    return row;
  }

  ticked() {
    const boxes = /** @type {HTMLInputElement[]} */ ([...part("ticks").querySelectorAll("input")]);
    this.ticks = Object.fromEntries(boxes.map((box) => [box.dataset.place ?? "", box.checked ? "covered" : "missing"]));
    const weight = (/** @type {HTMLInputElement[]} */ some) => some.reduce((sum, box) => sum + Number(box.dataset.weight), 0);
    const passed = weight(boxes.filter((box) => box.checked)) / weight(boxes) >= PASS && boxes.every((box) => box.checked || Number(box.dataset.weight) < 2);
    this.suggest(passed ? GOT_IT : FORGOT);
    say("suggests", this.suggestion(passed ? GOT_IT : FORGOT));
  }

  /** @param {number} rating */
  suggestion(rating) {
    return this.getAttribute(`data-suggests-${rating}`) ?? "";
  }

  /** The button that Space presses. @param {number} rating 0: none is suggested */
  suggest(rating) {
    this.chosen = rating === 2 && !this.options.ratings ? GOT_IT : rating || GOT_IT;
    for (const button of document.querySelectorAll('[data-does="rate"] button')) {
      if (button instanceof HTMLButtonElement) button.classList.toggle("go", Number(button.value) === this.chosen);
    }
  }

  flip() {
    if (!this.current) return;
    if (this.face.shown) {
      this.face.step();
      return;
    }
    this.face.back();
    void this.marksIt();
    this.focusMoves();
    this.state("back");
    this.slips.beside(this.current);
    this.worded(this.current);
    this.why.of(this.current);
    if (this.options.aloud) this.aloud(false);
  }

  /** Space after the answer: the next point while there is one, then Got it. */
  forward() {
    if (!this.face.step()) this.rate(this.chosen);
  }

  /** @param {Question} question */
  worded(question) {
    for (const place of document.querySelectorAll("[data-words]")) {
      const rating = place.getAttribute("data-words") ?? "";
      place.textContent = question.buttons[rating]?.words ?? "";
    }
  }

  /** @param {number} rating @returns {boolean | void} */
  rate(rating) {
    const question = this.current;
    if (!question || !this.face.shown) return;
    const text = this.options.write ? (this.field()?.value.trim() ?? "") : "";
    if (!this.answer({ rating, flipped: true, ...(text ? { text } : {}), ...(Object.keys(this.ticks).length ? { ticks: this.ticks } : {}) })) return false;
    this.sound(rating === FORGOT ? "wrong" : "right");
    if (!question.again) this.counts[question.level === "new" ? "met" : "first_asked"] = (this.counts[question.level === "new" ? "met" : "first_asked"] ?? 0) + 1;
    this.returns(question, rating);
    this.next("comes");
  }

  /** Until the server has spoken, a card comes back by the waits it told of. @param {Question} question @param {number} rating */
  returns(question, rating) {
    const { paths, waits, others } = this.data.rules;
    const at = paths?.[question.extra.at]?.[String(rating)];
    if (!at) return;
    const buttons = Object.fromEntries(["1", "2", "3", "4"].map((each) => [each, this.promised(paths, waits, at, each, question)]));
    const back = { ...nextTurn(question), after_ms: Date.now(), wait_ms: waits[at], extra: { ...question.extra, at }, buttons };
    this.questions.splice(Math.min(others, this.questions.length), 0, back);
  }

  /** @param {any} paths @param {any} waits @param {string} at @param {string} rating @param {Question} question */
  promised(paths, waits, at, rating, question) {
    const then = paths[at]?.[rating];
    if (then) return { days: 0, words: (this.dataset.again ?? "").replace("%n", String(Math.round(waits[then] / MINUTE_MS))) };
    const said = question.buttons[rating];
    return said?.days ? said : { days: 0, words: "" };
  }

  /** @param {Question} question */
  back(question) {
    this.questions = [question, ...this.questions.filter((each) => each.card !== question.card)];
    this.ask(question, "goes-back");
  }

  refreshed() {
    if (this.leaving) return;
    if (this.over) return this.end();
    const open = this.questions.find((each) => each.id === this.current?.id);
    if (!this.current) return this.next("");
    if (!open && this.current.id === this.broughtBack) {
      this.questions.unshift(this.current); // the server told this before it heard of that
      return;
    }
    if (!open) return this.next("comes");
    this.broughtBack = "";
    this.current.buttons = open.buttons;
    if (this.face.shown) this.worded(open);
    this.figures();
  }

  figures() {
    const { n, met = 0, first_asked: asked = 0, for_points: pointed = 0 } = this.counts;
    const answered = met + asked + pointed;
    const back = this.questions.filter((each) => each.again && each.id !== this.current?.id).length;
    say("position", `${figures(Math.min(n, answered + (this.current?.turn === 0 ? 1 : 0)))}/${figures(n)}`);
    say("sub", back ? counted(this, "back", back) : (this.dataset.left ?? "").replace("%n", String(this.minutes(n - answered))));
    const bar = part("progress");
    if (bar) {
      bar.max = n;
      bar.value = answered;
      bar.setAttribute("aria-label", (this.dataset.reviewed ?? "").replace("%i", figures(answered)).replace("%n", figures(n)));
    }
  }

  /** @param {number} left */
  minutes(left) {
    const pace = this.counts.answers >= 3 ? this.counts.took_ms / this.counts.answers : USUAL_MS;
    return Math.max(1, Math.round((left * pace) / MINUTE_MS));
  }

  // Waiting for what comes back

  wait() {
    this.current = null;
    this.state("wait");
    const ticking = () => {
      if (this.current) return;
      if (this.ready()) return this.next("comes");
      this.waits();
      this.timer = setTimeout(ticking, 1000);
    };
    ticking();
    this.figures();
  }

  waits() {
    const left = this.questions.map((each) => ({ each, ms: Math.max(0, each.after_ms + each.wait_ms - Date.now()) })).sort((a, b) => a.ms - b.ms);
    say("wait-words", counted(this, "wait", left.length).replace("%m", this.span(left[0].ms)));
    say("finish-words", counted(this, "finish", left.length));
    const list = part("wait-list");
    const rows = left.map(({ each, ms }) => {
      const [row, term, when] = [document.createElement("li"), document.createElement("span"), document.createElement("span")];
      row.className = "row between nowrap";
      term.className = "book fold1";
      term.dir = "auto";
      term.textContent = each.front.text;
      when.className = "muted nowrap";
      when.textContent = (this.dataset.in ?? "").replace("%s", this.span(ms));
      row.append(term, when);
      return row;
    });
    list?.replaceChildren(...rows);
  }

  /** @param {number} ms */
  span(ms) {
    const seconds = Math.max(1, Math.ceil(ms / 1000));
    return seconds < 60 ? (this.dataset.sec ?? "").replace("%n", String(seconds)) : (this.dataset.min ?? "").replace("%n", String(Math.ceil(seconds / 60)));
  }

  now() {
    if (this.current || !this.questions.length) return;
    this.sooner = true;
    this.questions.sort((a, b) => a.after_ms + a.wait_ms - b.after_ms - b.wait_ms);
    this.next("comes");
  }

  /** A few more cards meanwhile: the server deals them, when it has every answer. */
  meetMore() {
    if (this.current || !document.querySelector('[data-does="more"]')) return false;
    if (!navigator.onLine) {
      toast(words("unreached"));
      return;
    }
    this.meets = true;
    document.dispatchEvent(new CustomEvent("k-flush"));
  }

  settled() {
    const form = document.querySelector('[data-does="more"]');
    if (!this.meets || !(form instanceof HTMLFormElement)) return super.settled();
    this.meets = false;
    form.submit();
  }

  // Put away

  /** Undo brings it back, by its key too. @param {{buried?: boolean, suspended?: boolean}} what @param {string} words */
  putAway(what, words) {
    const question = this.current;
    if (!question) return;
    const place = this.questions.findIndex((each) => each.card === question.card);
    const undone = () => {
      this.undoable = this.undoable.filter((each) => each.undone !== undone);
      void this.mark({ card: question.card, ...Object.fromEntries(Object.keys(what).map((name) => [name, false])) }).then((back) => {
        if (!back) return;
        unsay();
        this.questions.splice(Math.max(place, 0), 0, question);
        this.broughtBack = question.id;
        this.ask(question, "goes-back");
        document.dispatchEvent(new CustomEvent("k-look", { detail: { sitting: this.data.sitting } })); // how many cards there are now
      });
    };
    let unsay = () => {};
    void this.mark({ card: question.card, ...what }).then((kept) => {
      if (!kept) return;
      this.undoable.push({ id: "", questions: [], counts: {}, current: question, undone });
      this.questions = this.questions.filter((each) => each.card !== question.card);
      if (this.current?.card === question.card) this.next("comes");
      unsay = toast(words, undone);
    });
  }

  leaveIt() {
    if (!this.current) return;
    this.slips.letBe(this.current);
    this.face.element.focus({ preventScroll: true });
  }
}

customElements.define("k-spaced", Spaced);
