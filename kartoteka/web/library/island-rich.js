/**
 * A rich field over a plain text field: what is typed looks as it will on the card.
 *
 *   <label id="term-1-l" for="term-1">Term</label>
 *   <div data-rich="term" data-label="Format the term"><textarea name="term">…</textarea><template>clean HTML</template></div>
 *
 * The field gives HTML; the server cleans it, here is only kept what makes sense on a card.
 */

import { composing, openSheet, post, Refused } from "look/base.js";

/** @typedef {{ files: string, alt: string, altEmpty: string, changed: () => void, refused: (sentence: string) => void }} House */

const KEPT = new Set("P BR B STRONG I EM U S DEL SUB SUP UL OL LI A CODE PRE BLOCKQUOTE TABLE TBODY THEAD TR TD TH RUBY RT RP IMG AUDIO MARK DIV".split(" "));
const GONE = "script, style, template, title, meta, link, head, noscript, iframe, object, svg, button, input, textarea, select";
const PICTURES = "image/png,image/jpeg,image/gif,image/webp,image/avif";

export class Rich {
  /** @param {HTMLElement} place @param {HTMLTemplateElement} tools @param {House} house */
  constructor(place, tools, house) {
    this.house = house;
    this.side = place.dataset.rich ?? "";
    const area = /** @type {HTMLTextAreaElement} */ (place.querySelector("textarea"));
    const kept = place.querySelector("template");
    const label = document.querySelector(`label[for="${area.id}"]`);
    this.field = document.createElement("div");
    this.field.className = "prose";
    for (const [name, value] of Object.entries({ id: area.id, contenteditable: "true", role: "textbox", "aria-multiline": "true", dir: "auto", lang: area.lang, "aria-labelledby": label?.id ?? "" })) {
      if (value) this.field.setAttribute(name, value);
    }
    this.field.append(kept instanceof HTMLTemplateElement && kept.innerHTML.trim() ? kept.content.cloneNode(true) : fromText(area.value));
    this.#still();
    this.bar = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (tools.content.cloneNode(true)).firstElementChild);
    this.bar.setAttribute("aria-label", place.dataset.label ?? "");
    this.bar.setAttribute("aria-controls", area.id);
    if (this.side !== "definition") for (const part of this.bar.querySelectorAll("[data-long]")) part.remove();
    this.alts = document.createElement("div");
    this.alts.className = "alts";
    place.replaceChildren(this.bar, this.field);
    place.classList.add("rich");
    place.classList.toggle("one", this.side !== "definition");
    place.after(this.alts);
    label?.addEventListener("click", (event) => {
      event.preventDefault();
      this.focus();
    });
    this.#listen();
    this.#words();
  }

  get html() {
    return neat(this.field);
  }

  /** @param {string} html clean HTML from the server */
  set html(html) {
    const shape = document.createElement("template");
    shape.innerHTML = html;
    this.field.replaceChildren(shape.content);
    this.#still();
    this.#words();
  }

  focus() {
    this.field.focus();
    getSelection()?.selectAllChildren(this.field);
    getSelection()?.collapseToEnd();
  }

  /** Players are one thing, not text to write in. */
  #still() {
    for (const player of this.field.querySelectorAll("audio")) player.setAttribute("contenteditable", "false");
  }

  #listen() {
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("paste", (event) => void this.#paste(event));
    this.field.addEventListener("drop", (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      void this.#put(file);
    });
    document.addEventListener("selectionchange", () => this.#state());
    this.bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    this.bar.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button instanceof HTMLButtonElement) this.#does(button.dataset.does ?? "");
    });
    this.#rove();
  }

  #changed() {
    this.#still();
    this.#words();
    this.house.changed();
  }

  /** One stop for Tab in the whole bar; arrows move in it. */
  #rove() {
    const buttons = [...this.bar.querySelectorAll("button")];
    buttons.forEach((button, place) => (button.tabIndex = place ? -1 : 0));
    this.bar.addEventListener("keydown", (event) => {
      const turned = getComputedStyle(this.bar).direction === "rtl" ? -1 : 1;
      const step = { ArrowRight: turned, ArrowLeft: -turned, Home: -Infinity, End: Infinity }[event.key];
      const here = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
      if (step === undefined || here < 0) return;
      event.preventDefault();
      const next = Math.abs(step) === Infinity ? (step > 0 ? buttons.length - 1 : 0) : (here + step + buttons.length) % buttons.length;
      for (const button of buttons) button.tabIndex = -1;
      buttons[next].tabIndex = 0;
      buttons[next].focus();
    });
  }

  /** @param {string} name @returns {Element | null} */
  #around(name) {
    const node = getSelection()?.anchorNode;
    const element = node instanceof Element ? node : (node?.parentElement ?? null);
    const found = element?.closest(name) ?? null;
    return found && this.field.contains(found) && found !== this.field ? found : null;
  }

  #state() {
    if (!this.field.isConnected || document.activeElement !== this.field) return;
    /** @type {Record<string, boolean>} */
    const on = {
      bold: document.queryCommandState("bold"),
      italic: document.queryCommandState("italic"),
      bullets: this.#around("ul, ol")?.tagName === "UL",
      numbers: this.#around("ul, ol")?.tagName === "OL",
      quote: this.#around("blockquote") !== null,
      code: this.#around("code") !== null,
    };
    for (const button of this.bar.querySelectorAll("[aria-pressed]")) {
      if (button instanceof HTMLElement) button.setAttribute("aria-pressed", String(on[button.dataset.does ?? ""] ?? false));
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (composing(event)) return;
    const mod = event.ctrlKey || event.metaKey;
    if (event.key === "Tab" && !mod && !event.altKey && this.#deeper(event.shiftKey)) event.preventDefault();
    else if (mod && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.#link();
    }
  }

  /** Moves an item of a list; where it cannot move, Tab goes on to the next thing. @param {boolean} back */
  #deeper(back) {
    const item = this.#around("li");
    const can = back ? item?.parentElement?.parentElement?.closest("li, ul, ol") : item?.previousElementSibling;
    if (!item || !can || !this.field.contains(can)) return false;
    run(back ? "outdent" : "indent");
    return true;
  }

  /** @param {string} what */
  #does(what) {
    if (document.activeElement !== this.field) {
      const range = this.range;
      this.field.focus();
      if (range) getSelection()?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    }
    const chosen = getSelection()?.toString() ?? "";
    if (what === "bold" || what === "italic") run(what);
    else if (what === "bullets") run("insertUnorderedList");
    else if (what === "numbers") run("insertOrderedList");
    else if (what === "deeper") this.#deeper(false);
    else if (what === "shallower") this.#deeper(true);
    else if (what === "quote") run(this.#around("blockquote") ? "outdent" : "formatBlock", "blockquote");
    else if (what === "code") this.#code(chosen);
    else if (what === "formula") this.#formula(chosen);
    else if (what === "link") this.#link();
    else if (what === "picture") this.#choose(PICTURES);
    else if (what === "sound") this.#choose("audio/*");
    this.#state();
  }

  /** @param {string} chosen */
  #code(chosen) {
    const code = this.#around("code");
    if (code) {
      getSelection()?.selectAllChildren(code);
      run("insertText", code.textContent ?? "");
    } else if (chosen) run("insertHTML", `<code>${escaped(chosen)}</code>`);
    else run("insertHTML", "<code>\u200b</code>");
  }

  /** @param {string} chosen */
  #formula(chosen) {
    run("insertText", `\\(${chosen}\\)`);
    const choice = getSelection();
    if (!chosen && choice?.anchorNode) {
      choice.modify("move", "backward", "character");
      choice.modify("move", "backward", "character");
    }
  }

  get range() {
    return this.kept ?? null;
  }

  #keepRange() {
    const choice = getSelection();
    this.kept = choice?.rangeCount && this.field.contains(choice.anchorNode) ? choice.getRangeAt(0).cloneRange() : undefined;
  }

  #link() {
    this.#keepRange();
    const sheet = /** @type {HTMLDialogElement} */ (document.getElementById("link-sheet"));
    const to = /** @type {HTMLInputElement} */ (document.getElementById("link-to"));
    const link = this.#around("a");
    to.value = link instanceof HTMLAnchorElement ? link.href : "";
    sheet.returnValue = "";
    openSheet(sheet);
    to.focus();
    sheet.addEventListener(
      "close",
      () => {
        this.field.focus();
        const choice = getSelection();
        if (this.kept && choice) choice.setBaseAndExtent(this.kept.startContainer, this.kept.startOffset, this.kept.endContainer, this.kept.endOffset);
        if (sheet.returnValue === "set") this.#linked(link, to.value.trim());
      },
      { once: true },
    );
  }

  /** @param {Element | null} link @param {string} address */
  #linked(link, address) {
    if (link) getSelection()?.selectAllChildren(link);
    if (!address) run("unlink");
    else if (!/^(https:\/\/|mailto:)/i.test(address)) return;
    else if (getSelection()?.toString()) run("createLink", address);
    else run("insertHTML", `<a href="${escaped(address)}">${escaped(address)}</a>`);
  }

  /** @param {string} kinds */
  #choose(kinds) {
    this.#keepRange();
    const input = document.createElement("input");
    input.type = "file";
    input.accept = kinds;
    input.addEventListener("change", () => input.files?.[0] && void this.#put(input.files[0]));
    input.click();
  }

  /** Sends a file, and puts it where one was writing. @param {File} file */
  async #put(file) {
    const form = new FormData();
    form.append("file", file, file.name || "picture.png");
    try {
      const { html } = await post(this.house.files, form);
      const range = this.range;
      this.field.focus();
      if (range) getSelection()?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
      run("insertHTML", html);
      this.#changed();
      const inputs = this.alts.querySelectorAll("textarea");
      if (html.startsWith("<img")) [...inputs].find((input) => !input.value)?.focus();
    } catch (error) {
      this.house.refused(error instanceof Refused ? error.message : String(error));
    }
  }

  /** @param {ClipboardEvent} event */
  async #paste(event) {
    const data = event.clipboardData;
    if (!data) return;
    const html = data.getData("text/html");
    const file = [...data.files].find((each) => /^(image|audio)\//.test(each.type));
    if (file && !html) {
      event.preventDefault();
      this.#keepRange();
      await this.#put(file);
    } else if (html) {
      event.preventDefault();
      run("insertHTML", pasted(html));
    }
  }

  /** Below the field: every picture, and what it shows in words. */
  #words() {
    const pictures = [...this.field.querySelectorAll("img")];
    const shown = [...this.alts.querySelectorAll("img")].map((img) => img.src).join();
    if (shown === pictures.map((img) => img.src).join()) return;
    this.alts.replaceChildren(...pictures.map((picture, place) => this.#word(picture, `${this.field.id}-alt-${place}`)));
  }

  /** @param {HTMLImageElement} picture @param {string} id */
  #word(picture, id) {
    const row = document.createElement("div");
    const thumb = document.createElement("img");
    thumb.src = picture.src;
    thumb.alt = "";
    const f = document.createElement("div");
    f.className = "f";
    f.innerHTML = '<label></label><textarea class="in fits" rows="1" maxlength="500"></textarea><p class="help"></p>';
    const [label, input, help] = /** @type {[HTMLLabelElement, HTMLTextAreaElement, HTMLElement]} */ ([...f.children]);
    label.textContent = this.house.alt;
    label.htmlFor = input.id = id;
    help.id = `${id}-help`;
    input.setAttribute("aria-describedby", help.id);
    input.value = picture.alt;
    const look = () => (help.textContent = input.value.trim() ? "" : this.house.altEmpty);
    look();
    input.addEventListener("input", () => {
      picture.alt = input.value;
      look();
      this.house.changed();
    });
    row.append(thumb, f);
    return row;
  }
}

/** @param {string} command @param {string} [value] */
function run(command, value) {
  document.execCommand("styleWithCSS", false, "false");
  document.execCommand(command, false, value);
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** What a text field held: words with line breaks, or HTML. @param {string} text */
function fromText(text) {
  const shape = document.createElement("template");
  shape.innerHTML = /<[a-z/]/i.test(text) ? pasted(text) : escaped(text.trim()).replace(/\n/g, "<br>");
  return shape.content;
}

/** What makes sense on a card of HTML from elsewhere; read where nothing runs. @param {string} html */
function pasted(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const part of page.querySelectorAll(GONE)) part.remove();
  return neat(page.body);
}

/** @param {Element} root @returns {string} */
function neat(root) {
  const copy = /** @type {Element} */ (document.implementation.createHTMLDocument("").importNode(root, true));
  for (const element of [...copy.querySelectorAll("*")]) tidied(element);
  for (const list of copy.querySelectorAll("ul > ul, ul > ol, ol > ol, ol > ul")) list.previousElementSibling?.append(list);
  for (const block of [...copy.querySelectorAll("div")]) renamed(block);
  for (const block of copy.querySelectorAll("p, li, blockquote")) {
    if (block.lastChild?.nodeName === "BR") block.lastChild.remove(); // only there so that an empty line has a height
  }
  for (const edge of /** @type {const} */ (["firstElementChild", "lastElementChild"])) {
    while (copy[edge]?.matches("p:empty, br") && !(edge === "firstElementChild" && copy.firstChild !== copy[edge])) copy[edge]?.remove();
  }
  const only = copy.children.length === 1 && copy.firstElementChild?.matches("p") && copy.childNodes.length === 1 ? copy.firstElementChild : copy;
  return only.innerHTML.replaceAll("\u200b", "").replace(/(&nbsp;|\s)+$/, "").trim();
}

/** @param {Element} element */
function tidied(element) {
  const name = element.tagName;
  if (name === "MATH" || element.closest("math")) return;
  if (name === "B" && /font-weight:\s*(normal|400)/.test(element.getAttribute("style") ?? "")) return void unwrapped(element); // copied from Google Docs
  if (!KEPT.has(name)) return void unwrapped(element);
  const kept = { A: ["href"], IMG: ["src", "data-name", "alt", "width", "height"], AUDIO: ["src", "data-name"], TD: ["colspan", "rowspan"], TH: ["colspan", "rowspan"] }[name] ?? [];
  for (const { name: attribute } of [...element.attributes]) {
    if (![...kept, "dir", "lang"].includes(attribute)) element.removeAttribute(attribute);
  }
  if (name === "IMG" && !element.hasAttribute("data-name") && !/^\/media\//.test(element.getAttribute("src") ?? "")) element.replaceWith(element.getAttribute("alt") ?? "");
}

/** @param {Element} element */
function unwrapped(element) {
  const block = /^(H[1-6]|SECTION|ARTICLE|HEADER|FOOTER|MAIN|FIGURE|DL|DT|DD|CENTER|BODY)$/.test(element.tagName);
  if (!block) return element.replaceWith(...element.childNodes);
  const p = element.ownerDocument.createElement("p");
  p.append(...element.childNodes);
  element.replaceWith(p);
}

/** A line of its own is a paragraph. @param {Element} block */
function renamed(block) {
  if (block.querySelector("p, ul, ol, table, blockquote, pre, div")) return void block.replaceWith(...block.childNodes);
  const p = block.ownerDocument.createElement("p");
  p.append(...block.childNodes);
  block.replaceWith(p);
}
