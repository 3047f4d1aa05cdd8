/**
 * Settling a mark otherwise, at once: `O` overturns it either way, the number of a point its tick.
 *
 *   <k-appeal data-right="Overturned: counts as right." …></k-appeal> beside <form id="appeal">
 *
 * A mode says `k-told` {answer, sitting, qtype, verdict} when it shows how an answer went, and `k-asks` when the next question is there.
 * This says `k-appealing` when a mark is being settled, `k-settle` to whoever keeps answers, and `k-appealed` {answer, sitting, qtype, verdict} at once with what
 * the learner says, and again when the server (`k-overturned`) has said what follows; it judges nothing itself.
 * Points have buttons of their own: <button form="appeal" name="tick-0" value="covered">Overturn <kbd>1</kbd></button>
 */

import { onKeys, toast } from "look/base.js";
import { part } from "modes/island-base.js";

const JUDGED = ["choice", "tf", "typed", "points"];
const HANDS_OFF_MS = 250; // a key still held from the answer is no appeal

/** @typedef {{answer: string, sitting: string, qtype: string, verdict: any}} ToldOf */

/** @typedef {{to: string | null, ticks: Record<string, string>, accept: boolean}} Said */

/** The verdict as the learner says it is, until the server has reckoned what follows. @param {any} verdict @param {Said} said */
function thought(verdict, said) {
  if (said.accept) return verdict;
  if (said.to) return { ...verdict, label: said.to, contradicted: false, overturned: said.to };
  const points = verdict.points.map((/** @type {any} */ point, /** @type {number} */ i) => ({ ...point, mark: said.ticks[String(i)] ?? point.mark }));
  return { ...verdict, points, overturned: "points" };
}

export class Appeal extends HTMLElement {
  /** @type {ToldOf | null} */ told = null;
  /** @type {Map<string, any>} */ waits = new Map(); // appeals on their way: the verdict to go back to
  since = 0;

  connectedCallback() {
    document.addEventListener("k-told", (event) => this.show(/** @type {CustomEvent} */ (event).detail));
    for (const name of ["k-asks", "k-answer"]) document.addEventListener(name, () => this.hide());
    document.addEventListener("k-overturned", (event) => this.overturned(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("submit", (event) => this.took(/** @type {SubmitEvent} */ (event)));
    /** @type {Record<string, () => void | boolean>} */
    const keys = { o: () => this.turn(), n: () => this.turn("wrong") };
    for (let n = 1; n <= 9; n++) keys[String(n)] = () => this.tick(n - 1);
    onKeys(keys);
  }

  /** @returns {HTMLFormElement} */
  get form() {
    return /** @type {HTMLFormElement} */ (document.getElementById("appeal"));
  }

  /** @param {ToldOf} told */
  show(told) {
    this.told = told;
    this.since = performance.now();
    this.form.hidden = !JUDGED.includes(told.qtype) || !told.answer;
    /** @type {HTMLInputElement} */ (this.form.elements.namedItem("answer")).value = told.answer;
    this.draw("");
  }

  /** Another answer is on its way: what was told is no longer the one to settle. */
  hide() {
    this.told = null;
    this.form.hidden = true;
    const box = part("appealed");
    if (box) box.hidden = true;
  }

  /** @param {string} sentence */
  draw(sentence) {
    const { verdict, qtype } = /** @type {ToldOf} */ (this.told);
    for (const button of this.form.querySelectorAll("[data-label]")) if (button instanceof HTMLElement) button.hidden = button.dataset.label !== verdict.label;
    const over = verdict.overturned ? (this.dataset[verdict.overturned] ?? "") : "";
    const [box, said, accept] = [part("appealed"), part("appeal-said"), part("accept")];
    if (box) box.hidden = !over && !sentence;
    if (said) said.textContent = sentence || over;
    if (accept) accept.hidden = verdict.overturned !== "right" || qtype !== "typed" || Boolean(sentence);
  }

  /** Whether a key is meant for the mark that is shown. */
  get shown() {
    const seen = [...this.form.querySelectorAll("button")].some((button) => button.getClientRects().length > 0);
    return seen && performance.now() - this.since > HANDS_OFF_MS;
  }

  /** O: the other way; N, where it was neither: not. @param {string} [to] @returns {boolean | void} */
  turn(to) {
    const buttons = [...this.form.querySelectorAll("[data-label]:not([hidden])")];
    const button = to ? buttons.length > 1 && buttons.find((each) => each instanceof HTMLButtonElement && each.value === to) : buttons[0];
    if (!this.shown || !(button instanceof HTMLButtonElement)) return false;
    button.click();
  }

  /** @param {number} place of the point @returns {boolean | void} */
  tick(place) {
    const button = document.querySelector(`button[form="appeal"][name="tick-${place}"]`);
    if (!this.shown || !(button instanceof HTMLButtonElement)) return false;
    button.click();
  }

  /** @param {SubmitEvent} event */
  took(event) {
    const button = event.submitter;
    if (event.target !== this.form || !(button instanceof HTMLButtonElement) || !this.told) return;
    event.preventDefault();
    const ticks = button.name.startsWith("tick-") ? { [button.name.slice(5)]: button.value } : {};
    this.send({ to: button.name === "to" ? button.value : null, ticks, accept: button.name === "accept" });
  }

  /** @param {Said} said */
  send(said) {
    const told = this.told;
    if (!told) return;
    document.dispatchEvent(new CustomEvent("k-appealing"));
    const detail = { sitting: told.sitting, answer: told.answer, ...said, id: "" };
    document.dispatchEvent(new CustomEvent("k-settle", { detail }));
    if (!detail.id) return toast(this.dataset.unreached ?? "");
    this.waits.set(detail.id, told.verdict);
    told.verdict = thought(told.verdict, said);
    this.says(told, said.accept ? (this.dataset.accepts ?? "") : "");
  }

  /** @param {ToldOf} told @param {string} sentence */
  says(told, sentence) {
    document.dispatchEvent(new CustomEvent("k-appealed", { detail: { ...told } }));
    if (this.told === told) this.draw(sentence);
  }

  /** The server has it; or it counts for nothing, and the mark is as it was. @param {{id: string, status: string, answer: string, verdict: any, sentence: string}} detail */
  overturned(detail) {
    if (!this.waits.has(detail.id)) return;
    const before = this.waits.get(detail.id);
    this.waits.delete(detail.id);
    const told = this.told;
    if (!told || told.answer !== detail.answer || this.waits.size) return;
    told.verdict = detail.verdict ?? (detail.status === "refused" ? before : told.verdict);
    this.says(told, detail.sentence ?? "");
  }
}

customElements.define("k-appeal", Appeal);
