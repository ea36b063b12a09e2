// Frames of the face step: taken at a steady pace, sent in small batches, each batch until it is answered.
import { send } from "./net.js";
import { persist, Refused } from "./retry.js";
import { speed } from "./speed.js";

const PER_SECOND = 5;
const REACTION = 400; // ms that a person needs to begin what is asked
const TRIES = 12; // of one batch; the server's own clock ends a challenge after two minutes

// One size for the whole challenge: distances in the picture are compared. above: bytes a second of the network.
// keep: frames waiting while a batch is under way. A movement is seen in frames that follow each other, so a slow
// network gets few, small ones in a row after each prompt (burst); otherwise the newest frames count.
const PACES = [
  { above: 40_000, width: 480, height: 640, quality: 0.85, batch: 2, keep: 4, burst: false },
  { above: 20_000, width: 420, height: 560, quality: 0.75, batch: 2, keep: 8, burst: true },
  { above: 0, width: 360, height: 480, quality: 0.5, batch: 3, keep: 9, burst: true },
];

export const paceFor = (bytesPerSecond) => PACES.find((pace) => bytesPerSecond > pace.above) || PACES[2];

/**
 * on: {answered(json), waiting("offline" or "slow"), failed(message or undefined, next)}.
 * Returns {start(), stop(), fresh()}; fresh() begins a new burst: what was filmed before a prompt is no answer to it.
 */
export function makeFrames(video, url, csrf, on) {
  const pace = paceFor(speed());
  const canvas = document.createElement("canvas");
  let waiting = [];
  let running = false;
  let sending = false;
  let begun = 0;
  let from = 0; // ms; nothing is filmed before
  const page = Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join("");
  let batch = 0;

  async function film() {
    while (running) {
      const due = performance.now() + 1000 / PER_SECOND;
      const full = pace.burst && waiting.length >= pace.keep;
      if (!document.hidden && !full && performance.now() >= from) {
        const at = Math.round(performance.now() - begun);
        const blob = await grab(video, canvas, pace);
        if (blob) waiting.push({ blob, at });
        if (waiting.length > pace.keep) waiting.shift();
      }
      if (!sending && waiting.length >= pace.batch) deliver();
      await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
    }
  }

  async function deliver() {
    sending = true;
    const frames = waiting.splice(0, pace.batch);
    const headers = { "X-CSRF": csrf, "Idempotency-Key": `${page}-${(batch += 1)}` };
    try {
      const options = { waiting: on.waiting, alive: () => running, tries: TRIES };
      const answer = await persist(() => send("POST", url, { headers, body: form(frames) }), options);
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
      if (!pace.burst) return;
      waiting = [];
      from = performance.now() + REACTION;
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
