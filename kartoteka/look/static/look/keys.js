/**
 * Keys of a page: never while an input method composes, letters off where one writes unless Alt is held (and types no letter of its own), held keys count once.
 *
 * A name is what `event.key` says ("ArrowLeft", "1", "s", "?"), "Space", or either with "Shift+", or with "Mod+" for Ctrl or Cmd.
 */

/** @typedef {(event: KeyboardEvent) => void | boolean} Handler  gives false where the key shall do what it always does */

/** What the learner chose: the usual name of a key → the key they press for it. @type {Record<string, string>} */
const chosen = JSON.parse(document.documentElement.dataset.chosenKeys || "{}");
const usual = /** @type {Record<string, string>} */ (Object.fromEntries(Object.entries(chosen).map(([name, key]) => [key, name])));

/** @param {string} name @returns {string} the usual name of a key; empty where the learner took its work away */
function meant(name) {
  return usual[name] ?? (Object.hasOwn(chosen, name) ? "" : name);
}

/** @param {string} name @returns {string} how a key is called on a page */
function label(name) {
  return { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" }[name] ?? (name.length === 1 ? name.toUpperCase() : name);
}

/** The keys that a page names become those that were chosen, in the reader's language, but where it has keys of its own. @param {ParentNode} [part] */
export function nameKeys(part = document) {
  if (document.querySelector("[data-own-keys]")) return;
  const { keySpace, keyShift, keyCtrl } = document.documentElement.dataset;
  const labels = Object.fromEntries(Object.entries(chosen).map(([name, key]) => [label(name), label(key)]));
  const said = /** @type {Record<string, string | undefined>} */ ({ Space: keySpace, Shift: keyShift, Ctrl: keyCtrl });
  for (const each of part.querySelectorAll("kbd")) {
    const text = each.textContent?.trim() ?? "";
    const words = (labels[text] ?? text).split(" ").map((word) => said[word] ?? word);
    if (words.join(" ") !== text) each.textContent = words.join(" ");
  }
  for (const template of part.querySelectorAll("template")) nameKeys(template.content);
}

const WRITES = 'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"], [type="range"], [type="file"]), textarea, select, [contenteditable]:not([contenteditable="false"])';
const PRESSES = "a[href], button, summary, [role='button']";

/** @param {EventTarget | null} target */
export function writes(target) {
  return target instanceof Element && target.closest(WRITES) !== null;
}

/** @param {KeyboardEvent} event */
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** @param {KeyboardEvent} event @returns {string[]} the names this key goes by, the exact one first */
function names(event) {
  const key = event.key === " " ? "Space" : event.key;
  const plain = key.length === 1 ? key.toLowerCase() : key;
  const mod = event.ctrlKey || event.metaKey;
  if (event.altKey && key.length > 1) return [];
  if (mod) return event.shiftKey ? [`Mod+Shift+${plain}`] : [`Mod+${plain}`];
  return event.shiftKey ? [`Shift+${plain}`, ...(key.length === 1 ? [key, plain] : [])] : [key, plain];
}

/** @param {KeyboardEvent} event @param {string} name @returns {boolean} whether the page must leave this key alone */
function theirs(event, name) {
  const target = event.target instanceof Element ? event.target : null;
  if (writes(target)) return !name.startsWith("Mod+Enter") && name !== "Escape" && !(event.altKey && /^[a-z]$/.test(name));
  if (target?.matches('input[type="radio"]') && name.startsWith("Arrow")) return true;
  const pressed = target?.closest(PRESSES);
  return Boolean(pressed) && name === "Enter";
}

/**
 * Listens until the function it gives is called.
 *
 * Space and Enter on a focused button press that button and no other: Space too, unless the button asks to be passed by (data-passes).
 * @param {Record<string, Handler>} map
 * @param {{ own?: boolean }} [how]  own: the keys as they are, whatever the learner chose
 * @returns {() => void}
 */
export function onKeys(map, { own = false } = {}) {
  /** @param {KeyboardEvent} event */
  function listen(event) {
    if (event.defaultPrevented || event.repeat || composing(event)) return;
    if (document.querySelector("dialog[open]")) return;
    const pressed = names(event).find((each) => Object.hasOwn(map, own ? each : meant(each)));
    if (!pressed || theirs(event, pressed)) return;
    if (pressed === "Space" && event.target instanceof Element && event.target.closest(PRESSES) && !event.target.closest("[data-passes]")) return;
    const handled = map[own ? pressed : meant(pressed)](event);
    if (handled !== false) event.preventDefault();
  }
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}
