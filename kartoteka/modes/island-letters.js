/**
 * A row of letters under a field: pressed, they are written where the cursor is. One stop of the Tab key, arrows within; Shift writes a capital.
 *
 *   <form> <input name="text"> <k-letters data-letters="ä é ß" role="toolbar" aria-label="Letters" hidden></k-letters> </form>
 *
 * A word that an input method has not finished is finished first.
 */

class Letters extends HTMLElement {
  composing = false;
  /** @type {string} */ waits = "";

  connectedCallback() {
    const buttons = (this.dataset.letters ?? "").split(" ").filter(Boolean).map((letter, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "b small";
      button.textContent = letter;
      button.tabIndex = i ? -1 : 0;
      return button;
    });
    this.replaceChildren(...buttons);
    this.hidden = !buttons.length;
    this.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the cursor, and a phone its keyboard
    this.addEventListener("click", (event) => this.pressed(event));
    this.addEventListener("keydown", (event) => this.goes(event));
    document.addEventListener("compositionstart", () => (this.composing = true));
    document.addEventListener("compositionend", () => this.ended());
  }

  /** @returns {HTMLInputElement | HTMLTextAreaElement | null} */
  get field() {
    return this.closest("form")?.querySelector("input[name='text'], textarea[name='text']") ?? null;
  }

  /** @param {MouseEvent} event */
  pressed(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    event.preventDefault();
    const letter = event.shiftKey ? (button.textContent ?? "").toLocaleUpperCase() : (button.textContent ?? "");
    if (!this.composing) return this.write(letter);
    this.waits = letter;
    const field = this.field;
    field?.blur();
    field?.focus();
  }

  ended() {
    this.composing = false;
    const letter = this.waits;
    this.waits = "";
    if (letter) setTimeout(() => this.write(letter)); // after the input method has written its word
  }

  /** @param {string} letter */
  write(letter) {
    const field = this.field;
    if (!field || field.readOnly) return;
    field.setRangeText(letter, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, data: letter }));
  }

  /** @param {KeyboardEvent} event */
  goes(event) {
    const buttons = [...this.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const to = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : step ? (at + step + buttons.length) % buttons.length : -1;
    if (to < 0 || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  }
}

customElements.define("k-letters", Letters);
