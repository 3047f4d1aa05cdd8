/** What every page can do: sheets, toasts with Undo, folded texts, menus, the theme at once, and the list of keys behind "?". */

import "look/choices.js";
import { foldIn } from "look/fold.js";
import { composing, nameKeys, onKeys, writes } from "look/keys.js";
import { post, Refused, token } from "look/post.js";
import { closeSheet, openSheet } from "look/sheets.js";
import { toast } from "look/toast.js";

export { closeSheet, composing, foldIn, onKeys, openSheet, post, Refused, toast, token, writes };

/** A page's own keys stand in <template data-keys>; they come first in the list. */
function gatherKeys() {
  const list = document.querySelector("#keys .keycols");
  for (const page of document.querySelectorAll("template[data-keys]")) {
    if (page instanceof HTMLTemplateElement) list?.prepend(page.content.cloneNode(true));
  }
}

/** A menu closes by Escape, by a press elsewhere, and when it is left. */
function menus() {
  const open = () => /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu[open]"));
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of open()) if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || composing(event)) return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
      event.preventDefault();
    }
  });
}

/** A choice of theme or reading size shows at once; the form keeps it. */
function showsAtOnce() {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
    const root = document.documentElement;
    if (field.matches("[data-theme-choice], [name='theme']")) {
      if (field.value) root.dataset.theme = field.value;
      else delete root.dataset.theme;
    }
    if (field.matches("[name='motion']")) {
      if (field.value) root.dataset.motion = field.value;
      else delete root.dataset.motion;
    }
    if (field.matches("[data-reading-choice], [name='reading_size']") && /^\d+$/.test(field.value)) {
      root.className = root.className.replace(/reading-\d+/, `reading-${field.value}`);
    }
  });
}

/** <a data-back> goes where one came from, so what was written in the form is still there. */
function goesBack() {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-back]") : null;
    if (!link || history.length < 2) return;
    event.preventDefault();
    history.back();
  });
}

/** Without a connection there is nowhere to go: the page that is open stays, with what it keeps, and says so. */
function staysWhileAlone() {
  const leave = document.getElementById("leave");
  leave?.addEventListener("click", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    toast(leave.dataset.unreached ?? "");
  });
}

/** Things that only a script can do are hidden without one: <button data-script hidden>. */
function shows() {
  for (const part of document.querySelectorAll("[data-script][hidden]")) if (part instanceof HTMLElement) part.hidden = false;
}

/** Formulas, code and tables that are wider than their card scroll in their own box; who has no pointer must reach that box. */
function reachable() {
  const wide = ".prose pre, .prose table, .prose math[display='block'], .maths";
  const look = () => {
    for (const box of document.querySelectorAll(wide)) {
      if (box.scrollWidth > box.clientWidth + 1 && !box.hasAttribute("tabindex")) box.setAttribute("tabindex", "0");
    }
  };
  let soon = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(soon);
    soon = requestAnimationFrame(look);
  }).observe(document.body, { childList: true, subtree: true });
  look();
}

nameKeys();
gatherKeys();
reachable();
menus();
showsAtOnce();
goesBack();
staysWhileAlone();
shows();
onKeys({
  "?": () => openSheet("keys"),
  Escape: () => {
    const leave = document.getElementById("leave");
    if (!leave || document.querySelector("details.menu[open]")) return false;
    leave.click();
    return true;
  },
});
