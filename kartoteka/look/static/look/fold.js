/**
 * Long sides fold at three lines, with a button that shows the rest:
 *   <div class="d"><div class="prose fold" data-fold>…</div><button class="more" type="button" aria-expanded="false" data-unfolds data-less="Show less">Show all 4 points</button></div>
 * The button is hidden where nothing is folded away.
 */

/** @param {Element} button */
function folded(button) {
  const text = button.parentElement?.querySelector("[data-fold], .fold");
  return text instanceof HTMLElement ? text : null;
}

/** @param {HTMLElement} button */
function turn(button) {
  const text = folded(button);
  if (!text) return;
  const open = text.classList.toggle("fold") === false;
  button.setAttribute("aria-expanded", String(open));
  const other = button.dataset.less;
  if (other) {
    button.dataset.less = button.textContent ?? "";
    button.textContent = other;
  }
}

const HALF_A_LINE = 12; // signs that reach out of their line, such as Arabic ones and fractions, fold nothing away

// Measured a screen before it comes into sight: a set of thousands of cards is not measured at once
const watch = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting || !(entry.target instanceof HTMLElement)) continue;
      const button = entry.target.parentElement?.querySelector("[data-unfolds]");
      if (button instanceof HTMLElement && entry.target.classList.contains("fold")) button.hidden = entry.target.scrollHeight <= entry.target.clientHeight + HALF_A_LINE;
      watch.unobserve(entry.target);
    }
  },
  { rootMargin: "100% 0%" },
);

/** Looks for folded texts that came after the page. @param {ParentNode} [within] */
export function foldIn(within = document) {
  for (const text of within.querySelectorAll("[data-fold]")) watch.observe(text);
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-unfolds]") : null;
  if (button instanceof HTMLElement) turn(button);
});
// Lines break elsewhere once the book face has come
void document.fonts.ready.then(() => foldIn());
