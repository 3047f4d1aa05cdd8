/**
 * Where the tiles of a board lie to one another.
 */

/** @typedef {{button?: HTMLButtonElement}} Tile */

/** @param {Tile} tile */
function middle(tile) {
  const box = /** @type {HTMLElement} */ (tile.button).getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The next one in a direction. @template {Tile} T @param {T} from @param {T[]} others @param {number} x @param {number} y @returns {T | null} */
export function ahead(from, others, x, y) {
  const here = middle(from);
  /** @type {T | null} */ let best = null;
  let least = Infinity;
  for (const tile of others) {
    if (tile === from) continue;
    const there = middle(tile);
    const [on, aside] = x ? [(there.x - here.x) * x, Math.abs(there.y - here.y)] : [(there.y - here.y) * y, Math.abs(there.x - here.x)];
    if (on <= 4 || on + 3 * aside >= least) continue;
    [best, least] = [tile, on + 3 * aside];
  }
  return best;
}

/** @template {Tile} T @param {T} from @param {T[]} others @returns {T | null} */
export function nearest(from, others) {
  const here = middle(from);
  const far = (/** @type {T} */ each) => Math.hypot(middle(each).x - here.x, middle(each).y - here.y);
  return others.sort((a, b) => far(a) - far(b))[0] ?? null;
}
