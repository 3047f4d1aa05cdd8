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

// What was refused is where one goes on.
/** @type {HTMLElement | null} */ (document.querySelector('main [aria-invalid="true"]'))?.focus();

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
/** @param {ArrayBuffer} buffer */
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/**
 * What the server sends as base64url becomes bytes, where the browser wants bytes.
 * @param {{ publicKey: any }} options
 */
function asked({ publicKey }) {
  /** @param {any[]} keys */
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));
  return {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    ...(publicKey.user && { user: { ...publicKey.user, id: bytes(publicKey.user.id) }, excludeCredentials: listed(publicKey.excludeCredentials) }),
    ...(publicKey.allowCredentials && { allowCredentials: listed(publicKey.allowCredentials) }),
  };
}

/**
 * And back: what the browser made, as JSON.
 * @param {any} made
 */
function given(made) {
  /** @type {Record<string, string>} */
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = words(made.response[name]);
  }
  return { id: made.id, rawId: words(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
}

/**
 * A passkey is made, or used; the form sends what came of it.
 *
 *     <k-passkey data-does="create|get" data-options="{…}"> or data-ask="/address/of/the/options/"
 *       <form method="post"><input type="hidden" name="credential"><button disabled>…</button>
 *       <p data-cannot>…</p><p data-failed hidden>…</p></form></k-passkey>
 */
class Passkey extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const button = this.querySelector("button");
    const field = form?.elements.namedItem("credential");
    if (!window.PublicKeyCredential || !form || !button || !(field instanceof HTMLInputElement)) return;
    this.hidden = false;
    button.disabled = false;
    this.querySelector("[data-cannot]")?.remove();
    form.addEventListener("submit", (event) => {
      if (field.value) return;
      event.preventDefault();
      this.#ask(form, field, button);
    });
  }

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLInputElement} field
   * @param {HTMLButtonElement} button
   */
  async #ask(form, field, button) {
    const failed = /** @type {HTMLElement | null} */ (this.querySelector("[data-failed]"));
    button.disabled = true;
    if (failed) failed.hidden = true;
    try {
      const publicKey = asked(this.dataset.ask ? await (await fetch(this.dataset.ask, { headers: { Accept: "application/json" } })).json() : JSON.parse(this.dataset.options || "{}"));
      const made = this.dataset.does === "create" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
      field.value = JSON.stringify(given(made));
      form.requestSubmit();
    } catch {
      if (failed) failed.hidden = false;
    }
    button.disabled = false;
  }
}

customElements.define("k-passkey", Passkey);
