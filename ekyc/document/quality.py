"""How well a rectified card can be seen, so that a refusal can say what to do better."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.document.layout import CARD_MM
from ekyc.ports import Image
from ekyc.types import Side

BLURRED = 0.105  # sharpness below which print cannot be read
_DARK = 70.0  # grey level of the paper below which print sinks into the sensor's noise
_GLARE = 0.06  # share of the card that is burnt out
_NUMBER_GLARE, _FACE_GLARE = 0.10, 0.12  # ... of these places
Box = tuple[float, float, float, float]  # millimetres: left, top, right, bottom
# where every kind of card has its number, and the face inside its portrait: a portrait's ground may be white
_NUMBER: Box = (30.0, 17.0, 76.0, 29.0)
_FACE: Box = (9.0, 23.0, 20.0, 40.0)


@dataclass(frozen=True, slots=True)
class Quality:
    """sharpness: 0..1, how much of the picture's contrast is in fine detail. glare: share burnt out, of the
    whole card and of two places that a front has. paper: grey level of the lightest tenth.
    """

    sharpness: float
    glare: float
    paper: float
    number_glare: float
    face_glare: float

    def fault(self, side: Side | None) -> str | None:
        """The code of the worst fault, or None. side: None where it could not be told."""
        if self.paper < _DARK:
            return "card_too_dark"
        if side == "front" and self.number_glare > _NUMBER_GLARE:
            return "card_glare_on_number"
        if self.sharpness < BLURRED:
            return "card_blurred"
        return "card_glare" if self.glare > _GLARE else None

    @property
    def face_hidden(self) -> bool:
        """A lamp is mirrored on the portrait's face: it could not be compared with anybody."""
        return self.face_glare > _FACE_GLARE


def measure(card: Image) -> Quality:
    """Quality of a rectified card (1000 x 1586 x 3 RGB), upright for what depends on places."""
    grey = np.asarray(cv2.cvtColor(card, cv2.COLOR_RGB2GRAY), np.uint8)
    burnt = _burnt(card)
    shares = [float(_part(burnt, box).mean()) for box in (_NUMBER, _FACE)]
    paper = float(np.percentile(grey[::4, ::4], 90))
    return Quality(_sharpness(grey), float(burnt.mean()), paper, shares[0], shares[1])


def _part(picture: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    x, y = picture.shape[1] / CARD_MM[0], picture.shape[0] / CARD_MM[1]
    return picture[round(box[1] * y) : round(box[3] * y), round(box[0] * x) : round(box[2] * x)]


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


def _burnt(card: Image) -> NDArray[np.uint8]:
    """1 where all colours are at the top of the range at once, in patches larger than a letter."""
    least = card.min(2)
    # burnt out is the top of this picture's range, wherever a phone's exposure puts it
    top = float(np.percentile(least[::3, ::3], 99.7))
    white = ((least >= 0.96 * top) & (least > 200)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8)), np.uint8)
