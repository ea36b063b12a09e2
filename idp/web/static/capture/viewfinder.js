// The dialog with the live camera: frame, hints, automatic and manual shutter, lamp.
import { closeCamera, openCamera, torchOf, whyNot } from "./camera.js";
import { cardFrame } from "./frame.js";
import { clearRefusal, showRefusal } from "./refusal.js";
import { makeSay } from "./say.js";
import { draw, shoot } from "./shot.js";
import { makeVoice } from "./voice.js";
import { watch } from "./watch.js";

const WIDTH = 1920; // asked of the camera
const HEIGHT = 1440;
const SHOWN = 1000; // px, long side of the photo on the screen
const TURN_OVER = 3000; // ms in which a card is turned over

/**
 * photo(bitmap): a photo to send. failed(why): the camera did not open.
 * Returns {open(turned), sending(words, share), refused(code, message), stuck(words), close()}.
 */
export function makeViewfinder(dialog, { photo, failed }) {
  const find = (selector) => dialog.querySelector(selector);
  const texts = dialog.dataset;
  const video = find("#card-camera");
  const say = makeSay(find("#camera-hint"), makeVoice(find("#voice")));
  let unwatch = () => {};
  let bitmap = null;

  const show = (state) => {
    dialog.dataset.state = state;
    if (!dialog.open) dialog.showModal();
    for (const part of dialog.querySelectorAll("[data-when]")) {
      part.toggleAttribute("hidden", !part.dataset.when.split(" ").includes(state)); // drawings have no .hidden
    }
  };
  const told = ({ hint, count }) => {
    find("#card-frame").classList.toggle("holding", count > 0);
    find("#count").textContent = count || "";
    say(count ? texts.hintHold : dialog.getAttribute(`data-hint-${hint}`) || "", count > 0);
  };
  const live = (turned) => {
    clearRefusal(dialog);
    show("live");
    say(turned ? texts.textTurnOver : texts.hintPlace, true);
    unwatch = watch(video, { told, steady: () => take(true), from: turned ? TURN_OVER : 0 });
    find("#shutter").focus();
  };
  const take = async (automatic) => {
    unwatch();
    show("taking"); // no second photo meanwhile
    find("#count").textContent = "";
    if (navigator.vibrate) navigator.vibrate(60);
    say(texts.textTaken, true);
    bitmap?.close();
    try {
      bitmap = await shoot(video);
    } catch {
      close(); // the camera was taken away in this moment
      failed("busy");
      return;
    }
    draw(bitmap, SHOWN, find("#shot"));
    if (automatic) {
      photo(bitmap);
      return;
    }
    show("check");
    say(texts.textCheck, true);
    find("#use-shot").focus();
  };
  const open = async (turned = false) => {
    clearRefusal(dialog);
    show("opening");
    say(texts.textOpening, true);
    try {
      const stream = await openCamera(video, "environment", WIDTH, HEIGHT);
      if (!dialog.open) {
        closeCamera(video); // the citizen thought better of it
        return;
      }
      outline(find("#card-frame"), video);
      lamp(find("#torch"), torchOf(stream));
      live(turned);
    } catch (error) {
      close();
      failed(whyNot(error));
    }
  };
  const close = () => {
    unwatch();
    closeCamera(video);
    if (dialog.open) dialog.close();
  };
  find("#shutter").addEventListener("click", () => take(false));
  find("#use-shot").addEventListener("click", () => photo(bitmap));
  find("#resend").addEventListener("click", () => photo(bitmap));
  find("#retake").addEventListener("click", () => (video.srcObject ? live(false) : open()));
  find("#close-camera").addEventListener("click", close);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // the Escape key
    if (dialog.dataset.state !== "sending") close();
  });
  return {
    open,
    close,
    sending(words, share) {
      if (dialog.dataset.state !== "sending") show("sending");
      find("#camera-upload").value = share;
      say(words, true);
    },
    refused(code, message) {
      show("refused");
      say("", true);
      showRefusal(dialog, code, message);
    },
    stuck(words) {
      show("stuck");
      say(words, true);
      find("#resend").focus();
    },
  };
}

// The frame in the picture's own pixels: it fits whatever shape the camera's picture has.
function outline(svg, { videoWidth, videoHeight }) {
  const { left, top, width, height } = cardFrame(videoWidth, videoHeight);
  svg.setAttribute("viewBox", `0 0 ${videoWidth} ${videoHeight}`);
  const round = width * 0.035;
  for (const rect of svg.querySelectorAll(".card-hole, .card-line")) {
    for (const [name, value] of Object.entries({ x: left, y: top, width, height, rx: round })) rect.setAttribute(name, value);
  }
}

function lamp(button, torch) {
  button.hidden = !torch;
  button.setAttribute("aria-pressed", "false");
  button.onclick = async () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    await torch(on);
    button.setAttribute("aria-pressed", String(on));
  };
}
