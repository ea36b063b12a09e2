"""Finds the QR in a rectified card or in the photo itself: a cascade from cheap to thorough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ekyc.document.qr import QrPayload, parse_payload

Grey = NDArray[np.uint8]
Quad = NDArray[np.float32]  # (4, 2): top left, top right, bottom right, bottom left

# where the code stands, as parts of width and height, with room for other printings
_FRONT_2021 = (0.74, 0.0, 1.0, 0.45)
_BACK_2024 = (0.66, 0.0, 1.0, 0.60)


@dataclass(frozen=True, slots=True)
class FoundQr:
    """Payload, and the code's corners in the picture that was searched (its own top left first)."""

    payload: QrPayload
    corners: Quad


def find_qr(grey: Grey, thorough: bool = False) -> FoundQr | None:
    """Look for an identity card's code in H x W grey uint8.

    ``thorough`` adds enlarged, sharpened and evened views of the places where cards print it.
    """
    for view, scale, offset in _views(grey, thorough):
        found = _decode(view)
        if found is not None:
            corners = (found.corners / scale + np.array(offset, np.float32)).astype(np.float32)
            return FoundQr(found.payload, corners)
    return None


def _decode(view: Grey) -> FoundQr | None:
    only_qr = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    results = zxingcpp.read_barcodes(np.ascontiguousarray(view), formats=only_qr)
    for result in results:
        payload = parse_payload(result.text)
        if payload is not None:
            p = result.position
            points = (p.top_left, p.top_right, p.bottom_right, p.bottom_left)
            return FoundQr(payload, np.array([(q.x, q.y) for q in points], np.float32))
    return None


def _views(grey: Grey, thorough: bool) -> Iterator[tuple[Grey, float, tuple[float, float]]]:
    yield grey, 1.0, (0.0, 0.0)
    if not thorough:
        return
    height, width = grey.shape
    for x0, y0, x1, y1 in (_FRONT_2021, _BACK_2024):
        offset = (x0 * width, y0 * height)
        part = grey[int(offset[1]) : int(y1 * height), int(offset[0]) : int(x1 * width)]
        for scale in (1.0, 2.0, 0.6):
            scaled = _resize(part, scale)
            for view in (scaled, _sharpen(scaled), _even(scaled), _binary(scaled)):
                yield view, scale, offset


def _resize(grey: Grey, scale: float) -> Grey:
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def _sharpen(grey: Grey) -> Grey:
    soft = cv2.GaussianBlur(grey, (0, 0), 3)
    return np.asarray(cv2.addWeighted(grey, 2.5, soft, -1.5, 0), np.uint8)


def _even(grey: Grey) -> Grey:
    return np.asarray(cv2.createCLAHE(3.0, (4, 4)).apply(grey), np.uint8)


def _binary(grey: Grey) -> Grey:
    size = max(31, min(grey.shape) // 6 | 1)
    soft = cv2.GaussianBlur(grey, (0, 0), 1.2)
    return np.asarray(
        cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, size, 2), np.uint8
    )
