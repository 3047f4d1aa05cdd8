/**
 * The previewer steps through the terms that stand on the page:
 *   <k-preview data-many="31"><article class="face">…</article><button data-step="-1">…</button><span class="num"><b>1</b>/31</span></k-preview>
 * A press of [data-star] stars without leaving the page; [data-hears] reads a term aloud, or says why it cannot; [data-print] prints.
 */

import { post, toast } from "look/base.js";
import { hear } from "modes/island-voice.js";

/** One card of the page, as the previewer shows it. @param {Element} row */
const sides = (row) => ({ term: row.querySelector(".t"), definition: row.querySelector(".d .prose") });

class Preview extends HTMLElement {
  at = 0;

  connectedCallback() {
    const rows = [...document.querySelectorAll(".terms > li")].filter((row) => {
      const { term, definition } = sides(row);
      return filled(term) && filled(definition);
    });
    rows.sort((a, b) => Number(a.getAttribute("data-place")) - Number(b.getAttribute("data-place")));
    for (const button of this.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => this.show(rows, this.at + Number(button.getAttribute("data-step"))));
    }
  }

  /** @param {Element[]} rows @param {number} to */
  show(rows, to) {
    if (!rows.length) return;
    this.at = (to + rows.length) % rows.length;
    const { term, definition } = sides(rows[this.at]);
    this.querySelector(".term")?.replaceChildren(...copies(term));
    this.querySelector(".body")?.replaceChildren(...copies(definition));
    const counter = this.querySelector(".num b");
    if (counter) counter.textContent = String(this.at + 1);
  }
}

/** @param {Element | null} side */
const filled = (side) => Boolean(side && (side.textContent?.trim() || side.querySelector("img, audio, math")));
/** @param {Element | null} side */
const copies = (side) => [...(side?.childNodes ?? [])].map((node) => node.cloneNode(true));

customElements.define("k-preview", Preview);

/** @param {Element} button its term's recording, else a voice of this device */
function hears(button) {
  const term = button.closest("li")?.querySelector(".t");
  if (!term) return;
  const lang = term.getAttribute("lang") ?? "";
  if (!hear(term, { text: term.textContent?.trim() ?? "", lang })) toast(button.getAttribute("data-hears") ?? "");
}

document.addEventListener("click", async (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("[data-print]")) window.print();
  const ear = target?.closest("[data-hears]");
  if (ear) hears(ear);
  const button = target?.closest("[data-star]");
  if (!(button instanceof HTMLButtonElement) || !button.form) return;
  event.preventDefault();
  const on = button.value === "on";
  button.setAttribute("aria-pressed", String(on));
  button.value = on ? "off" : "on";
  try {
    const fields = new FormData(button.form);
    fields.set("starred", on ? "on" : "off");
    await post(button.form.action, fields);
  } catch (error) {
    button.setAttribute("aria-pressed", String(!on));
    button.value = on ? "on" : "off";
    toast(error instanceof Error ? error.message : String(error));
  }
});
