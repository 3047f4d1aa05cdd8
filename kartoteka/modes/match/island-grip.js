/**
 * A finger or a mouse on a tile: it is dragged, or looked at for long.
 */

const LONG_MS = 450;
const DRAG_PX = 10;

/** @typedef {{kind: string, button?: HTMLButtonElement}} Tile */

/** @template {Tile} T */
export class Grip {
  /** @type {{tile: T, x: number, y: number, on: boolean, timer: ReturnType<typeof setTimeout>} | null} */ held = null;
  swallow = false; // the press that ends a drag or a long look is no choice

  /**
   * @param {HTMLElement} board
   * @param {(target: EventTarget | null) => T | undefined} under which tile that can be taken lies at a place
   * @param {(held: T, target: T) => void} dropped one tile was let go over another
   */
  constructor(board, under, dropped) {
    this.under = under;
    this.dropped = dropped;
    board.addEventListener("pointerdown", (event) => this.grips(event));
    board.addEventListener("pointermove", (event) => this.drags(event));
    document.addEventListener("pointerup", (event) => this.drops(event));
    document.addEventListener("pointercancel", () => this.letGo());
    board.addEventListener("contextmenu", (event) => this.swallow && event.preventDefault());
  }

  /** Whether a press only ended something else; asked once. */
  swallowed() {
    const was = this.swallow;
    this.swallow = false;
    return was;
  }

  /** @param {PointerEvent} event */
  grips(event) {
    this.letGo();
    this.swallow = false;
    for (const each of document.querySelectorAll(".mt.is-open")) each.classList.remove("is-open");
    const tile = this.under(event.target);
    if (!tile || event.button || !event.isPrimary) return;
    const timer = setTimeout(() => {
      if (event.pointerType === "mouse" || this.held?.on) return;
      tile.button?.classList.add("is-open");
      this.swallow = true;
    }, LONG_MS);
    this.held = { tile, x: event.clientX, y: event.clientY, on: false, timer };
  }

  /** @param {PointerEvent} event */
  drags(event) {
    const held = this.held;
    if (!held || this.swallow) return;
    const [x, y] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.on && Math.hypot(x, y) < DRAG_PX) return;
    held.on = true;
    clearTimeout(held.timer);
    const button = /** @type {HTMLElement} */ (held.tile.button);
    button.classList.add("dragged");
    button.style.translate = `${x}px ${y}px`;
  }

  /** @param {PointerEvent} event */
  drops(event) {
    const held = this.held;
    this.letGo();
    if (!held?.on) return;
    this.swallow = true;
    setTimeout(() => (this.swallow = false), 50); // where no press follows
    const under = document.elementsFromPoint(event.clientX, event.clientY).map((each) => this.under(each));
    const target = under.find((tile) => tile && tile !== held.tile);
    if (target) this.dropped(held.tile, target);
  }

  letGo() {
    if (!this.held) return;
    clearTimeout(this.held.timer);
    const button = this.held.tile.button;
    if (button) {
      button.classList.remove("dragged");
      button.style.translate = "";
    }
    this.held = null;
  }
}
