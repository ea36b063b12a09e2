// Reads the prompts aloud where the citizen wants it and the phone has a voice of the page's language.
const NAME = "capture-voice";

/** Wires a button[aria-pressed]; returns say(text). Without a voice the button stays hidden. */
export function makeVoice(button) {
  const speech = window.speechSynthesis;
  const language = document.documentElement.lang;
  let on = false;
  let voice = null;
  const find = () => {
    voice = speech.getVoices().find((one) => one.lang.toLowerCase().startsWith(language)) || null;
    button.hidden = !voice;
    turn(Boolean(voice) && sessionStorage.getItem(NAME) === "on");
  };
  const turn = (wanted) => {
    on = wanted;
    button.setAttribute("aria-pressed", String(on));
    if (!on) speech.cancel();
  };
  const say = (text) => {
    if (!on || !text) return;
    speech.cancel(); // the newest prompt counts
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.95;
    speech.speak(words);
  };
  if (!speech) return say;
  button.addEventListener("click", () => {
    turn(!on);
    sessionStorage.setItem(NAME, on ? "on" : "off");
  });
  speech.addEventListener?.("voiceschanged", find);
  find();
  return say;
}
