/**
 * Long lists, laid out as they are needed: a page of 500 questions has five on it, and the others when one comes near them.
 *
 *   <div class="chunk" data-first="1" data-last="5">…</div> <noscript data-first="6" data-last="10">…</noscript> …
 *
 * Without a script a browser shows what is in <noscript>; with one it is mere text, which costs nothing until it is wanted.
 */

const NEAR = "1200px"; // so far ahead of what is seen

/** @typedef {HTMLElement} Chunk */

export class Chunks {
  /** @type {Map<Chunk, string>} */ waiting = new Map();
  /** @type {Set<Chunk>} */ near = new Set();
  /** @type {IntersectionObserver | null} */ watch = null;

  /**
   * @param {ParentNode} root
   * @param {{tag?: string, className: string, filled?: (chunk: Chunk) => void}} how `filled`: a chunk was laid out
   */
  constructor(root, how) {
    this.filled = how.filled ?? (() => undefined);
    const kept = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("noscript[data-first]"));
    this.watch = new IntersectionObserver((seen) => this.seen(seen), { rootMargin: NEAR });
    for (const text of kept) {
      const chunk = document.createElement(how.tag ?? "div");
      chunk.className = how.className;
      Object.assign(chunk.dataset, text.dataset);
      this.waiting.set(chunk, text.textContent ?? "");
      text.replaceWith(chunk);
      this.watch.observe(chunk);
    }
  }

  /** One after the other, so that a finger is heard in between. @param {IntersectionObserverEntry[]} seen */
  seen(seen) {
    for (const one of seen) {
      const chunk = /** @type {Chunk} */ (one.target);
      if (!one.isIntersecting) this.near.delete(chunk);
      else if (this.near.add(chunk).size === 1) setTimeout(() => this.next());
    }
  }

  next() {
    const [chunk] = this.near;
    if (!chunk) return;
    this.near.delete(chunk);
    this.fill(chunk);
    if (this.near.size) setTimeout(() => this.next());
  }

  /** @param {Element | null} chunk @returns {Chunk | null} the same, laid out */
  fill(chunk) {
    if (!(chunk instanceof HTMLElement)) return null;
    const text = this.waiting.get(chunk);
    if (text === undefined) return chunk;
    this.waiting.delete(chunk);
    this.watch?.unobserve(chunk);
    const shape = document.createElement("template");
    shape.innerHTML = text; // the server's own page, as it came
    chunk.append(shape.content);
    this.filled(chunk);
    return chunk;
  }

  /** Lays out where a number stands. @param {number} number */
  of(number) {
    for (const chunk of this.waiting.keys()) if (Number(chunk.dataset.first) <= number && number <= Number(chunk.dataset.last)) this.fill(chunk);
  }

  /** The part before or after this one, across chunks. @param {HTMLElement} part @param {number} step -1 or 1 @returns {HTMLElement} the same part, at the end */
  beside(part, step) {
    const near = step > 0 ? part.nextElementSibling : part.previousElementSibling;
    if (near instanceof HTMLElement && near.matches(".part")) return near;
    const chunk = part.closest(".chunk");
    const next = this.fill((step > 0 ? chunk?.nextElementSibling : chunk?.previousElementSibling) ?? null);
    const parts = next?.matches(".chunk") ? next.querySelectorAll(".part") : [];
    return /** @type {HTMLElement} */ (parts[step > 0 ? 0 : parts.length - 1] ?? part);
  }

  stop() {
    this.watch?.disconnect();
  }
}
