/** Words in passing, with Undo: a toast stays 8 seconds, and longer while one points at it or stands on it. */

const STAYS_MS = 8000;

/** @returns {HTMLElement} */
function place() {
  return document.querySelector("[data-toasts]") ?? document.getElementById("toasts") ?? document.body;
}

/**
 * Says something; with `undo` it offers to take it back.
 * @param {string} text
 * @param {(() => void | Promise<void>) | null} [undo]
 * @returns {() => void} takes the toast away
 */
export function toast(text, undo = null) {
  const shape = /** @type {HTMLTemplateElement} */ (document.getElementById("toast"));
  const box = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (shape.content.cloneNode(true)).firstElementChild);
  const words = /** @type {HTMLElement} */ (box.querySelector("span"));
  const button = /** @type {HTMLButtonElement} */ (box.querySelector("button"));
  if (undo) {
    button.addEventListener("click", () => {
      leave(box);
      void undo();
    });
  } else button.remove();
  for (const old of [...place().querySelectorAll(".toast")].slice(0, -1)) old.remove();
  place().append(box);
  // A live region is read when its words come after it
  requestAnimationFrame(() => (words.textContent = text));
  stay(box);
  return () => leave(box);
}

/** @param {Element} box */
function leave(box) {
  box.remove();
}

/** @param {HTMLElement} box */
function stay(box) {
  let timer = setTimeout(() => leave(box), STAYS_MS);
  const hold = () => clearTimeout(timer);
  const go = () => {
    clearTimeout(timer);
    timer = setTimeout(() => leave(box), STAYS_MS);
  };
  box.addEventListener("pointerenter", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("pointerleave", go);
  box.addEventListener("focusout", go);
}

for (const box of document.querySelectorAll("#toasts > .toast")) if (box instanceof HTMLElement) stay(box);
