"""The paper runs from blue over yellow in the middle back to blue, on both sides of both kinds of card.

Thông tư 16/2024/TT-BCA for the card of 2024, press descriptions for that of 2021. Only the change along the
card is measured, so that the colour of the light does not matter.
"""

from __future__ import annotations

import numpy as np

from ekyc.authenticity.view import Cue, View, lab

_LIMIT = 0.6


def palette(view: View) -> Cue:
    """Cosine between the colour change towards the middle of the card and that from blue to yellow."""
    picture = lab(view.card, 20)[2:-2, 2:-2]
    light = picture[..., 0] > np.percentile(picture[..., 0], 40)  # paper, not print or hair
    used = [x for x in range(picture.shape[1]) if light[:, x].sum() > 4]
    columns = np.array([np.median(picture[light[:, x], x, 1:], 0) for x in used])
    at = np.array(used) / (picture.shape[1] - 1) * 2 - 1
    tent = 1 - np.abs(at)
    design = np.stack([np.ones_like(at), at, tent], 1)
    (_, _, change), *_ = np.linalg.lstsq(design, columns, rcond=None)
    return Cue("palette", float(change[1] / max(float(np.linalg.norm(change)), 2.0)), _LIMIT, above=False)
