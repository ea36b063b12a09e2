// Small grey pictures: what every measure works on.

/** Luminance (BT.601) of RGBA pixels. Returns {width, height, data: Uint8Array}. */
export function toGrey({ width, height, data }) {
  const grey = new Uint8Array(width * height);
  for (let from = 0, to = 0; to < grey.length; from += 4, to += 1) {
    grey[to] = (data[from] * 77 + data[from + 1] * 150 + data[from + 2] * 29) >> 8;
  }
  return { width, height, data: grey };
}

/** Mean difference of two pictures of one size, 0..255; Infinity where there is no earlier one. */
export function moved(now, before) {
  if (!before || before.data.length !== now.data.length) return Infinity;
  let sum = 0;
  for (let i = 0; i < now.data.length; i += 1) sum += Math.abs(now.data[i] - before.data[i]);
  return sum / now.data.length;
}
