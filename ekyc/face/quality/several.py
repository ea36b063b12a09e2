"""A second person, nearly as near; a small bystander is overlooked."""

from __future__ import annotations

from ekyc.face.quality.chip import View
from ekyc.policy import QualityPolicy


def problem(seen: View, policy: QualityPolicy) -> str | None:
    tall = [face for face in seen.faces if face.height >= policy.second_face * seen.face.height]
    return "face_several" if len(tall) > 1 else None
