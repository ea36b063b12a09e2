// Where the card-shaped frame lies in the camera's picture, in the picture's pixels.
const CARD = 85.6 / 53.98; // ISO/IEC 7810, ID-1
const SHARE = 0.88; // of the picture's width or height

/** {left, top, width, height} of the frame in a picture of that size. */
export function cardFrame(width, height) {
  const wide = Math.min(width * SHARE, height * SHARE * CARD);
  const high = wide / CARD;
  return { left: (width - wide) / 2, top: (height - high) / 2, width: wide, height: high };
}
