"""Sunglasses are far darker than the cheeks; most masks have another colour than the upper face.

Masks that are grey, white, black or like skin are not told from beards and shadows, nor is a hand.
"""

from __future__ import annotations

import numpy as np

from ekyc.face.quality.chip import CHEEKS, EYES, MOUTH_AND_CHIN, NOSE_BRIDGE, View, cut
from ekyc.policy import QualityPolicy


def problem(seen: View, policy: QualityPolicy) -> str | None:
    if cut(seen.luma, *EYES).mean() < policy.eyes_dark * cut(seen.luma, *CHEEKS).mean():
        return "face_eyes_covered"
    below = cut(seen.chroma, MOUTH_AND_CHIN).mean(axis=0)
    above = cut(seen.chroma, NOSE_BRIDGE, *CHEEKS).mean(axis=0)
    return "face_mouth_covered" if np.linalg.norm(below - above) > policy.mouth_colour else None
