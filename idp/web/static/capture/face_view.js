// What the face step shows: one big sentence, a sign, the ring around the oval, the list of things to do.

/** root: #challenge. aloud(text): reads a prompt out. Knows actions by the names that the page lists. */
export function makeFaceView(root, aloud) {
  const texts = root.dataset;
  const find = (selector) => root.querySelector(selector);
  const items = [...root.querySelectorAll("li[data-action]")];

  const write = (selector, text) => {
    // A live region repeats itself when set to the same words: only changes are written.
    if (find(selector).textContent === text) return false;
    find(selector).textContent = text;
    return true;
  };
  const say = (prompt, advice = "") => {
    const changed = write("#prompt", prompt);
    const advised = write("#advice", advice);
    if (changed || (advised && advice)) aloud(advice || prompt);
    return changed;
  };
  const sign = (name) => {
    for (const one of root.querySelectorAll("[data-sign]")) one.hidden = one.dataset.sign !== name;
  };
  const progress = (done, current) => {
    items.forEach((item, index) => {
      item.classList.toggle("done", index < done);
      if (index === done && current) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    const bar = find("#face-progress");
    if (bar.value < done && navigator.vibrate) navigator.vibrate(60);
    bar.value = done;
    find("#ring").setAttribute("stroke-dasharray", `${(100 * done) / items.length} 100`);
    write("#face-count", texts.textProgress.replace("[done]", done).replace("[total]", items.length));
  };
  // An action is done once the server asks for the way back.
  const finished = ({ state, phase, step, action }) => {
    if (state === "done") return items.length;
    if (phase === "neutral") return 0;
    const index = items.findIndex((item) => item.dataset.action === action);
    if (index < 0) return step;
    return phase === "return" ? index + 1 : index;
  };
  // Something to put right in the picture, or "" when the hint only repeats what is asked for.
  const advice = ({ hint, action }) =>
    !hint || hint === "look_straight" || hint === action ? "" : root.getAttribute(`data-hint-${hint}`) || "";

  return {
    say,
    sign,
    /** Shows what the server's answer asks for; true when that is something new. */
    follow(answer) {
      const item = items.find((one) => one.dataset.action === answer.action);
      const acting = answer.phase === "act" && item;
      const back = answer.phase === "return" ? item?.dataset.back || texts.textReturn : texts.textNeutral;
      const wrong = advice(answer);
      const changed = say(acting ? item.querySelector(".words").textContent : back, wrong);
      sign(acting ? answer.action : "neutral");
      root.classList.toggle("seen", !wrong);
      progress(finished(answer), acting);
      return changed;
    },
    finish() {
      say(texts.textDone);
      progress(items.length, false);
    },
  };
}
