/** Sends something to the server as our own page, and reads what it says. */

/** What the server answered when it would not. */
export class Refused extends Error {
  /** @param {number} status @param {string} sentence @param {any} data */
  constructor(status, sentence, data) {
    super(sentence);
    this.status = status;
    this.data = data;
  }
}

/** @returns {string} the token that shows a request comes from our own page; the cookie is newer than the page after a sign-in elsewhere */
export function token() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="csrf-token"]'));
  return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : (meta?.content ?? "");
}

/**
 * Posts data as JSON (a FormData as the form it is) and gives what came back: the object, or the text where it is no JSON.
 * Throws a Refused where the server said no, and a TypeError where no server was reached.
 * @param {string} url
 * @param {any} [data]
 * @param {RequestInit} [more]
 * @returns {Promise<any>}
 */
export async function post(url, data = {}, more = {}) {
  const form = data instanceof FormData || data instanceof URLSearchParams;
  /** @type {Record<string, string>} */
  const headers = { "X-CSRFToken": token(), Accept: "application/json" };
  if (!form) headers["Content-Type"] = "application/json";
  const response = await fetch(url, { method: "POST", credentials: "same-origin", headers, body: form ? data : JSON.stringify(data), ...more });
  const text = await response.text();
  let read;
  try {
    read = text ? JSON.parse(text) : null;
  } catch {
    read = text;
  }
  if (!response.ok) {
    const sentence = read && typeof read === "object" ? (read.sentence ?? read.detail ?? read.why) : "";
    throw new Refused(response.status, typeof sentence === "string" ? sentence : "", read);
  }
  return read;
}
