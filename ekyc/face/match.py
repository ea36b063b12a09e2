"""One photo against one photo, and templates made of several photos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ekyc.errors import EkycError
from ekyc.face.vectors import mean_direction
from ekyc.image import decode
from ekyc.policy import FacePolicy
from ekyc.ports import Embedding, Face, FaceEngine, Image
from ekyc.types import FaceMatch


def match(a: bytes, b: bytes, engine: FaceEngine) -> FaceMatch:
    """Compare the one face in photo ``a`` with the one in ``b`` (JPEG, PNG or WebP bytes).

    Raises EkycError: face_not_found, face_several, face_too_small, and those of ``image.decode``.
    """
    distance = engine.distance(embed_photo(a, engine), embed_photo(b, engine))
    limit = engine.calibration.distance("1x1", FacePolicy().single_shot_rate)
    return FaceMatch(distance, distance <= limit, engine.name, round(limit, 4))


def embed_photo(data: bytes, engine: FaceEngine) -> Embedding:
    """The embedding of the only face in a photo. Raises as ``match``."""
    image = decode(data)
    return engine.embed(image, only_face(engine.detect(image)))


def only_face(faces: Sequence[Face], policy: FacePolicy | None = None) -> Face:
    """The one face that matters; a small bystander is overlooked.

    Raises EkycError: face_not_found, face_several, face_too_small.
    """
    limits = policy or FacePolicy()
    if not faces:
        raise EkycError("face_not_found")
    ordered = sorted(faces, key=lambda face: face.height, reverse=True)
    if len(ordered) > 1 and ordered[1].height >= limits.second_face * ordered[0].height:
        raise EkycError("face_several", f"{len(faces)} faces")
    if ordered[0].height < limits.min_height:
        raise EkycError("face_too_small", f"{ordered[0].height} px")
    return ordered[0]


def main_face(faces: Sequence[Face], image: Image) -> Face:
    """The face nearest the middle of the picture, as press photos are cut; raises face_not_found."""
    if not faces:
        raise EkycError("face_not_found")
    middle_x, middle_y = image.shape[1] / 2, image.shape[0] / 2

    def off_centre(face: Face) -> float:
        x, y = (face.left + face.right) / 2, (face.top + face.bottom) / 2
        return float(abs(x - middle_x) + abs(y - middle_y))

    return min(faces, key=off_centre)


def template(embeddings: Sequence[Embedding]) -> Embedding:
    """One embedding of several of a person."""
    return mean_direction(embeddings)


def template_distance(probe: Embedding, references: Sequence[Embedding], engine: FaceEngine) -> float:
    """Mean distance from a probe template to each reference (at least one)."""
    return float(np.mean([engine.distance(probe, reference) for reference in references]))
