/**
 * Marks of a test: settling one changes the points without leaving the place. [data-print] prints.
 *
 *   <div id="result"> … <k-test-result></k-test-result></div>
 */

import { onKeys, toast } from "look/base.js";

class Result extends HTMLElement {
  connectedCallback() {
    document.addEventListener("submit", (event) => void this.settle(event));
    onKeys({
      o: () => {
        const place = document.activeElement?.closest(".part");
        const button = place?.querySelector('button[name="to"]');
        if (!(button instanceof HTMLElement)) return false;
        button.click();
        return true;
      },
    });
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
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [here, there] = [document.getElementById("result"), page.getElementById("result")];
      if (!here || !there) throw new Error("no result");
      here.replaceWith(there);
      const again = document.getElementById(place) ?? there.querySelector("h1");
      if (again instanceof HTMLElement) {
        again.setAttribute("tabindex", "-1");
        again.focus({ preventScroll: Boolean(document.getElementById(place)) });
      }
      const points = there.querySelector("h1")?.textContent?.replace(/\s+/g, " ").trim();
      if (points) toast(points);
    } catch {
      form.submit();
    }
  }
}

if (!customElements.get("k-test-result")) customElements.define("k-test-result", Result);

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
});
