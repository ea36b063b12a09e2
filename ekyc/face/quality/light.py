"""Too dark, too bright, or light from one side only."""

from __future__ import annotations

from ekyc.face.quality.chip import HALVES, WHOLE, View, cut
from ekyc.policy import QualityPolicy

_WHITE = 250


def problem(seen: View, policy: QualityPolicy) -> str | None:
    face = cut(seen.luma, WHOLE)
    if face.mean() < policy.darkest:
        return "face_too_dark"
    dark, bright = sorted(cut(seen.luma, half).mean() for half in HALVES)
    if bright > policy.uneven * max(dark, 1.0):
        return "face_light_uneven"
    burnt_out = (face >= _WHITE).mean() > policy.burnt_out
    return "face_too_bright" if burnt_out or face.mean() > policy.brightest else None
