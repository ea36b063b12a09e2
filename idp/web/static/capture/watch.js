// Looks at the live picture a few times a second, and less often where a look takes long.
import { judge } from "./judge.js";
import { makeLook } from "./look.js";
import { makeSteady } from "./steady.js";

const EVERY = 180; // ms
const DUTY = 5; // a look may take a sixth of the time: the rest belongs to the picture and the buttons

/**
 * Calls told({hint, count}) after each look, and steady() once when everything has been right long enough.
 * from: ms in which nothing is told yet. Returns a function that ends it.
 */
export function watch(video, { told, steady, from = 0 }) {
  const look = makeLook();
  const feed = makeSteady();
  const begun = performance.now();
  let timer = 0;
  let over = false;
  const next = (wait) => {
    timer = setTimeout(() => (video.requestVideoFrameCallback ? video.requestVideoFrameCallback(step) : step()), wait);
  };
  const step = () => {
    if (over) return;
    if (document.hidden || !video.videoWidth) {
      next(EVERY);
      return;
    }
    const started = performance.now();
    const hint = judge(look(video, video.videoWidth, video.videoHeight));
    const early = started - begun < from;
    const { count, fire } = feed(hint === "hold" && !early, started);
    if (!early) told({ hint, count });
    if (fire) {
      over = true;
      steady();
    } else next(Math.max(EVERY, DUTY * (performance.now() - started)));
  };
  next(0);
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
