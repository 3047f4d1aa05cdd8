/**
 * The outbox: an answer is kept on this device first, then sent, and forgotten only when the server says that it has it.
 *
 *   <k-outbox data-learner data-reviews="/api/v1/reviews" data-n-1="1 answer not saved yet." …></k-outbox>
 *
 * It hears `k-answer` {sitting, question, response, took_ms, enough} and writes the answer's new `id` into the event; `k-undo` {sitting, id}; `k-flush`;
 * `k-settle` {sitting, answer, to, ticks, accept}, an appeal, which is kept like an answer and gets its `id` too; `k-look` {sitting}: is it still so?
 * `enough`: the page has questions in hand, so the server need not lay out the next ones.
 * It says `k-judged` {id, status, why, verdict, levels, question} where an answer was judged, `k-overturned` {id, status, why, verdict, levels, sentence, answer}
 * where an appeal was, `k-moved` {id, levels} where a card may be on another level now, `k-sitting` {id, questions, counts, over} when the server told what comes next, and `k-settled` when nothing waits any more.
 */

import { post, Refused, toast } from "look/base.js";
import { counted } from "look/counted.js";

const DATABASE = "kartoteka";
const STORE = "outbox";
const AT_ONCE = 200;
const QUIET_MS = 400; // a quick server is not worth a word
const GIVE_UP_MS = 15_000;
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];
const KEEP_ALIVE_BYTES = 50_000; // browsers let no more than 64 kB outlive a page

/** @typedef {{id: string, sitting: string, learner: string, at_ms: number, question?: string, response?: object, took_ms?: number, takes_back?: string, overturns?: string, to?: string, accept?: boolean, enough?: boolean}} Kept */

let lastStamp = 0n;

/** @returns {string} a UUIDv7; two of one page never go backwards */
export function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  let random = 0n;
  for (const byte of bytes) random = (random << 8n) | BigInt(byte);
  random &= (1n << 74n) - 1n;
  const fresh = (BigInt(Date.now()) << 74n) | random;
  lastStamp = fresh > lastStamp ? fresh : lastStamp + 1n;
  const [stamp, rest] = [lastStamp >> 74n, lastStamp & ((1n << 74n) - 1n)];
  const value = (stamp << 80n) | (7n << 76n) | ((rest >> 62n) << 64n) | (2n << 62n) | (rest & ((1n << 62n) - 1n));
  const hex = value.toString(16).padStart(32, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Where answers wait: IndexedDB, or, where a browser has none, this page's memory. */
class Drawer {
  constructor() {
    /** @type {Map<string, Kept>} */
    this.memory = new Map();
    this.lasts = true;
    /** @type {Promise<IDBDatabase | null>} */
    this.opened = new Promise((resolve) => {
      try {
        const asked = indexedDB.open(DATABASE, 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = asked.onblocked = () => resolve(null);
      } catch {
        resolve(null);
      }
    });
    void this.opened.then((database) => {
      this.lasts = database !== null;
    });
  }

  /** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} work @returns {Promise<any>} */
  async within(mode, work) {
    const database = await this.opened;
    if (!database) return undefined;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
      const request = work(transaction.objectStore(STORE));
      if (mode === "readwrite") transaction.commit(); // at once: a page that closes now must not take the answer with it
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  /** @param {Kept} kept */
  async put(kept) {
    this.memory.set(kept.id, kept);
    try {
      await this.within("readwrite", (store) => store.put(kept));
    } catch {
      this.lasts = false;
    }
  }

  /** @param {string[]} ids */
  async take(ids) {
    for (const id of ids) this.memory.delete(id);
    for (const id of ids) await this.within("readwrite", (store) => store.delete(id)).catch(() => undefined);
  }

  /** @returns {Promise<Kept[]>} everything that waits, also what another tab or an earlier page left */
  async all() {
    /** @type {Kept[]} */
    const stored = (await this.within("readonly", (store) => store.getAll()).catch(() => undefined)) ?? [];
    const found = new Map(stored.map((kept) => [kept.id, kept]));
    for (const [id, kept] of this.memory) found.set(id, kept);
    return [...found.values()].sort((a, b) => a.at_ms - b.at_ms || (a.id < b.id ? -1 : 1));
  }
}

class Outbox extends HTMLElement {
  drawer = new Drawer();
  /** @type {Set<string>} */ flying = new Set();
  /** @type {Set<string>} */ foreign = new Set(); // another person's answers that this session could not hand in
  /** @type {BroadcastChannel | null} */ channel = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  learner = "";
  failures = 0;
  trouble = "";
  running = false;
  wanted = false;
  lastAt = 0;
  sent = 0;

  connectedCallback() {
    this.learner = this.dataset.learner ?? "";
    this.dataset.waits = ""; // until it has looked
    document.addEventListener("k-answer", (event) => this.answered(/** @type {CustomEvent} */ (event)));
    document.addEventListener("k-undo", (event) => this.undone(/** @type {CustomEvent} */ (event)));
    document.addEventListener("k-flush", () => this.flush());
    document.addEventListener("k-settle", (event) => this.settles(/** @type {CustomEvent} */ (event)));
    document.addEventListener("k-look", (event) => void this.look(/** @type {CustomEvent} */ (event).detail.sitting));
    window.addEventListener("online", () => this.now());
    window.addEventListener("pageshow", () => this.flush());
    window.addEventListener("pagehide", () => this.lastWord());
    document.addEventListener("visibilitychange", () => this.now());
    if ("BroadcastChannel" in window) {
      this.channel = new BroadcastChannel("kartoteka-outbox");
      this.channel.onmessage = () => void this.say();
    }
    void this.flush();
  }

  now() {
    this.failures = 0;
    void this.flush();
  }

  /** Times of one page never go backwards, so the order of answers is the order they were given in. */
  stamp() {
    this.lastAt = Math.max(Date.now(), this.lastAt + 1);
    return this.lastAt;
  }

  /** @param {CustomEvent} event */
  answered(event) {
    const { sitting, question, response, took_ms, enough } = event.detail;
    const id = uuid7();
    event.detail.id = id;
    void this.keep({ id, sitting, learner: this.learner, question, response, took_ms: Math.round(took_ms), at_ms: this.stamp(), enough });
  }

  /** An appeal waits and is sent like an answer, so it needs no connection now and counts once. @param {CustomEvent} event */
  settles(event) {
    const { sitting, answer, to, ticks, accept } = event.detail;
    const id = uuid7();
    event.detail.id = id;
    const response = { ticks };
    void this.keep({ id, sitting, learner: this.learner, overturns: answer, response, ...(to ? { to } : {}), ...(accept ? { accept } : {}), at_ms: this.stamp() });
  }

  /** What the server would ask now, where nothing waits that would change it. @param {string} sitting */
  async look(sitting) {
    await this.flush();
    if ((await this.drawer.all()).some((kept) => kept.sitting === sitting)) return;
    const answer = await fetch(`/api/v1/sittings/${sitting}`, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok) document.dispatchEvent(new CustomEvent("k-sitting", { detail: { id: sitting, ...(await answer.json()) } }));
  }

  /**
   * Taking back is kept and sent like an answer, whether or not its answer has left: another tab may be sending it right now, or an earlier
   * sending may have come through though its acknowledgement did not. The server takes the two in any order.
   * @param {CustomEvent} event
   */
  async undone(event) {
    const { sitting, id } = event.detail;
    await this.keep({ id: uuid7(), sitting, learner: this.learner, takes_back: id, at_ms: this.stamp() });
  }

  /** @param {Kept} kept */
  async keep(kept) {
    this.drawer.memory.set(kept.id, kept);
    this.dataset.waits = "";
    setTimeout(() => void this.say(), QUIET_MS);
    await this.drawer.put(kept);
    this.channel?.postMessage("kept");
    void this.flush();
  }

  /** Sends what waits, oldest first; while it sends, a second call only makes it look again. */
  async flush() {
    if (this.running) {
      this.wanted = true;
      return;
    }
    this.running = true;
    clearTimeout(this.timer);
    try {
      do {
        this.wanted = false;
        await this.locked(() => this.send());
      } while (this.wanted && !this.failures);
    } finally {
      this.running = false;
    }
    await this.say();
    if (this.failures) this.timer = setTimeout(() => void this.flush(), WAITS_MS[Math.min(this.failures, WAITS_MS.length) - 1] * (0.8 + 0.4 * Math.random()));
  }

  /** Two tabs do not send the same answers at once, where a browser can tell them apart; if they do, each still counts once. @param {() => Promise<void>} work */
  locked(work) {
    return navigator.locks ? navigator.locks.request("kartoteka-outbox", work) : work();
  }

  async send() {
    for (;;) {
      const waiting = (await this.drawer.all()).filter((kept) => !this.foreign.has(kept.id)).slice(0, AT_ONCE);
      if (!waiting.length) return;
      for (const kept of waiting) this.flying.add(kept.id);
      try {
        await this.arrived(await this.posted(waiting), waiting);
        this.failures = 0;
        this.trouble = "";
      } catch (error) {
        this.failures += 1;
        this.trouble = error instanceof Refused && (error.status === 401 || error.status === 403) ? "who" : "wait";
        return;
      } finally {
        for (const kept of waiting) this.flying.delete(kept.id);
      }
      if (waiting.length < AT_ONCE && !this.wanted) return;
    }
  }

  /** @param {Kept[]} waiting */
  posted(waiting) {
    const reviews = waiting.map(({ learner, enough, ...item }) => item);
    const asks = waiting.some((kept) => !kept.enough);
    const body = { ...(asks ? {} : { many: 0 }), sent_ms: Date.now(), time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "", reviews };
    const small = JSON.stringify(body).length < KEEP_ALIVE_BYTES;
    return post(this.dataset.reviews ?? "", body, { keepalive: small, signal: AbortSignal.timeout(GIVE_UP_MS) });
  }

  /** The page goes: what was not sent yet is sent without waiting; the next page finds it in the drawer and asks again whether it came. */
  lastWord() {
    const waiting = [...this.drawer.memory.values()].filter((kept) => !this.flying.has(kept.id)).slice(0, AT_ONCE);
    if (waiting.length) void this.posted(waiting).catch(() => undefined);
  }

  /** @param {{reviews: {id: string, status: string, why: string, verdict?: object | null, levels?: string[]}[], sittings: Record<string, object>}} told @param {Kept[]} sent */
  async arrived(told, sent) {
    const byId = new Map(sent.map((kept) => [kept.id, kept]));
    /** @type {string[]} */
    const done = [];
    for (const one of told.reviews) {
      const kept = byId.get(one.id);
      if (!kept) continue;
      if (one.levels?.length) document.dispatchEvent(new CustomEvent("k-moved", { detail: { id: kept.overturns ?? one.id, levels: one.levels } }));
      if (kept.overturns) document.dispatchEvent(new CustomEvent("k-overturned", { detail: { ...one, answer: kept.overturns } }));
      else if (one.verdict || one.status === "refused") document.dispatchEvent(new CustomEvent("k-judged", { detail: { ...one, question: kept.question } }));
      if (one.status !== "refused") done.push(one.id);
      else if (kept.learner && kept.learner !== this.learner) this.foreign.add(one.id);
      else {
        done.push(one.id);
        toast((this.dataset.refused ?? "%s").replace("%s", one.why));
      }
    }
    await this.drawer.take(done);
    this.sent += done.length;
    this.channel?.postMessage("sent");
    const left = new Set((await this.drawer.all()).map((kept) => kept.sitting));
    for (const [id, sitting] of Object.entries(told.sittings ?? {})) {
      if (!left.has(id)) document.dispatchEvent(new CustomEvent("k-sitting", { detail: { id, ...sitting } }));
    }
  }

  /** Shows how many wait, as long as any do. */
  async say() {
    const kept = (await this.drawer.all()).filter((each) => !this.foreign.has(each.id));
    if (kept.length || this.running) this.dataset.waits = "";
    else delete this.dataset.waits;
    const back = new Set(kept.map((each) => each.takes_back)); // what is taken back is not missed
    const waiting = kept.filter((each) => !each.takes_back && !back.has(each.id));
    const young = !this.failures && waiting.every((each) => Date.now() - each.at_ms < QUIET_MS);
    if (!waiting.length || young) {
      if (this.firstChild) this.replaceChildren();
      if (waiting.length) setTimeout(() => void this.say(), QUIET_MS);
      else if (!kept.length) this.settled();
      return;
    }
    this.draw(waiting.length);
  }

  /** Everything is there; a page that shows figures (`data-renews`) shows them anew. */
  settled() {
    document.dispatchEvent(new CustomEvent("k-settled"));
    if (this.sent && this.dataset.renews !== undefined) location.reload();
  }

  /** @param {number} count */
  draw(count) {
    const more = this.trouble === "who" ? this.dataset.who : this.drawer.lasts ? this.dataset.wait : this.dataset.open;
    if (!this.firstChild) {
      const bar = document.createElement("div");
      bar.className = "waiting";
      bar.setAttribute("role", "region");
      bar.setAttribute("aria-label", this.dataset.label ?? "");
      const [row, words, button] = [document.createElement("div"), document.createElement("p"), document.createElement("button")];
      words.setAttribute("role", "status");
      button.type = "button";
      button.textContent = this.dataset.try ?? "";
      button.addEventListener("click", () => this.now());
      row.append(words, button);
      bar.append(row);
      this.append(bar);
    }
    const words = /** @type {HTMLElement} */ (this.querySelector("p"));
    const strong = document.createElement("b");
    strong.textContent = counted(this, "n", count);
    words.replaceChildren(strong, ` ${more ?? ""}`);
  }
}

customElements.define("k-outbox", Outbox);
