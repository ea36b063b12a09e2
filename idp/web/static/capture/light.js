// Is there enough light, and no lamp mirrored in the card?
const BURNT = 250; // grey level at which print is gone

/**
 * Light inside `box` {left, top, right, bottom} of a grey picture.
 * Returns {mean: 0..255, burnt: share of the box at the top of the range, patch: largest share of one tile}.
 */
export function light({ width, data }, box) {
  const tiles = new Uint32Array(TILES * TILES);
  const across = (box.right - box.left) / TILES;
  const down = (box.bottom - box.top) / TILES;
  let sum = 0;
  let burnt = 0;
  for (let y = box.top; y < box.bottom; y += 1) {
    const row = Math.min(TILES - 1, Math.floor((y - box.top) / down)) * TILES;
    for (let x = box.left; x < box.right; x += 1) {
      const value = data[y * width + x];
      sum += value;
      if (value < BURNT) continue;
      burnt += 1;
      tiles[row + Math.min(TILES - 1, Math.floor((x - box.left) / across))] += 1;
    }
  }
  const count = (box.right - box.left) * (box.bottom - box.top);
  return { mean: sum / count, burnt: burnt / count, patch: Math.max(...tiles) / (across * down) };
}

const TILES = 6; // a lamp's reflection fills a tile, white paper between letters does not
