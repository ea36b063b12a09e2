// One look at the live picture: small copies of it, measured in a few milliseconds.
import { cardEdges } from "./card_edges.js";
import { cardFrame } from "./frame.js";
import { moved, toGrey } from "./grey.js";
import { light } from "./light.js";
import { sharpness } from "./sharpness.js";

const WIDE = 160; // px; the frame and its surroundings
const AROUND = 0.12; // of the frame's width, on every side
const INSIDE = 0.3; // of the frame's side: how far in a distant card's edge is looked for
const DETAIL = { width: 320, height: 120 }; // px of the camera, unscaled

/**
 * Returns `look(source, width, height)`: the measures that `judge` takes of a video or picture of that size.
 * It remembers the last one, to see movement.
 */
export function makeLook() {
  const small = canvas();
  const detail = canvas();
  let before = null;
  return (source, width, height) => {
    const frame = cardFrame(width, height);
    const { picture, box } = surroundings(small, source, frame, width, height);
    const change = moved(picture, before);
    before = picture;
    const edges = cardEdges(picture, box, Math.max(2, Math.min(box.left, box.top) - 2), INSIDE);
    const across = box.right - box.left;
    const down = box.bottom - box.top;
    return {
      ...light(picture, box),
      moved: change,
      sharp: sharpness(closeUp(detail, source, frame)),
      insets: [share(edges.top, down), share(edges.right, across), share(edges.bottom, down), share(edges.left, across)],
    };
  };
}

function canvas() {
  return document.createElement("canvas").getContext("2d", { willReadFrequently: true });
}

function share(pixels, side) {
  return pixels === null ? null : pixels / side;
}

function surroundings(context, source, frame, wide, high) {
  const around = frame.width * AROUND;
  const left = Math.max(0, frame.left - around);
  const top = Math.max(0, frame.top - around);
  const width = Math.min(wide, frame.left + frame.width + around) - left;
  const height = Math.min(high, frame.top + frame.height + around) - top;
  const scale = WIDE / width;
  context.canvas.width = WIDE;
  context.canvas.height = Math.round(height * scale);
  context.drawImage(source, left, top, width, height, 0, 0, WIDE, context.canvas.height);
  const picture = toGrey(context.getImageData(0, 0, WIDE, context.canvas.height));
  const box = {
    left: Math.round((frame.left - left) * scale),
    top: Math.round((frame.top - top) * scale),
    right: Math.round((frame.left + frame.width - left) * scale) - 1,
    bottom: Math.round((frame.top + frame.height - top) * scale) - 1,
  };
  return { picture, box };
}

// The middle of the frame at the camera's own resolution: blur does not show in a small copy.
function closeUp(context, source, frame) {
  const width = Math.min(DETAIL.width, Math.floor(frame.width));
  const height = Math.min(DETAIL.height, Math.floor(frame.height));
  const left = frame.left + (frame.width - width) / 2;
  const top = frame.top + (frame.height - height) / 2;
  context.canvas.width = width;
  context.canvas.height = height;
  context.drawImage(source, Math.round(left), Math.round(top), width, height, 0, 0, width, height);
  return toGrey(context.getImageData(0, 0, width, height));
}
