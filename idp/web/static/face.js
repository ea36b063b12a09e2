// The face step: shows the camera like a mirror, sends frames, follows the server's prompts.
const PER_SECOND = 5;
const BATCH = 2;
const KEEP = 4; // frames waiting while a request is under way; older ones are dropped
const WIDTH = 480;
const HEIGHT = 640;
const QUALITY = 0.85;
const TRIES = 5;

const root = document.querySelector("#challenge");
const texts = root.dataset;
const find = (selector) => root.querySelector(selector);
const video = find("#camera");
const items = [...root.querySelectorAll("li[data-action]")];
const state = { running: false, sending: false, waiting: [], startedAt: 0, stream: null };

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function say(prompt, advice = "") {
  // A live region repeats itself when set to the same words: only changes are written.
  if (find("#prompt").textContent !== prompt) find("#prompt").textContent = prompt;
  if (find("#advice").textContent !== advice) find("#advice").textContent = advice;
}

function showSign(name) {
  for (const sign of root.querySelectorAll("[data-sign]")) sign.hidden = sign.dataset.sign !== name;
}

// How many actions are finished: an action is done once the server asks for the way back.
function finished(answer) {
  if (answer.state === "done") return items.length;
  const index = items.findIndex((item) => item.dataset.action === answer.action);
  if (answer.phase === "neutral") return 0;
  if (index < 0) return answer.step;
  return answer.phase === "return" ? index + 1 : index;
}

function showProgress(done, current) {
  items.forEach((item, index) => {
    item.classList.toggle("done", index < done);
    if (index === done && current) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
  const bar = find("#face-progress");
  if (bar.value < done && navigator.vibrate) navigator.vibrate(60);
  bar.value = done;
  find("#face-count").textContent = texts.textProgress.replace("[done]", done).replace("[total]", items.length);
}

// Something to put right in the picture, or "" when the hint only repeats what is asked for.
function advice(answer) {
  const asked = !answer.hint || answer.hint === "look_straight" || answer.hint === answer.action;
  return asked ? "" : root.getAttribute(`data-hint-${answer.hint}`) || answer.message || "";
}

function follow(answer) {
  const acting = answer.phase === "act" && answer.action;
  const words = acting
    ? find(`li[data-action="${answer.action}"] .words`).textContent
    : answer.phase === "return" ? texts.textReturn : texts.textNeutral;
  const wrong = advice(answer);
  say(words, wrong);
  showSign(acting ? answer.action : "neutral");
  root.classList.toggle("seen", !wrong);
  showProgress(finished(answer), acting);
}

function stop() {
  state.running = false;
  state.waiting = [];
  if (state.stream) state.stream.getTracks().forEach((track) => track.stop());
  showSign("");
  root.classList.remove("live", "seen");
}

function fail(sentence, next) {
  stop();
  root.classList.add("failed");
  say(texts.textFailed, sentence);
  find("#start").hidden = true;
  const again = find("#again");
  again.href = next || location.href;
  again.hidden = false;
  again.focus();
}

function finish(answer) {
  stop();
  say(texts.textDone);
  showProgress(items.length, false);
  location.assign(answer.next || texts.next);
}

// Middle of the picture in the mirror's proportions, not mirrored, never enlarged.
function grab(canvas) {
  const scale = Math.min(video.videoWidth / WIDTH, video.videoHeight / HEIGHT);
  const width = WIDTH * scale;
  const height = HEIGHT * scale;
  canvas.width = Math.round(Math.min(WIDTH, width));
  canvas.height = Math.round(Math.min(HEIGHT, height));
  const left = (video.videoWidth - width) / 2;
  const top = (video.videoHeight - height) / 2;
  canvas.getContext("2d").drawImage(video, left, top, width, height, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

async function capture() {
  const canvas = document.createElement("canvas");
  while (state.running) {
    const due = performance.now() + 1000 / PER_SECOND;
    if (!document.hidden) {
      const at = Math.round(performance.now() - state.startedAt);
      const blob = await grab(canvas);
      if (blob) state.waiting.push({ blob, at });
      if (state.waiting.length > KEEP) state.waiting.shift();
      if (!state.sending && state.waiting.length >= BATCH) deliver();
    }
    await sleep(Math.max(0, due - performance.now()));
  }
}

function form(frames) {
  const data = new FormData();
  for (const frame of frames) {
    data.append("frames", frame.blob, "frame.jpg");
    data.append("at", String(frame.at));
  }
  return data;
}

// A lost answer or a busy server (503) is tried again with the same frames; other refusals are final.
async function post(frames) {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      const answer = await fetch(texts.url, { method: "POST", headers: { "X-CSRF": texts.csrf }, body: form(frames) });
      const json = await answer.json().catch(() => ({}));
      if (answer.ok) return json;
      const sentence = json.message || json.detail || texts.textServer;
      if (answer.status !== 503 || attempt === TRIES) return { state: "failed", message: sentence, next: json.next };
    } catch {
      if (attempt === TRIES) break;
    }
    say(find("#prompt").textContent, texts.textSlow);
    await sleep(300 * 2 ** attempt);
  }
  return { state: "failed", message: texts.textNetwork };
}

async function deliver() {
  state.sending = true;
  const answer = await post(state.waiting.splice(0, BATCH));
  state.sending = false;
  if (!state.running) return;
  if (answer.state === "done") finish(answer);
  else if (answer.state === "failed") fail(answer.message || texts.textServer, answer.next);
  else follow(answer);
}

function cameraSentence(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return texts.textDenied;
  if (error.name === "NotReadableError" || error.name === "AbortError") return texts.textBusy;
  return texts.textAbsent;
}

async function openCamera() {
  if (!navigator.mediaDevices) throw new DOMException("no camera here", "NotFoundError");
  const wish = { facingMode: "user", width: { ideal: WIDTH }, height: { ideal: HEIGHT } };
  state.stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
  video.srcObject = state.stream;
  await video.play();
}

async function start() {
  find("#start").disabled = true;
  say(texts.textOpening);
  try {
    await openCamera();
  } catch (error) {
    fail(cameraSentence(error));
    return;
  }
  find("#start").hidden = true;
  find("#face-progress").hidden = false;
  find("#face-count").hidden = false;
  root.classList.add("live");
  root.scrollIntoView({ block: "start" });
  state.running = true;
  state.startedAt = performance.now();
  follow({ phase: "neutral", step: 0 });
  capture();
}

find("#start").addEventListener("click", start);
// Coming back with the Back button shows a stopped camera: begin afresh.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
