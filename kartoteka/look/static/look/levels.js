/**
 * The bar of the five levels, drawn anew when a card moves: as `look/charts.py` draws it on the server.
 */

import { figures } from "look/counted.js";

const [WIDTH, GAP, LEAST] = [600, 4, 8];
const LEVELS = ["mastered", "familiar", "fading", "learning", "new"];
const SVG = "http://www.w3.org/2000/svg";

/** @param {Element} svg @param {Record<string, number>} counts @param {Record<string, string>} words each level's name */
export function drawLevels(svg, counts, words) {
  const shown = LEVELS.filter((level) => counts[level] > 0);
  const total = shown.reduce((sum, level) => sum + counts[level], 0);
  const room = WIDTH - GAP * (shown.length - 1);
  const wide = shown.map((level) => Math.max(LEAST, (room * counts[level]) / total));
  const over = wide.reduce((sum, width) => sum + width, 0) - room;
  const slack = wide.reduce((sum, width) => sum + width - LEAST, 0);
  let x = 0;
  const pieces = shown.flatMap((level, i) => {
    const width = wide[i] - (slack ? (over * (wide[i] - LEAST)) / slack : 0);
    const drawn = piece(level, x, width);
    x += width + GAP;
    return drawn;
  });
  svg.replaceChildren(...pieces);
  svg.setAttribute("aria-label", shown.map((level) => `${figures(counts[level])} ${(words[level] ?? level).toLowerCase()}`).join(", "));
}

/** @param {string} name @param {Record<string, string | number>} facts */
function drawn(name, facts) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) element.setAttribute(key, String(value));
  return element;
}

/** @param {string} level @param {number} x @param {number} width @returns {Element[]} */
function piece(level, x, width) {
  if (level === "new") return [drawn("rect", { class: level, x: x + 1, y: 1, width: Math.max(1, width - 2), height: 10, rx: 2 })];
  const rect = drawn("rect", { class: level, x, width, height: 12, rx: 2 });
  if (level !== "fading") return [rect];
  const hatched = drawn("svg", { x, width, height: 12, viewBox: `0 0 ${width} 12`, preserveAspectRatio: "none" });
  let lines = "";
  for (let i = -6; i < width + 6; i += 9) lines += `M${i} 14 L${i + 9} -2 `;
  hatched.append(drawn("path", { class: "hatch", d: lines }));
  return [rect, hatched];
}
