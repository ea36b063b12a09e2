"""Loads the models before anybody waits for them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import numpy as np

from ekyc.errors import EkycError
from ekyc.image import encode_jpeg
from ekyc.ports import CardReader, Face, FaceEngine, Image


def warm(reader: CardReader, engine: Callable[[], FaceEngine]) -> None:
    """Run every model once."""
    blank = np.full((320, 320, 3), 127, dtype=np.uint8)
    loaded = engine()
    loaded.detect_near(blank)
    loaded.embed(blank, Face(80, 80, 240, 240, np.zeros((68, 2))))
    with contextlib.suppress(EkycError):  # the picture is refused, after the models were loaded
        reader.read_side(encode_jpeg(_something_like_a_card()), None)


def _something_like_a_card() -> Image:
    """A pale rectangle of a card's shape with dark lines on a dark table: enough for every model to run."""
    picture = np.full((900, 1300, 3), 45, dtype=np.uint8)
    picture[135:765, 150:1150] = 225
    for top in range(260, 700, 60):
        picture[top : top + 24, 450:1000:9] = 30
    return picture
