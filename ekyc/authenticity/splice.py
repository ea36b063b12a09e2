"""A portrait set into the photo from elsewhere has less of the sensor's grain than the card around it.

A picture that software made has none in the portrait either.
"""

from __future__ import annotations

import numpy as np

from ekyc.authenticity.view import MM, Cue, Floats, View, grain

_BLOCK = 16
_SMOOTHEST = 25  # percent of the blocks: there is least print and hair in them
_MOST = 0.5  # grey levels; more than that in smooth paper is its fine lines, not grain
_LIMIT = 0.36
Box = tuple[float, float, float, float]  # millimetres
_PORTRAIT: Box = (5.5, 20.0, 23.5, 46.0)
_PAPER: Box = (27.0, 19.0, 80.0, 50.0)


def spliced_portrait(view: View) -> Cue:
    """Grain in the portrait's smooth places over that in the paper's."""
    noise = np.abs(grain(view.card))
    value = _floor(noise, _PORTRAIT) / min(_MOST, _floor(noise, _PAPER))
    return Cue("spliced_portrait", value, _LIMIT, above=False)


def _floor(noise: Floats, box: Box) -> float:
    left, top, right, bottom = (round(v * MM) for v in box)
    part = noise[top:bottom, left:right]
    rows, columns = part.shape[0] // _BLOCK, part.shape[1] // _BLOCK
    blocks = part[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    return max(0.05, float(np.percentile(blocks.mean((1, 3)), _SMOOTHEST)))
