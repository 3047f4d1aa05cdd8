/** Short tones for who wants them: right, not this time, the end. The browser makes them itself; no file is fetched. */

/** Each note: its pitch in hertz, when it begins and how long it sounds, in seconds. @type {Record<string, [number, number, number][]>} */
const TONES = {
  right: [
    [659, 0, 0.1],
    [880, 0.08, 0.16],
  ],
  wrong: [[220, 0, 0.2]],
  end: [
    [523, 0, 0.14],
    [659, 0.11, 0.14],
    [784, 0.22, 0.28],
  ],
};
const LOUD = 0.12;
const SILENT = 0.0001; // a ramp that ends at nothing would click

/** @type {AudioContext | null} */
let context = null;
let until = 0; // when the last tone ends, by the context's clock

/** One tone, after the one that still sounds; a browser that may not sound yet, or cannot, stays quiet. @param {"right" | "wrong" | "end"} name */
export function tone(name) {
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  try {
    context ??= new AudioContext();
    void context.resume().catch(() => undefined);
    const begin = Math.max(context.currentTime, until);
    for (const [pitch, after, lasts] of TONES[name]) until = Math.max(until, note(context, pitch, begin + after, lasts));
  } catch {
    // no way to sound: the words and signs on the page say the same
  }
}

/** @param {AudioContext} on @param {number} pitch @param {number} at @param {number} lasts @returns {number} when it ends */
function note(on, pitch, at, lasts) {
  const [wave, gain] = [on.createOscillator(), on.createGain()];
  wave.frequency.value = pitch;
  gain.gain.setValueAtTime(SILENT, at);
  gain.gain.exponentialRampToValueAtTime(LOUD, at + 0.01);
  gain.gain.exponentialRampToValueAtTime(SILENT, at + lasts);
  wave.connect(gain).connect(on.destination);
  wave.start(at);
  wave.stop(at + lasts);
  return at + lasts;
}

/** How many milliseconds a tone still sounds: a page that leaves waits for it. */
export function sounding() {
  return context?.state === "running" ? Math.max(0, (until - context.currentTime) * 1000) : 0;
}
