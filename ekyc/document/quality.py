"""How well a rectified card can be seen, so that a refusal can say what to do better."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.ports import Image

BLURRED = 0.105  # sharpness below which print cannot be read
GLARE = 0.06  # share of the card that is burnt out


@dataclass(frozen=True, slots=True)
class Quality:
    """sharpness: 0..1, how much of the picture's contrast is in fine detail. glare: share burnt out."""

    sharpness: float
    glare: float

    @property
    def fault(self) -> str | None:
        """The code of the worst fault, or None."""
        if self.sharpness < BLURRED:
            return "card_blurred"
        return "card_glare" if self.glare > GLARE else None


def measure(card: Image) -> Quality:
    """Quality of a rectified card (1000 x 1586 x 3 RGB)."""
    grey = cv2.cvtColor(card, cv2.COLOR_RGB2GRAY)
    return Quality(_sharpness(np.asarray(grey, np.uint8)), _glare(card))


def _sharpness(grey: NDArray[np.uint8]) -> float:
    """Contrast lost by a slight blur over contrast lost by a strong one, where there is most of it.

    A picture that is blurred already loses little to a slight blur. Sensor noise is removed first,
    or it would pass for detail.
    """
    picture = cv2.medianBlur(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 3)
    floats = picture.astype(np.float32)
    fine = np.abs(floats - cv2.GaussianBlur(floats, (0, 0), 1.0))
    coarse = np.abs(floats - cv2.GaussianBlur(floats, (0, 0), 5.0))
    strong = coarse > max(8.0, float(np.percentile(coarse, 90)))
    return float(fine[strong].mean() / coarse[strong].mean()) if strong.any() else 0.0


def _glare(card: Image) -> float:
    """Share of pixels at the top of the range in all colours at once, in patches larger than a letter."""
    least = card.min(2)
    # burnt out is the top of this picture's range, wherever a phone's exposure puts it
    top = float(np.percentile(least, 99.7))
    white = ((least >= 0.96 * top) & (least > 200)).astype(np.uint8)
    patches = cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8))
    return float(patches.mean())
