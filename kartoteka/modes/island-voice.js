/** Reads a side aloud: its own recording where it has one, else a voice of this device; nothing is sent anywhere. */

/** @param {Element} face @param {{text: string, lang: string}} side @returns {boolean} whether something is heard */
export function hear(face, side) {
  hush();
  const recording = [...face.querySelectorAll("audio")].pop();
  if (recording) {
    recording.currentTime = 0;
    void recording.play().catch(() => undefined);
    return true;
  }
  if (!("speechSynthesis" in window)) return false;
  const words = new SpeechSynthesisUtterance(side.text);
  words.lang = side.lang || document.documentElement.lang;
  const voices = speechSynthesis.getVoices().filter((voice) => voice.localService);
  const voice = voices.find((each) => each.lang === words.lang) ?? voices.find((each) => each.lang.split("-")[0] === words.lang.split("-")[0]);
  if (!voice) return false; // a voice that is not on this device would send the card away
  words.voice = voice;
  speechSynthesis.speak(words);
  return true;
}

export function hush() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
  for (const sound of document.querySelectorAll("#face audio")) if (sound instanceof HTMLAudioElement) sound.pause();
}
