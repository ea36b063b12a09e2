"""All rules in the order in which a person can do something about them."""

from __future__ import annotations

from collections.abc import Sequence

from ekyc.face.quality import blur, light, occlusion, pose, several, size
from ekyc.face.quality.chip import view
from ekyc.policy import QualityPolicy
from ekyc.ports import Face, Image

_RULES = (several, size, light, pose, occlusion, blur)


def assess(image: Image, face: Face, policy: QualityPolicy, faces: Sequence[Face] = ()) -> tuple[str, ...]:
    """Codes of what is wrong with this face, () for nothing. faces: all in the picture, where known."""
    seen = view(image, face, tuple(faces))
    found = (rule.problem(seen, policy) for rule in _RULES)
    return tuple(code for code in found if code is not None)
