// The face step: shows the camera like a mirror, sends frames, follows the server's prompts.
import { closeCamera, openCamera, whyNot } from "./camera.js";
import { makeFaceView } from "./face_view.js";
import { makeFrames } from "./frames.js";
import { makeVoice } from "./voice.js";

const root = document.querySelector("#challenge");
const texts = root.dataset;
const find = (selector) => root.querySelector(selector);
const video = find("#camera");
const view = makeFaceView(root, makeVoice(document.querySelector("#voice")));
const frames = makeFrames(video, texts.url, texts.csrf, {
  answered(answer) {
    if (answer.state === "done") finish(answer);
    else if (answer.state === "failed") fail(answer.message || texts.textServer, answer.next);
    else if (view.follow(answer)) frames.fresh();
  },
  waiting: (why) => view.say(find("#prompt").textContent, why === "offline" ? texts.textOffline : texts.textSlow),
  failed: (message, next, where) => fail(message || (where === "network" ? texts.textNetwork : texts.textServer), next),
});

function stop() {
  frames.stop();
  closeCamera(video);
  view.sign("");
  root.classList.remove("live", "seen");
}

function fail(sentence, next) {
  stop();
  root.classList.add("failed");
  view.say(texts.textFailed, sentence);
  find("#start").hidden = true;
  const again = find("#again");
  again.href = next || location.pathname; // the server knows what is due
  again.hidden = false;
  again.focus();
}

function finish(answer) {
  stop();
  view.finish();
  location.assign(answer.next || texts.next);
}

async function start() {
  find("#start").disabled = true;
  view.say(texts.textOpening);
  try {
    await openCamera(video, "user", 480, 640);
  } catch (error) {
    fail(root.getAttribute(`data-camera-${whyNot(error)}`));
    return;
  }
  find("#start").hidden = true;
  find("#face-progress").hidden = false;
  find("#face-count").hidden = false;
  root.classList.add("live");
  root.scrollIntoView({ block: "start" });
  view.follow({ phase: "neutral", step: 0 });
  frames.start();
}

find("#start").addEventListener("click", start);
window.addEventListener("pagehide", stop);
// Coming back with the Back button shows a stopped camera: begin afresh.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
