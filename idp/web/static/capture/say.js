// Words in a live region: a change is read out, so words change only when they differ and not too often.
const CALM = 1200; // ms between two hints

/** Returns say(text, urgent): a text that is not urgent waits until the one before could be read. */
export function makeSay(element, aloud = () => {}) {
  let last = -CALM;
  let timer = 0;
  const write = (text) => {
    if (element.textContent === text) return;
    last = performance.now();
    element.textContent = text;
    aloud(text);
  };
  return (text, urgent = false) => {
    clearTimeout(timer);
    const wait = last + CALM - performance.now();
    if (urgent || wait <= 0) write(text);
    else timer = setTimeout(() => write(text), wait);
  };
}
