// A photo of the live picture at the camera's full resolution, or a file, as a JPEG that a slow network can carry.
import { isSlow } from "./speed.js";

const LONG_SIDE = { fast: 2400, slow: 1800 }; // px; enough for the small print
const QUALITIES = { fast: [0.9, 0.8, 0.7], slow: [0.8, 0.7] }; // the first that keeps the size
const MOST = { fast: 1_500_000, slow: 400_000 }; // bytes
const PATIENCE = 3000; // ms for the camera's own photo; some phones never answer

/** An ImageBitmap of what `video` shows: the camera's own photo, else the video's frame. */
export async function shoot(video) {
  try {
    return await createImageBitmap(await withinTime(photo(video)));
  } catch {
    return createImageBitmap(video);
  }
}

async function photo(video) {
  const [track] = video.srcObject.getVideoTracks();
  const capture = new ImageCapture(track);
  const { imageWidth } = await capture.getPhotoCapabilities();
  if (imageWidth.max <= video.videoWidth) throw new Error("no better than the video");
  return capture.takePhoto({ imageWidth: Math.min(imageWidth.max, LONG_SIDE.fast) });
}

function withinTime(promise) {
  return Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error("too slow")), PATIENCE))]);
}

/** The picture on `canvas`, its long side at most `side` px. */
export function draw(picture, side, canvas) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A JPEG without metadata, small enough where that is possible; smaller where the network has been slow. */
export async function toJpeg(picture) {
  const pace = isSlow() ? "slow" : "fast";
  const canvas = draw(picture, LONG_SIDE[pace], document.createElement("canvas"));
  let blob = null;
  for (const quality of QUALITIES[pace]) {
    blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob.size <= MOST[pace]) break;
  }
  return blob;
}

/** Would `toJpeg` make this file of a picture notably smaller? */
export function isTooMuch(file, picture) {
  const pace = isSlow() ? "slow" : "fast";
  return Math.max(picture.width, picture.height) > LONG_SIDE[pace] || file.size > MOST[pace];
}
