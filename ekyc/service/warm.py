"""Loads the models in the background when the service starts, so that the first citizen does not wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import numpy as np

from ekyc.errors import EkycError
from ekyc.image import encode_jpeg
from ekyc.ports import CardReader, Face, FaceEngine, Image

_LOG = logging.getLogger(__name__)


class Warmth:
    """Tells whether the models are loaded."""

    def __init__(self, engine: Callable[[], FaceEngine], reader: CardReader) -> None:
        self._engine = engine
        self._reader = reader
        self._done = threading.Event()

    @property
    def ready(self) -> bool:
        return self._done.is_set()

    def begin(self) -> None:
        """Start warming; returns at once."""
        # no daemon: a thread that is cut off inside a model takes the process down with an abort
        threading.Thread(target=self._run, name="warm-up").start()

    def _run(self) -> None:
        blank = np.full((320, 320, 3), 127, dtype=np.uint8)
        try:
            engine = self._engine()
            engine.detect_near(blank)
            engine.embed(blank, Face(80, 80, 240, 240, np.zeros((68, 2))))
            self._reader.read_side(encode_jpeg(_something_like_a_card()), None)
        except EkycError:
            pass  # the picture is refused, after the models were loaded
        except Exception as error:
            _LOG.error("models cannot be loaded: %s", type(error).__name__)
            return
        self._done.set()


def _something_like_a_card() -> Image:
    """A pale rectangle of a card's shape with dark lines on a dark table: enough for every model to run."""
    picture = np.full((900, 1300, 3), 45, dtype=np.uint8)
    picture[135:765, 150:1150] = 225
    for top in range(260, 700, 60):
        picture[top : top + 24, 450:1000:9] = 30
    return picture
