/**
 * Settling a mark otherwise, at once: `O` overturns it either way, the number of a point its tick.
 *
 *   <k-appeal data-url="/api/v1/appeals" data-right="Overturned: counts as right." …></k-appeal> beside <form id="appeal">
 *
 * A mode says `k-told` {answer, sitting, qtype, verdict} when it shows how an answer went, and `k-asks` when the next question is there.
 * This says `k-appealing` when a mark is being settled, and `k-appealed` {answer, sitting, qtype, verdict, next} when it was; it judges nothing itself.
 * Points have buttons of their own: <button form="appeal" name="tick-0" value="covered">Overturn <kbd>1</kbd></button>
 */

import { onKeys, post, Refused, toast } from "look/base.js";
import { part } from "modes/island-base.js";

const JUDGED = ["choice", "tf", "typed", "points"];
const HANDS_OFF_MS = 250; // a key still held from the answer is no appeal

/** @typedef {{answer: string, sitting: string, qtype: string, verdict: any}} ToldOf */

/** @returns {string} an id made here (UUIDv7), so that an appeal sent twice counts once */
function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const hex = Date.now().toString(16).padStart(12, "0") + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${"89ab"[bytes[9] & 3]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export class Appeal extends HTMLElement {
  /** @type {ToldOf | null} */ told = null;
  busy = false;
  since = 0;

  connectedCallback() {
    document.addEventListener("k-told", (event) => this.show(/** @type {CustomEvent} */ (event).detail));
    for (const name of ["k-asks", "k-answer"]) document.addEventListener(name, () => this.hide());
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
    void this.send({ to: button.name === "to" ? button.value : null, ticks, accept: button.name === "accept" });
  }

  /** @param {{to: string | null, ticks: Record<string, string>, accept: boolean}} what */
  async send(what) {
    const told = this.told;
    if (!told || this.busy) return;
    this.busy = true;
    document.dispatchEvent(new CustomEvent("k-appealing"));
    try {
      const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
      const answered = await post(this.dataset.url ?? "", { id: fresh(), answer: told.answer, ...what, time_zone, many: 20 });
      if (answered.status === "refused") toast(answered.why);
      if (answered.verdict) told.verdict = answered.verdict;
      document.dispatchEvent(new CustomEvent("k-appealed", { detail: { ...told, next: answered.sitting } }));
      if (this.told === told) this.draw(answered.sentence);
    } catch (error) {
      toast((error instanceof Refused && error.message) || (this.dataset.unreached ?? ""));
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("k-appeal", Appeal);
