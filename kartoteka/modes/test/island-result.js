/**
 * Marks of a test: settling one changes the points without leaving the place; without a connection it waits in the outbox. [data-print] prints.
 *
 *   <div id="result"> … <k-test-result data-sitting="…" data-waits="Settled; …"></k-test-result></div>
 */

import { onKeys, toast } from "look/base.js";
import { Chunks } from "modes/island-chunks.js";

class Result extends HTMLElement {
  /** @type {AbortController | null} */ here = null;
  /** @type {(() => void) | null} */ stopKeys = null;
  /** @type {Set<string>} */ waits = new Set();

  connectedCallback() {
    this.chunks = new Chunks(/** @type {HTMLElement} */ (this.closest("#result")), { className: "chunk" });
    this.show(location.hash.slice(1));
    this.here = new AbortController();
    const { signal } = this.here;
    document.addEventListener("submit", (event) => void this.settle(event), { signal });
    document.addEventListener("k-overturned", (event) => void this.overturned(/** @type {CustomEvent} */ (event).detail), { signal });
    this.stopKeys = onKeys({
      o: () => {
        const place = document.activeElement?.closest(".part");
        const button = place?.querySelector('button[name="to"]');
        if (!(button instanceof HTMLElement)) return false;
        button.click();
        return true;
      },
    });
  }

  /** Lays out a question that is to be looked at. @param {string} place such as q12 */
  show(place) {
    const number = Number(/^q(\d+)$/.exec(place)?.[1] ?? 0);
    if (number) this.chunks?.of(number);
    return number ? document.getElementById(place) : null;
  }

  disconnectedCallback() {
    this.chunks?.stop();
    this.here?.abort();
    this.stopKeys?.();
  }

  /** @param {SubmitEvent} event */
  async settle(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.action.endsWith("/overturn/")) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter instanceof HTMLElement ? event.submitter : null);
    const place = form.closest(".part")?.id ?? "";
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.replaced(await answer.text(), place);
    } catch {
      this.keeps(form, body);
    }
  }

  /** @param {string} html @param {string} place */
  replaced(html, place) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const [here, there] = [document.getElementById("result"), page.getElementById("result")];
    if (!here || !there) throw new Error("no result");
    here.replaceWith(there);
    /** @type {Result | null} */ (there.querySelector("k-test-result"))?.show(place);
    const again = document.getElementById(place) ?? there.querySelector("h1");
    if (again instanceof HTMLElement) {
      again.setAttribute("tabindex", "-1");
      again.focus({ preventScroll: Boolean(document.getElementById(place)) });
    }
    const points = there.querySelector("h1")?.textContent?.replace(/\s+/g, " ").trim();
    if (points) toast(points);
  }

  /** It could not be said now: it waits like an answer, and the points follow when it is there. @param {HTMLFormElement} form @param {FormData} body */
  keeps(form, body) {
    const ticks = Object.fromEntries([...body].filter(([name]) => name.startsWith("tick-")).map(([name, value]) => [name.slice(5), value]));
    const detail = { sitting: this.dataset.sitting, answer: body.get("review"), to: body.get("to"), ticks, accept: body.get("accept") === "1", id: "" };
    document.dispatchEvent(new CustomEvent("k-settle", { detail }));
    if (!detail.id) return form.submit();
    this.waits.add(detail.id);
    const note = document.createElement("p");
    note.className = "small";
    note.setAttribute("role", "status");
    note.textContent = this.dataset.waits ?? "";
    form.replaceChildren(note);
  }

  /** @param {{id: string}} detail */
  async overturned(detail) {
    this.waits.delete(detail.id);
    if (this.waits.size) return;
    const place = document.activeElement?.closest(".part")?.id ?? "";
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok) this.replaced(await answer.text(), place);
  }
}

if (!customElements.get("k-test-result")) customElements.define("k-test-result", Result);

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
});
