"""What a cue looks at, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.ports import Image
from ekyc.types import Check, DocumentType, Outcome, Side

Floats = NDArray[np.float32]
MM = 1586 / 85.6  # pixels of a rectified card to a millimetre


@dataclass(frozen=True, slots=True)
class View:
    """A rectified, upright card (1000 x 1586 x 3 RGB), what it is, and the photo it was cut from."""

    card: Image
    photo: Image
    document_type: DocumentType
    side: Side


@dataclass(frozen=True, slots=True)
class Cue:
    """``value`` in the cue's own unit; suspicious beyond ``limit``, on the side where ``above`` says."""

    name: str
    value: float
    limit: float
    above: bool

    @property
    def suspicious(self) -> bool:
        return self.value > self.limit if self.above else self.value < self.limit

    def check(self) -> Check:
        """The cue as a check; a failed one sends the verification to an officer, never more."""
        sign = ">" if self.above else "<"
        outcome: Outcome = "fail" if self.suspicious else "pass"
        return Check(self.name, outcome, f"{self.value:.2f}, doubtful {sign} {self.limit:g}")


def lab(card: Image, shrink: int) -> Floats:
    """Lightness and colour in CIE Lab units, averaged over ``shrink`` x ``shrink`` pixels."""
    size = (card.shape[1] // shrink, card.shape[0] // shrink)
    small = cv2.resize(card, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.float32)


def grain(card: Image) -> Floats:
    """High-pass of the green channel that edges hardly enter (Immerkaer 1996), in grey levels."""
    kernel = np.array(((1, -2, 1), (-2, 4, -2), (1, -2, 1)), np.float32) / 6
    return np.asarray(cv2.filter2D(card[..., 1].astype(np.float32), -1, kernel), np.float32)
