/**
 * Sheets and dialogs:
 *   <button data-opens="options">Options</button>
 *   <dialog class="sheet" id="options" aria-labelledby="…"> … <button data-closes>Done</button></dialog>
 * Focus goes back to where it was; a press on the shade closes.
 */

/** @type {WeakMap<HTMLDialogElement, HTMLElement>} */
const openers = new WeakMap();

/** @param {string | HTMLDialogElement} which @returns {HTMLDialogElement | null} */
function dialog(which) {
  const found = typeof which === "string" ? document.getElementById(which) : which;
  return found instanceof HTMLDialogElement ? found : null;
}

/** @param {string | HTMLDialogElement} which */
export function openSheet(which) {
  const sheet = dialog(which);
  if (!sheet || sheet.open) return;
  if (document.activeElement instanceof HTMLElement) openers.set(sheet, document.activeElement);
  sheet.showModal();
  sheet.dispatchEvent(new CustomEvent("opened", { bubbles: true }));
}

/** @param {string | HTMLDialogElement} which */
export function closeSheet(which) {
  dialog(which)?.close();
}

/** @param {MouseEvent} event */
function press(event) {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    openSheet(opener.getAttribute("data-opens") ?? "");
    return;
  }
  const closer = event.target.closest("[data-closes]");
  const inside = closer?.closest("dialog");
  if (closer && inside) {
    event.preventDefault();
    inside.close();
  } else if (event.target instanceof HTMLDialogElement && outside(event, event.target)) {
    event.target.close();
  }
}

/** @param {MouseEvent} event @param {HTMLDialogElement} sheet */
function outside(event, sheet) {
  const box = sheet.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/** @param {Event} event */
function closed(event) {
  if (!(event.target instanceof HTMLDialogElement)) return;
  const opener = openers.get(event.target);
  if (opener?.isConnected) opener.focus();
}

document.addEventListener("click", press);
document.addEventListener("close", closed, true);
