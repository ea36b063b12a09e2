// Frames of the face step: taken at a steady pace, sent in small batches, each batch until it is answered.
import { send } from "./net.js";
import { persist, Refused } from "./retry.js";
import { noteSpeed, speed } from "./speed.js";

const PER_SECOND = 5;
const BATCH = 2;
const KEEP = 4; // frames waiting while a batch is under way; older ones are dropped
const TRIES = 12; // of one batch; the server's own clock ends a challenge after two minutes

// One size for the whole challenge: distances in the picture are compared. A slow network gets smaller frames.
const SIZES = [
  { above: 40_000, width: 480, height: 640, quality: 0.85 }, // above so many bytes a second
  { above: 15_000, width: 420, height: 560, quality: 0.75 },
  { above: 0, width: 360, height: 480, quality: 0.65 },
];

export const sizeFor = (bytesPerSecond) => SIZES.find((size) => bytesPerSecond > size.above) || SIZES[2];

/**
 * on: {answered(json), waiting("offline" or "slow"), failed(message or undefined, next)}.
 * Returns {start(), stop(), fresh()}; fresh() drops what was filmed before a new prompt, where that is old.
 */
export function makeFrames(video, url, csrf, on) {
  const size = sizeFor(speed());
  const canvas = document.createElement("canvas");
  let waiting = [];
  let running = false;
  let sending = false;
  let begun = 0;
  let taken = 0; // seconds that the last batch took

  async function film() {
    while (running) {
      const due = performance.now() + 1000 / PER_SECOND;
      if (!document.hidden) {
        const at = Math.round(performance.now() - begun);
        const blob = await grab(video, canvas, size);
        if (blob) waiting.push({ blob, at });
        if (waiting.length > KEEP) waiting.shift();
        if (!sending && waiting.length >= BATCH) deliver();
      }
      await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
    }
  }

  async function deliver() {
    sending = true;
    const frames = waiting.splice(0, BATCH);
    const headers = { "X-CSRF": csrf, "Idempotency-Key": crypto.randomUUID() };
    const started = performance.now();
    try {
      const options = { waiting: on.waiting, alive: () => running, tries: TRIES };
      const answer = await persist(() => send("POST", url, { headers, body: form(frames) }), options);
      taken = (performance.now() - started) / 1000;
      noteSpeed(frames.reduce((sum, { blob }) => sum + blob.size, 0), taken);
      if (running) on.answered(answer.json);
    } catch (error) {
      if (!running) return;
      const json = error.answer?.json || {};
      on.failed(json.message, json.next, error instanceof Refused || error.answer ? "server" : "network");
    } finally {
      sending = false;
    }
  }

  return {
    start() {
      running = true;
      begun = performance.now();
      film();
    },
    stop() {
      running = false;
      waiting = [];
    },
    fresh() {
      if (taken > 1) waiting = [];
    },
  };
}

// Middle of the picture in the mirror's proportions, not mirrored, never enlarged.
function grab(video, canvas, size) {
  const scale = Math.min(video.videoWidth / size.width, video.videoHeight / size.height);
  const width = size.width * scale;
  const height = size.height * scale;
  canvas.width = Math.round(Math.min(size.width, width));
  canvas.height = Math.round(Math.min(size.height, height));
  const left = (video.videoWidth - width) / 2;
  const top = (video.videoHeight - height) / 2;
  canvas.getContext("2d").drawImage(video, left, top, width, height, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", size.quality));
}

function form(frames) {
  const data = new FormData();
  for (const frame of frames) {
    data.append("frames", frame.blob, "frame.jpg");
    data.append("at", String(frame.at));
  }
  return data;
}
