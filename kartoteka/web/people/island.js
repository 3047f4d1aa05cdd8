/**
 * A password that can be looked at while it is typed.
 *
 *     <k-password class="pw"><input type="password"><button type="button" aria-pressed="false" hidden>Show</button></k-password>
 *
 * The button is hidden where no script runs. What is shown is hidden again before it is sent, so that no browser keeps it as text.
 */
class Password extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    const button = this.querySelector("button");
    if (!field || !button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      field.focus();
    });
    field.form?.addEventListener("submit", () => {
      field.type = "password";
    });
  }
}

customElements.define("k-password", Password);
