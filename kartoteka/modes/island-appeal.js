/**
 * Settling a mark otherwise, at once: `O` overturns it either way, the number of a point its tick.
 *
 *   <k-appeal data-url="/api/v1/appeals" data-right="Overturned: counts as right." …></k-appeal> beside <form id="appeal">
 *
 * A mode says `k-told` {answer, sitting, qtype, verdict} when it shows how an answer went, and `k-asks` when the next question is there.
 * This says `k-appealed` {answer, verdict, accepted, sitting} when a mark was settled; it judges nothing itself.
 * Buttons of points press the form: <button form="appeal" name="tick-0" value="covered">Overturn <kbd>1</kbd></button>
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
    document.addEventListener("k-asks", () => this.hide());
    document.addEventListener("submit", (event) => this.took(/** @type {SubmitEvent} */ (event)));
    /** @type {Record<string, () => void | boolean>} */
    const keys = { o: () => this.turn() };
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

  hide() {
    this.told = null;
    this.form.hidden = true;
  }

  /** @param {string} sentence */
  draw(sentence) {
    const verdict = this.told?.verdict;
    if (!verdict) return;
    for (const button of this.form.querySelectorAll("[data-label]")) if (button instanceof HTMLElement) button.hidden = button.dataset.label !== verdict.label;
    const said = part("appeal-said");
    const over = verdict.overturned ? (this.dataset[verdict.overturned] ?? "") : "";
    if (said) said.textContent = sentence || over;
    const accept = part("accept");
    if (accept) accept.hidden = verdict.overturned !== "right" || this.told?.qtype !== "typed" || Boolean(sentence);
  }

  /** O: the other way. @returns {boolean | void} */
  turn() {
    const button = this.form.querySelector("[data-label]:not([hidden])");
    if (this.form.hidden || !(button instanceof HTMLButtonElement) || performance.now() - this.since < HANDS_OFF_MS) return false;
    button.click();
  }

  /** @param {number} place of the point @returns {boolean | void} */
  tick(place) {
    const button = document.querySelector(`button[form="appeal"][name="tick-${place}"]`);
    if (this.form.hidden || !(button instanceof HTMLButtonElement) || performance.now() - this.since < HANDS_OFF_MS) return false;
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
    try {
      const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
      const answered = await post(this.dataset.url ?? "", { id: fresh(), answer: told.answer, ...what, time_zone, many: 20 });
      if (answered.status === "refused") toast(answered.why);
      if (answered.verdict) told.verdict = answered.verdict;
      if (this.told === told) this.draw(answered.sentence);
      document.dispatchEvent(new CustomEvent("k-appealed", { detail: { ...told, accepted: answered.accepted, sitting: told.sitting, next: answered.sitting } }));
    } catch (error) {
      toast((error instanceof Refused && error.message) || (this.dataset.unreached ?? ""));
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("k-appeal", Appeal);
