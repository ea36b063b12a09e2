// A photo to the server in pieces. A broken connection costs one piece; a lost answer is asked for again.
import { send } from "./net.js";
import { persist, Refused } from "./retry.js";
import { noteSpeed } from "./speed.js";

const SMALLEST = 16 * 1024; // bytes
const LARGEST = 256 * 1024; // a browser may repeat a broken request by itself: twice this is lost at most
const PIECE = 3; // seconds that a piece should take

/** Size of the next piece when the last `bytes` took so many `seconds`. */
export function pieceSize(bytes, seconds) {
  return Math.round(Math.min(LARGEST, Math.max(SMALLEST, (bytes / Math.max(seconds, 0.05)) * PIECE)));
}

/**
 * Sends `blob` to `url` (…/upload) and has it read: {next, code, message}.
 * on: {progress(sent, total), reading(), waiting("offline" or "slow")}. Rejects with Refused, or an Error when the
 * network does not come back.
 */
export async function upload(blob, url, csrf, on) {
  const headers = { "X-CSRF": csrf };
  const key = await digest(blob);
  const begun = await persist(
    () => send("POST", url, { headers: { ...headers, "Idempotency-Key": key, "Upload-Length": String(blob.size) } }),
    on,
  );
  const place = begun.header("Location");
  const state = { at: offsetOf(begun), size: 4 * SMALLEST, broken: false };
  on.progress(state.at, blob.size);
  while (state.at < blob.size) {
    const started = performance.now();
    const from = state.at;
    await persist(() => piece(blob, place, headers, state, on), on);
    const seconds = (performance.now() - started) / 1000;
    noteSpeed(state.at - from, seconds);
    state.size = pieceSize(state.at - from, seconds);
    on.progress(state.at, blob.size);
  }
  on.reading();
  return (await persist(() => send("POST", place, { headers }), on)).json;
}

// One piece. After a broken one the server is asked first: part of it may have arrived.
async function piece(blob, place, headers, state, on) {
  if (state.broken) {
    state.at = offsetOf(await send("HEAD", place));
    state.size = SMALLEST;
    if (state.at === blob.size) return;
  }
  state.broken = true;
  const { at, size } = state;
  const answer = await send("PATCH", place, {
    headers: { ...headers, "Upload-Offset": String(at), "Content-Type": "application/partial-upload" },
    body: blob.slice(at, at + size),
    progress: (sent) => on.progress(Math.min(blob.size, at + sent), blob.size),
    allowed: [409],
  });
  state.broken = false;
  state.at = offsetOf(answer);
}

function offsetOf(answer) {
  const offset = answer.header("Upload-Offset");
  if (offset === null) throw new Refused(answer);
  return Number(offset);
}

async function digest(blob) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
