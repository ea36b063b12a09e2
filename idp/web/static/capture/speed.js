// How fast this phone's network has been, for as long as the tab lives: numbers only, nothing of the citizen.
const NAME = "capture-speed"; // bytes a second
const LITTLE = 8 * 1024; // bytes that say nothing about a network

export function noteSpeed(bytes, seconds) {
  if (bytes >= LITTLE && seconds > 0) sessionStorage.setItem(NAME, String(Math.round(bytes / seconds)));
}

/** Bytes a second that can be sent; a guess of the browser's where nothing was sent yet. */
export function speed() {
  const known = Number(sessionStorage.getItem(NAME));
  if (known) return known;
  const network = navigator.connection || {};
  return network.saveData || /2g$/.test(network.effectiveType || "") ? 10_000 : 1_000_000;
}

const SLOW = 25_000; // bytes a second: a photo of the usual size would take half a minute

export const isSlow = () => speed() < SLOW;
