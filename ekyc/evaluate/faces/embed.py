"""Photos to embeddings: the photo itself, frames of the same moment, its portrait on a card and in a chip."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from ekyc.errors import EkycError
from ekyc.evaluate.faces.simulate import chip_portrait, printed_portrait, session_frame
from ekyc.face.match import main_face
from ekyc.image import decode
from ekyc.ports import FaceEngine, Image

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looks:
    """One row a photo in which a face was found, in the order of ``files``.

    plain, printed, chip: (n, values). frames: (n, frames, values). refused: code -> files without a row.
    """

    files: tuple[str, ...]
    plain: Rows
    frames: Rows
    printed: Rows
    chip: Rows
    refused: dict[str, list[str]]


def look_at(files: Sequence[str], images: Path, engine: FaceEngine, frames: int, *, references: int) -> Looks:
    """Each file once, with random variations that depend on its name only. frames, references: how many."""
    rows: list[list[Rows]] = []
    found, refused = [], dict[str, list[str]]()
    for file in tqdm(files, desc="faces", unit="photo", disable=None):
        try:
            rows.append(_look(images / file, zlib.crc32(file.encode()), engine, frames, references))
            found.append(file)
        except EkycError as error:
            refused.setdefault(error.code, []).append(file)
    if not rows:
        raise EkycError("face_not_found", "in any photo")
    plain, sessions, printed, chip = (np.stack(column) for column in zip(*rows, strict=True))
    return Looks(tuple(found), plain, sessions, printed, chip, refused)


def _look(path: Path, seed: int, engine: FaceEngine, frames: int, references: int) -> list[Rows]:
    photo, rng = decode(path.read_bytes()), np.random.default_rng(seed)
    plain = _embed(photo, engine)

    def vary(make: Callable[[Image, np.random.Generator], Image], needed: bool) -> Rows:
        if not needed:
            return plain
        try:
            return _embed(make(photo, rng), engine)
        except EkycError:
            return plain  # the product asks for another frame

    session = np.stack([vary(session_frame, True) for _ in range(frames)]) if frames > 1 else plain[None]
    return [plain, session, vary(printed_portrait, references > 1), vary(chip_portrait, references > 2)]


def _embed(photo: Image, engine: FaceEngine) -> Rows:
    return engine.embed(photo, main_face(engine.detect(photo), photo))
