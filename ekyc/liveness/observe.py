"""A camera frame to what the judge needs of it."""

from __future__ import annotations

from dataclasses import dataclass

from ekyc.errors import EkycError
from ekyc.image import decode, sha256
from ekyc.liveness.light import brightened
from ekyc.liveness.progress import Observation
from ekyc.liveness.shape import measure
from ekyc.policy import FacePolicy
from ekyc.ports import Face, FaceEngine, Image

MAX_SIDE = 2000  # pixels


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame with its biggest face, if any."""

    observation: Observation
    image: Image
    face: Face | None


def observe(data: bytes, at_ms: int, engine: FaceEngine, arrived_ms: int = 0) -> Frame:
    """Decode a frame (JPEG bytes, around 480 x 640) and measure it. Raises as ``image.decode``."""
    image = decode(data)
    if max(image.shape[:2]) > MAX_SIDE:
        raise EkycError("image_too_large", "frame")
    digest = sha256(image.tobytes())  # of the pixels: bytes can be changed without changing the picture
    image = brightened(image)
    faces = engine.detect_near(image)
    picture = (image.shape[1], image.shape[0])
    if not faces:
        return Frame(Observation(at_ms, digest, 0, arrived_ms=arrived_ms, picture=picture), image, None)
    face = faces[0]
    matter = [other for other in faces if other.height >= FacePolicy().second_face * face.height]
    measured = measure(face.landmarks)
    seen = Observation(at_ms, digest, len(matter), measured, face.height, arrived_ms, picture)
    return Frame(seen, image, face)
