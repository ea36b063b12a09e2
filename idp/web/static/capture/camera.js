// Opening and closing a camera.

export const hasCamera = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

/** Shows the camera in `video`. facing: "environment" (rear) or "user". Rejects as getUserMedia does. */
export async function openCamera(video, facing, width, height) {
  if (!hasCamera()) throw new DOMException("no camera here", "NotFoundError");
  const wish = { facingMode: { ideal: facing }, width: { ideal: width }, height: { ideal: height } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
  video.srcObject = stream;
  await video.play();
  return stream;
}

export function closeCamera(video) {
  if (video.srcObject) video.srcObject.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}

/** Why a camera did not open: "denied", "busy" or "absent". */
export function whyNot(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  if (error.name === "NotReadableError" || error.name === "AbortError") return "busy";
  return "absent";
}

/** Switches the lamp beside the camera; null where there is none. */
export function torchOf(stream) {
  const [track] = stream.getVideoTracks();
  const able = track.getCapabilities ? track.getCapabilities() : {};
  if (!able.torch) return null;
  return (on) => track.applyConstraints({ advanced: [{ torch: on }] });
}
