// The photo pages: live camera or a file, sent in pieces. Without this script the form sends the file by itself.
import { hasCamera } from "./camera.js";
import { carryRefusal, clearRefusal, showCarried, showRefusal } from "./refusal.js";
import { Refused } from "./retry.js";
import { draw, isTooMuch, toJpeg } from "./shot.js";
import { upload } from "./upload.js";
import { makeViewfinder } from "./viewfinder.js";

const PREVIEW_SIDE = 900; // px
const LIVE = "capture-live"; // this tab used the live camera for the side before

const form = document.querySelector("#photo-form");
const main = document.querySelector("main");
const texts = form.dataset;
const find = (selector) => form.querySelector(selector);
const input = find("#photo");
const canFilm = hasCamera() && "showModal" in document.createElement("dialog");
let blob = null; // the photo to send

const finder = makeViewfinder(document.querySelector("#viewfinder"), {
  photo: async (bitmap) => send(await toJpeg(bitmap), live),
  failed: (why) => showRefusal(main, why, form.getAttribute(`data-camera-${why}`)),
});

// Where words and progress go: into the camera's dialog, or below the chosen file.
const live = { words: (text, share) => finder.sending(text, share), refused: finder.refused, stuck: finder.stuck };
const file = {
  words(text, share) {
    find("#sending").hidden = false;
    find("#upload").value = share;
    say(text);
  },
  refused(code, message) {
    forget();
    showRefusal(main, code, message);
  },
  stuck(text) {
    find("#continue").disabled = false;
    say(text);
  },
};

async function send(photo, place) {
  let share = 0;
  let words = texts.textUploading;
  const show = () => place.words(words, share);
  show();
  window.addEventListener("beforeunload", ask);
  try {
    const answer = await upload(photo, texts.uploadUrl, form.elements.csrf.value, {
      progress(sent, total) {
        share = (100 * sent) / total;
        words = texts.textUploading;
        show();
      },
      reading() {
        words = texts.textReading;
        show();
      },
      waiting(why) {
        words = why === "offline" ? texts.textOffline : texts.textSlow;
        show();
      },
    });
    window.removeEventListener("beforeunload", ask);
    arrive(answer, place);
  } catch (error) {
    window.removeEventListener("beforeunload", ask);
    notSent(error, photo, place);
  }
}

function ask(event) {
  event.preventDefault(); // "leave this page?": the photo is kept nowhere on this phone
}

function arrive({ next, code, message }, place) {
  const here = new URL(next, location.href).pathname === location.pathname;
  if (code && here) {
    place.refused(code, message);
    return;
  }
  if (code) carryRefusal(code, message);
  sessionStorage.setItem(LIVE, place === live ? "turned" : "");
  location.assign(next);
}

function notSent(error, photo, place) {
  const answer = error.answer;
  const code = answer?.json.code;
  if (answer && [404, 409, 410].includes(answer.status)) location.reload(); // the server knows what is due
  else if (code && answer.status < 500) place.refused(code, answer.json.message);
  else if (error instanceof TypeError || (error instanceof Refused && !code)) sendWhole(photo);
  else place.stuck(answer?.json.message || texts.textStuck);
}

// No way to send pieces here (an old browser, or something between us that forbids it): the form does it.
function sendWhole(photo) {
  const carrier = new DataTransfer();
  carrier.items.add(new File([photo], "photo.jpg", { type: photo.type }));
  input.files = carrier.files;
  form.submit();
}

function say(text) {
  if (find("#upload-text").textContent !== text) find("#upload-text").textContent = text;
}

function forget() {
  blob = null;
  input.value = "";
  find("#preview").hidden = true;
  find("#sending").hidden = true;
  find("#example").hidden = false;
  find("#open-camera").classList.remove("second");
  find("#continue").hidden = true;
  say("");
}

async function chosen() {
  if (!input.files.length) return;
  const button = find("#continue");
  button.disabled = true;
  clearRefusal(main);
  say(texts.textPreparing);
  [blob] = input.files;
  try {
    const picture = await createImageBitmap(blob, { imageOrientation: "from-image" });
    draw(picture, PREVIEW_SIDE, find("#preview-canvas"));
    find("#preview").hidden = false;
    find("#example").hidden = true;
    find("#open-camera").classList.add("second"); // one main button: send this photo
    if (isTooMuch(blob, picture)) blob = await toJpeg(picture);
    picture.close();
  } catch {
    find("#preview").hidden = true; // not a picture this browser can read: the server says so
  }
  find("#photo-label-text").textContent = texts.textAgain;
  say("");
  button.hidden = false;
  button.disabled = false;
  button.scrollIntoView({ block: "nearest" });
}

function begin() {
  form.classList.add("enhanced");
  find("#continue").hidden = true;
  input.addEventListener("change", chosen);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find("#continue").disabled = true;
    send(blob, file);
  });
  window.addEventListener("pagehide", finder.close);
  const camera = find("#open-camera");
  camera.hidden = !canFilm;
  find("#photo-label").classList.toggle("second", canFilm);
  camera.addEventListener("click", () => finder.open());
  showCarried(main);
  if (input.files.length) chosen();
  else if (canFilm && sessionStorage.getItem(LIVE) && !document.querySelector("[role=alert]")) finder.open(true);
  sessionStorage.removeItem(LIVE);
}

begin();
