// From measures to the one thing to tell the citizen now.
export const LIMITS = {
  dark: 60, // mean grey level
  bright: 0.3, // share of the frame burnt out
  glare: 0.25, // share of one tile burnt out
  sharp: 0.5, // specimen prints blurred by 2 px are read by the engine and measure 0.50, by 2.5 px they are refused
  still: 4.5, // mean change in grey levels between two looks
  far: 0.13, // empty share of the frame beside the card
  near: -0.05, // the card's sides stand out of the frame by more
  edges: 3, // sides of a card that have to be seen
};

/**
 * The hint's name, or "hold" when a photo taken now would do.
 * measures: {mean, burnt, patch, sharp, moved, insets: [top, right, bottom, left]}; an inset is a share of the
 * frame's side, or null where no edge was seen.
 */
export function judge(measures, limits = LIMITS) {
  if (measures.mean < limits.dark) return "dark";
  if (measures.burnt > limits.bright) return "bright";
  const [top, right, bottom, left] = measures.insets;
  const pairs = [[top, bottom], [left, right]].filter((pair) => !pair.includes(null)); // opposite sides
  const empty = pairs.map(([one, other]) => (one + other) / 2);
  if (Math.max(...empty) > limits.far) return "far";
  if (measures.insets.filter((inset) => inset !== null).length < limits.edges) return "place";
  if (Math.min(...empty) < limits.near) return "near";
  if (measures.patch > limits.glare) return "glare";
  if (measures.moved > limits.still) return "still";
  if (measures.sharp < limits.sharp) return "blurred";
  return "hold";
}
