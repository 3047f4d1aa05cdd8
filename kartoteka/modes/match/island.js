/**
 * Match: tiles that answer at once, and a clock.
 *
 *   <k-match data-unit="%s s" data-wrong="%n wrong, +%n s" data-left-1="matched, 1 left" …></k-match>
 *
 * Every tile is a button of a plain form; this takes the presses over. Each move leaves as `k-answer`, and the server judges it again; which tiles
 * fit together came with the board as numbers that show nothing, so a press is answered without waiting.
 */

import { foldIn, onKeys, openSheet } from "look/base.js";
import { counted } from "look/counted.js";
import { part, say } from "modes/island-base.js";
import { sounding, tone } from "modes/island-tones.js";
import { Grip } from "modes/match/island-grip.js";
import { ahead, nearest } from "modes/match/island-places.js";

/** @typedef {{text: string, short: string, html: string, lang: string, at: number | null, letter: string, gone: boolean, wave: number, kind: "term" | "definition", key: string, card?: string, question?: string, fits?: number[], token?: string, button?: HTMLButtonElement}} Tile */

const LETTERS = "ABCDEFGHIJKLMNOP";
const FADE_MS = 200;
const SHAKE_MS = 600;
const TICK_MS = 100;
const FEW = 3; // pairs left on the board when the next wave comes
const SMALL = "(max-height: 33rem) and (max-width: 44rem), (max-width: 20.9rem)";

/** FNV-1a, as the server counts it. @param {string} text */
function mixed(text) {
  let number = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) number = Math.imul(number ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return number;
}

class Match extends HTMLElement {
  /** @type {any} */ data = {};
  /** @type {HTMLElement | null} */ board = null;
  /** @type {Tile[]} */ tiles = [];
  /** @type {Tile | null} */ picked = null;
  /** @type {(() => void) | null} */ stopKeys = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */ ticking;
  /** @type {Grip<Tile> | null} */ grip = null;
  played = 0; // ms on the clock before it last stood still
  from = 0; // when it began to run; 0: it stands
  lastAt = 0; // what the clock said at the last move
  wrong = 0;
  note = "";
  dealt = false;
  over = false;

  connectedCallback() {
    this.data = JSON.parse(document.getElementById("sitting")?.textContent ?? "{}");
    if (this.fewer()) return;
    this.wrong = this.data.counts.wrong ?? 0;
    this.played = this.data.counts.took_ms ?? 0;
    this.lastAt = this.played;
    if (this.data.counts.answers) this.note = "away"; // the page was loaded again in the middle
    this.board = /** @type {HTMLElement} */ (part("board"));
    this.tiles = [
      ...this.data.board.terms.map((/** @type {any} */ each) => ({ ...each, kind: "term", key: each.card })),
      ...this.data.board.definitions.map((/** @type {any} */ each) => ({ ...each, kind: "definition", key: each.token })),
    ];
    for (const tile of this.tiles) this.known(tile, this.board.querySelector(`[data-tile="${tile.key}"]`));
    this.listen();
    this.deal();
  }

  disconnectedCallback() {
    this.stopKeys?.();
    clearInterval(this.ticking);
  }

  /** A small window gets a smaller board, where nobody chose its size. */
  fewer() {
    const { options, counts, urls } = this.data;
    if (options.pairs !== "auto" || options.way === "survival" || counts.answers || counts.pairs <= 4 || !matchMedia(SMALL).matches) return false;
    location.replace(`${urls.afresh}?pairs=4&way=${options.way}&afresh=1`);
    return true;
  }

  /** @param {Tile} tile @param {Element | null} button */
  known(tile, button) {
    if (!(button instanceof HTMLButtonElement)) return;
    button.removeAttribute("form");
    button.type = "button";
    tile.button = button;
    if (tile.short !== tile.text) button.classList.add("is-cut");
  }

  listen() {
    const board = /** @type {HTMLElement} */ (this.board);
    board.addEventListener("click", (event) => this.pressed(event));
    this.grip = new Grip(board, (target) => (this.from ? this.under(target) : undefined), (held, target) => this.dropped(held, target));
    document.addEventListener("click", (event) => this.does(event));
    document.addEventListener("visibilitychange", () => document.hidden && this.stop("away"));
    document.addEventListener("k-settled", () => this.over && setTimeout(() => location.assign(this.data.urls.here), sounding()));
    document.getElementById("options")?.addEventListener("close", () => this.state("pause"));
    /** @type {Record<string, (event: KeyboardEvent) => void | boolean>} */
    const keys = {
      ArrowLeft: () => this.step(-1, 0),
      ArrowRight: () => this.step(1, 0),
      ArrowUp: () => this.step(0, -1),
      ArrowDown: () => this.step(0, 1),
      Backspace: () => this.release(),
      Enter: () => (this.paused ? this.run() : false),
    };
    for (const letter of LETTERS) keys[letter.toLowerCase()] = () => this.byLetter(letter);
    this.stopKeys = onKeys(keys, { own: true });
  }

  get paused() {
    return this.dealt && !this.from && !this.over;
  }

  get timed() {
    return this.data.options.way !== "zen";
  }

  /** The tiles come, half a second later they can be chosen, and the clock runs. */
  deal() {
    document.documentElement.classList.add("dealing");
    setTimeout(() => {
      document.documentElement.classList.remove("dealing");
      this.dealt = true;
      if (document.hidden) return this.stop("away");
      this.run();
    }, this.data.rules.deal_ms);
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.told();
  }

  run() {
    if (this.over) return;
    this.state("board");
    this.from = performance.now();
  }

  /** @param {string} note what happened: it goes with the next move */
  stop(note) {
    if (this.over || (!this.from && this.dealt)) return;
    this.played = this.time();
    this.from = 0;
    if (this.timed) this.note = this.note === "away" ? "away" : note;
    if (!this.dealt) return;
    if (this.timed) this.state("pause");
    else this.run();
  }

  time() {
    return this.played + (this.from ? performance.now() - this.from : 0);
  }

  tick() {
    if (!this.timed) return;
    const seconds = (this.time() + this.wrong * this.data.rules.penalty_ms) / 1000;
    const words = new Intl.NumberFormat(document.documentElement.lang || "en", { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(seconds);
    say("clock", (this.dataset.unit ?? "%s").replace("%s", words));
  }

  /** @param {string} state board, pause, end */
  state(state) {
    const board = /** @type {HTMLElement} */ (this.board);
    if (this.over && state !== "end") return;
    if (state === "pause" && (!this.timed || document.querySelector("dialog[open]") || this.from)) return;
    board.toggleAttribute("inert", state !== "board");
    board.classList.toggle("covered", state !== "board");
    for (const each of document.querySelectorAll("[data-state]")) if (each instanceof HTMLElement) each.hidden = each.dataset.state !== state;
    if (state === "pause") /** @type {HTMLElement | null} */ (document.querySelector("[data-does=on]"))?.focus();
  }

  /** @param {MouseEvent} event */
  does(event) {
    const from = event.target instanceof Element ? event.target.closest("[data-does]") : null;
    if (!(from instanceof HTMLElement) || event.ctrlKey || event.metaKey) return;
    if (from.dataset.does === "on") this.run();
    if (from.dataset.does !== "options" || !(from instanceof HTMLAnchorElement)) return;
    const sheet = document.getElementById("options");
    if (!sheet) return;
    event.preventDefault();
    if (this.timed) this.stop("paused");
    void fetch(`${from.href}?sheet=1`, { credentials: "same-origin" })
      .then((response) => (response.ok ? response.text() : Promise.reject(response)))
      .then((html) => {
        sheet.innerHTML = html;
        foldIn(sheet);
        openSheet("options");
      })
      .catch(() => location.assign(from.href));
  }

  // Choosing

  /** @param {MouseEvent} event */
  pressed(event) {
    const tile = this.under(event.target);
    if (!tile) return;
    event.preventDefault();
    if (this.grip?.swallowed()) return;
    this.choose(tile);
  }

  /** @param {EventTarget | null} target @returns {Tile | undefined} */
  under(target) {
    const button = target instanceof Element ? target.closest("button[data-tile]") : null;
    return button ? this.tiles.find((tile) => tile.button === button && !tile.gone) : undefined;
  }

  /** @param {string} letter */
  byLetter(letter) {
    const tile = this.tiles.find((each) => each.letter === letter && !each.gone && each.button);
    if (!tile) return false;
    tile.button?.focus();
    this.choose(tile);
  }

  /** @param {Tile} tile */
  choose(tile) {
    if (!this.from || this.over || tile.gone) return;
    const other = this.picked;
    this.release();
    if (other === tile) return;
    if (other && other.kind !== tile.kind) {
      this.pair(tile, other);
      return;
    }
    if (other) say("told", this.dataset.again ?? "");
    this.picked = tile;
    tile.button?.setAttribute("aria-pressed", "true");
  }

  release() {
    if (!this.picked) return false;
    this.picked.button?.setAttribute("aria-pressed", "false");
    this.picked = null;
  }

  /** @param {Tile} held @param {Tile} target */
  dropped(held, target) {
    if (target.kind === held.kind || !this.from) return;
    this.release();
    this.pair(target, held);
  }

  /** @param {Tile} one @param {Tile} other */
  pair(one, other) {
    const [term, definition] = one.kind === "term" ? [one, other] : [other, one];
    this.move(term, definition);
  }

  /** @param {Tile} term @param {Tile} definition */
  move(term, definition) {
    const now = this.time();
    const response = { choice: definition.token, text: this.note };
    const detail = { sitting: this.data.sitting, question: term.question, response, took_ms: Math.max(0, now - this.lastAt), enough: true, id: "" };
    this.dispatchEvent(new CustomEvent("k-answer", { bubbles: true, detail }));
    if (!detail.id) return;
    this.lastAt = now;
    this.note = "";
    if (term.fits?.includes(mixed(`${term.card}:${definition.token}`))) this.found(term, definition);
    else this.missed(term, definition);
  }

  /** A tone, where one likes to hear how it went. @param {"right" | "wrong" | "end"} name */
  sound(name) {
    if (this.data.options.sounds) tone(name);
  }

  /** @param {Tile} term @param {Tile} definition */
  found(term, definition) {
    this.sound("right");
    const hadFocus = [term, definition].some((tile) => tile.button === document.activeElement);
    const others = this.lying().filter((tile) => tile !== term && tile !== definition);
    const near = hadFocus ? nearest(definition.button === document.activeElement ? definition : term, others) : null;
    for (const tile of [term, definition]) {
      tile.gone = true;
      tile.button?.classList.add("goes");
      setTimeout(() => this.empty(tile), FADE_MS);
    }
    near?.button?.focus();
    const left = this.open().length;
    this.told(left);
    if (!left) return this.end();
    this.refill();
  }

  /** @param {Tile} term @param {Tile} definition */
  missed(term, definition) {
    this.sound("wrong");
    this.wrong += 1;
    const parts = (term.question ?? "").split(".");
    parts[5] = String(Number(parts[5]) + 1);
    term.question = parts.join(".");
    for (const tile of [term, definition]) {
      tile.button?.classList.remove("miss");
      void tile.button?.offsetWidth; // begins the shake anew
      tile.button?.classList.add("miss");
      setTimeout(() => tile.button?.classList.remove("miss"), SHAKE_MS);
    }
    say("wrong", ((this.timed ? this.dataset.wrong : this.dataset.wrongZen) ?? "").replaceAll("%n", String(this.wrong)));
    say("told", this.dataset.no ?? "");
  }

  /** @param {Tile} tile its place stays, so that nothing jumps */
  empty(tile) {
    const button = tile.button;
    if (!button?.isConnected) return;
    const done = document.querySelector("#matched");
    if (done instanceof HTMLTemplateElement) button.replaceWith(done.content.cloneNode(true));
  }

  /** The first tiles whose partner is not found, those on the board and those to come. */
  open() {
    return this.tiles.filter((tile) => tile.kind === "term" && !tile.gone);
  }

  /** @param {number} [left] */
  told(left) {
    const pairs = this.open().length;
    if (left !== undefined) say("told", counted(this, "left", left));
    say("left", counted(this, "pairs", pairs));
    const found = part("found");
    if (found) found.firstElementChild.textContent = `${this.data.counts.pairs - pairs}/${this.data.counts.pairs}`;
  }

  /** Survival: where few pairs are left, more come onto the empty places. */
  refill() {
    const lying = this.open().filter((tile) => tile.at !== null);
    const coming = this.tiles.filter((tile) => tile.at === null && !tile.gone);
    if (lying.length > FEW || !coming.length) return;
    const wave = Math.min(...coming.map((tile) => tile.wave));
    const fresh = coming.filter((tile) => tile.wave === wave);
    const taken = new Set(this.tiles.filter((tile) => tile.at !== null && !tile.gone).map((tile) => tile.at));
    const free = [...Array(this.data.board.cells).keys()].filter((cell) => !taken.has(cell)).sort(() => Math.random() - 0.5);
    for (const tile of this.tiles) if (tile.gone) tile.at = null;
    fresh.forEach((tile, n) => {
      tile.at = free[n];
      tile.letter = LETTERS[tile.at];
    });
    setTimeout(() => fresh.forEach((tile) => this.lay(tile)), FADE_MS);
  }

  /** @param {Tile} tile comes onto its place */
  lay(tile) {
    const board = /** @type {HTMLElement} */ (this.board);
    for (const old of board.querySelectorAll(`.at-${tile.at}`)) old.remove();
    const cell = document.createElement("li");
    cell.className = `cell at-${tile.at}`;
    const button = document.createElement("button");
    button.className = `mt is-${tile.kind} comes${tile.html ? " is-drawn" : ""}`;
    button.dataset.tile = tile.key;
    button.setAttribute("aria-pressed", "false");
    const key = document.createElement("span");
    key.className = "key";
    key.textContent = tile.letter;
    button.append(key, " ", this.text(tile));
    cell.append(button);
    part(tile.kind === "term" ? "terms" : "definitions").append(cell);
    this.known(tile, button);
  }

  /** @param {Tile} tile */
  text(tile) {
    const text = document.createElement("span");
    text.className = tile.html ? "pic" : "txt";
    text.dir = "auto";
    if (tile.lang) text.lang = tile.lang;
    if (tile.html) text.innerHTML = tile.html;
    else if (tile.short === tile.text) text.textContent = tile.text;
    else {
      const [cut, whole] = [document.createElement("span"), document.createElement("span")];
      cut.className = "cut";
      cut.setAttribute("aria-hidden", "true");
      cut.textContent = tile.short;
      whole.className = "whole";
      whole.textContent = tile.text;
      text.append(cut, whole);
    }
    return text;
  }

  end() {
    this.played = this.time();
    this.from = 0;
    this.over = true;
    this.sound("end");
    this.tick();
    clearInterval(this.ticking);
    setTimeout(() => {
      this.state("end");
      document.dispatchEvent(new CustomEvent("k-flush"));
    }, FADE_MS);
  }

  // Moving over the board

  /** @param {number} x @param {number} y */
  step(x, y) {
    const now = this.tiles.find((tile) => tile.button === document.activeElement && !tile.gone);
    const lying = this.lying();
    if (!lying.length || !this.from) return false;
    const next = now ? ahead(now, lying, x, y) : lying.sort((a, b) => (a.at ?? 0) - (b.at ?? 0))[0];
    next?.button?.focus();
  }

  /** @returns {Tile[]} */
  lying() {
    return this.tiles.filter((tile) => !tile.gone && tile.button?.isConnected);
  }
}

customElements.define("k-match", Match);
