/**
 * How an answer went, drawn: the choices as they were, what was written beside what is right, a list point by point.
 */

import { part } from "modes/island-base.js";

/** @typedef {{text: string, mark: string, quote: string, weight: number}} Point */
/** @typedef {{label: string, score: number, points: Point[], contradicted: boolean, reasons: string[], right: string[], answer: any, mistaken_for: {text: string, says: string} | null, text: string, choice: string, differing: {text: string, is: string}[], strictness: string}} Verdict */

/** @param {string} name @returns {string} */
export const line = (name) => document.getElementById("lines")?.dataset[name] ?? "";

/** @param {string} tag @param {string} className @param {string} [text] */
export function made(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** @param {string} name @returns {Node} the drawing with this name */
export function drawing(name) {
  const shape = /** @type {HTMLTemplateElement} */ (document.getElementById("verdicts"));
  const found = shape.content.querySelector(`[data-icon="${name}"] svg`);
  return found ? found.cloneNode(true) : document.createTextNode("");
}

/** @param {string} name @returns {string} */
function markWord(name) {
  const shape = /** @type {HTMLTemplateElement} */ (document.getElementById("verdicts"));
  return /** @type {HTMLElement | null} */ (shape.content.querySelector(`[data-icon="${name}"]`))?.dataset.word ?? "";
}

export class Telling {
  /** @param {HTMLElement} host whose data has the words */
  constructor(host) {
    this.says = host.dataset;
  }

  /** @param {any} question @param {Verdict} verdict */
  draw(question, verdict) {
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
    const many = verdict.points.length > 1 ? (this.says.of ?? "").replace("%i", String(got).replace(".5", "½").replace(/^0½/, "½")).replace("%n", String(verdict.points.length)) : "";
    requestAnimationFrame(() => (word.textContent = [this.says[verdict.label] ?? "", many].filter(Boolean).join(": ")));
    if (verdict.label !== "right") this.because(question, verdict, box);
    if (verdict.mistaken_for) {
      const row = made("p", "", `${line("belongs")} `);
      row.append(made("b", "", verdict.mistaken_for.text), ". ", made("span", "muted", verdict.mistaken_for.says));
      box.append(row);
    }
    for (const reason of verdict.reasons) box.append(made("p", "small", reason));
    if (verdict.contradicted) box.append(made("p", "small", this.says.opposite ?? ""));
    const lacks = question.line === "points" && verdict.points.some((point) => point.mark !== "covered");
    if (lacks) box.append(made("p", "small muted", line("lacking")));
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
    const alone = question.qtype === "points" && !verdict.points.length;
    if (question.qtype !== "typed" && !alone) return;
    if (verdict.text && !alone) box.append(this.pair(line("wrote"), made("span", "book", verdict.text.slice(0, 400))));
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
    if (verdict.points.length) told.append(list);
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
}
