/**
 * The form of a word for a number. The page brings a form for each of a few numbers, as `data-cards-1="1 card" data-cards-2="2 cards" data-cards-5="5 cards"`:
 * between them they take every form a language has, and the one whose number counts alike is taken.
 *
 * @param {HTMLElement} element
 * @param {string} name
 * @param {number} count
 * @returns {string}
 */
export function counted(element, name, count) {
  const rules = new Intl.PluralRules(document.documentElement.lang || "en");
  const sample = ["1", "2", "5"].find((each) => rules.select(Number(each)) === rules.select(count)) ?? "5";
  return (element.getAttribute(`data-${name}-${sample}`) ?? "").replace(sample, figures(count));
}

/** A number as the language of the page writes it: 20,000 or 20.000. @param {number} count */
export function figures(count) {
  return count.toLocaleString(document.documentElement.lang || "en");
}
