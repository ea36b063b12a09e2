// How crisp the finest edges are, whatever is printed on the card.
const REACH = 4; // px; an edge blurred wider than this cannot be read
const STRONG = 28; // grey levels between both sides of an edge worth measuring
const FEWEST = 60; // edges without which nothing can be said

/**
 * Sharpness of a grey picture at the camera's own resolution: 0 (blurred) to about 1 (one pixel from dark to
 * light). The steepest step of an edge over its whole height, averaged over the strong edges of each row.
 */
export function sharpness({ width, height, data }) {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y += 2) {
    const row = y * width;
    for (let x = REACH; x < width - REACH; x += 1) {
      const rise = Math.abs(data[row + x + REACH] - data[row + x - REACH]);
      if (rise < STRONG) continue;
      const step = Math.abs(data[row + x + 1] - data[row + x - 1]);
      if (step < steepest(data, row + x - 2) || step < steepest(data, row + x + 2)) continue; // beside an edge
      sum += Math.min(1, step / rise);
      count += 1;
    }
  }
  return count < FEWEST ? 0 : sum / count;
}

function steepest(data, at) {
  return Math.abs(data[at + 1] - data[at - 1]);
}
