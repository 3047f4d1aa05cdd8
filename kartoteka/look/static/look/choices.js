/**
 * A choice that would leave nothing: the filled button of its form says so, and takes the nearest choice that leaves some.
 *   <label><input type="radio" name="cards" value="starred" data-left="0">Starred 0</label> … <button class="b go" data-nothing="%a. Take instead: %b">Start</button>
 */

const NEAREST = ["due", "missed", "unmastered", "all"]; // the narrowest first, as the server does

/** @param {HTMLInputElement} chosen */
export function weighed(chosen) {
  const form = chosen.form;
  const button = form?.querySelector("button.go[data-nothing]");
  if (!form || !(button instanceof HTMLButtonElement)) return;
  button.dataset.says ??= button.textContent ?? "";
  delete button.dataset.instead;
  button.textContent = button.dataset.says;
  if (Number(chosen.dataset.left) > 0) return;
  const others = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(`input[name="${chosen.name}"][data-left]`)]).filter((one) => Number(one.dataset.left) > 0);
  const instead = NEAREST.map((name) => others.find((one) => one.value === name)).find(Boolean) ?? others[0];
  if (!instead) return; // nothing leaves any: the next page says why
  button.dataset.instead = instead.value;
  button.textContent = (button.dataset.nothing ?? "").replace("%a", words(chosen)).replace("%b", words(instead));
}

/** @param {HTMLInputElement} input */
function words(input) {
  return (input.closest("label")?.textContent ?? "").trim();
}

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.type === "radio" && event.target.dataset.left !== undefined) weighed(event.target);
});
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement) || !button.dataset.instead) return;
  const instead = button.form?.querySelector(`input[data-left][value="${button.dataset.instead}"]`);
  if (instead instanceof HTMLInputElement) instead.checked = true;
}, true);
