// Does something with a card's four straight edges lie in the frame, and how big is it?
const SEGMENTS = 4; // each side is looked at in pieces, so that a slightly turned card still counts
const CLEAR = 9; // grey levels by which an edge stands out
const ABOVE = 2.2; // and how many times what the table shows

/**
 * Looks for an edge along each side of `box` {left, top, right, bottom}, from `outside` px before it to
 * `inside` (share of the box) behind it, and takes the outermost one that is clear.
 * Returns {top, right, bottom, left}: px from the box's side inwards (negative: outside), or null where none is.
 */
export function cardEdges(picture, box, outside, inside) {
  const { width, data } = picture;
  const tall = (x, y) => Math.abs(data[y * width + x + 1] - data[y * width + x - 1]);
  const flat = (x, y) => Math.abs(data[(y + 1) * width + x] - data[(y - 1) * width + x]);
  const across = Math.round(inside * (box.right - box.left));
  const down = Math.round(inside * (box.bottom - box.top));
  const side = (start, end, at, direction, strength, reach) =>
    outermost(profiles(start, end, (along, depth) => strength(along, at + direction * depth), outside, reach), outside);
  return {
    top: side(box.left, box.right, box.top, 1, (along, at) => flat(along, at), down),
    bottom: side(box.left, box.right, box.bottom, -1, (along, at) => flat(along, at), down),
    left: side(box.top, box.bottom, box.left, 1, (along, at) => tall(at, along), across),
    right: side(box.top, box.bottom, box.right, -1, (along, at) => tall(at, along), across),
  };
}

// For each piece of a side: the mean edge strength at each depth.
function profiles(start, end, strength, outside, reach) {
  const margin = Math.round((end - start) * 0.12); // round corners
  const piece = (end - start - 2 * margin) / SEGMENTS;
  return Array.from({ length: SEGMENTS }, (_, segment) => {
    const from = Math.round(start + margin + segment * piece);
    const to = Math.round(start + margin + (segment + 1) * piece);
    const means = [];
    for (let depth = -outside; depth <= reach; depth += 1) {
      let sum = 0;
      for (let along = from; along < to; along += 1) sum += strength(along, depth);
      means.push(sum / (to - from));
    }
    return means;
  });
}

// The outermost clear edge of each piece; a side is there when all but one piece agree on a line.
function outermost(pieces, outside) {
  const found = pieces.map((means) => firstPeak(means, outside)).filter((depth) => depth !== null);
  found.sort((a, b) => a - b);
  if (found.length < SEGMENTS - 1) return null;
  const middle = found[Math.floor(found.length / 2)];
  const near = found.filter((depth) => Math.abs(depth - middle) <= outside * 0.5);
  return near.length < SEGMENTS - 1 ? null : middle - outside;
}

function firstPeak(means, outside) {
  const table = means.slice(0, outside).sort((a, b) => a - b)[Math.floor(outside / 2)];
  const clear = Math.max(CLEAR, ABOVE * table);
  const at = means.findIndex((mean, i) => mean >= clear && mean >= (means[i + 1] ?? 0));
  return at < 0 ? null : at;
}
