// How long everything has been right: the automatic shutter's clock.
const HOLD = 750; // ms
const STEPS = 3; // of the count that is shown

/** Returns `feed(good, now)`, which tells {count: 3, 2, 1 or 0 (not holding), fire}. now: ms, rising. */
export function makeSteady(hold = HOLD, steps = STEPS) {
  let since = null;
  return (good, now) => {
    if (!good) since = null;
    else if (since === null) since = now;
    if (since === null) return { count: 0, fire: false };
    const held = now - since;
    return { count: Math.max(1, steps - Math.floor((steps * held) / hold)), fire: held >= hold };
  };
}
