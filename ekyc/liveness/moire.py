"""Moiré: a screen's grid of pixels, filmed by a camera's grid, puts regular waves into the picture.

A regular wave is a lone peak in the spectrum. Measured on screens that ``evaluate.effects`` simulates
(docs/accuracy.md); a screen out of focus, or far finer than the camera, shows nothing. A cue, no proof.
"""

from __future__ import annotations

import numpy as np

from ekyc.ports import Face, Image

_SIDE = 256  # pixels, about the middle of the face
_BLOCK = 8  # of the spectrum, whose mean a peak is compared with
_PEAKS = 8  # a wave has several: harmonics, and stripes of three colours


def moire(image: Image, face: Face) -> float:
    """How far the highest peaks of the spectrum stand out of their surroundings (natural logarithm)."""
    grey = _middle(image, face).astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    window = np.hanning(_SIDE)
    spectrum = np.abs(np.fft.rfft2((grey - grey.mean()) * np.outer(window, window)))[:, : _SIDE // 2]
    log = np.log(spectrum + 1e-3)
    blocks = log.reshape(_SIDE // _BLOCK, _BLOCK, _SIDE // 2 // _BLOCK, _BLOCK).mean(axis=(1, 3))
    peaks = log - np.kron(blocks, np.ones((_BLOCK, _BLOCK)))
    down = np.abs(np.fft.fftfreq(_SIDE))[:, None]
    across = np.fft.rfftfreq(_SIDE)[None, : _SIDE // 2]
    radius = np.hypot(down, across)
    # nothing slower than a face's own detail, and off the axes, where a JPEG's blocks are
    waves = peaks[(radius > 0.08) & (radius < 0.49) & (down > 0.012) & (across > 0.012)]
    return float(np.mean(np.partition(waves, -_PEAKS)[-_PEAKS:]))


def _middle(image: Image, face: Face) -> Image:
    """``_SIDE`` pixels square; a smaller picture is continued by its mirror image."""
    height, width = image.shape[:2]
    missing = ((0, max(0, _SIDE - height)), (0, max(0, _SIDE - width)), (0, 0))
    image = np.pad(image, missing, mode="symmetric")
    left = int(np.clip((face.left + face.right - _SIDE) // 2, 0, image.shape[1] - _SIDE))
    top = int(np.clip((face.top + face.bottom - _SIDE) // 2, 0, image.shape[0] - _SIDE))
    return image[top : top + _SIDE, left : left + _SIDE]
