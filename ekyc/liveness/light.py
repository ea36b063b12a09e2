"""A dark frame is made as bright as an ordinary one before it is measured.

Landmarks follow absolute differences of grey: by a third of the light an open mouth was found half open.
"""

from __future__ import annotations

import numpy as np

from ekyc.ports import Image

_DARK, _WANTED, _MOST = 75.0, 110.0, 4.0  # mean grey levels, and the largest factor


def brightened(image: Image) -> Image:
    """The picture, or a brighter one where its middle is dark."""
    height, width = image.shape[:2]
    middle = image[height // 4 : 3 * height // 4 : 8, width // 4 : 3 * width // 4 : 8]
    mean = float(middle.mean())
    if mean >= _DARK:
        return image
    table = np.clip(np.arange(256) * min(_MOST, _WANTED / max(mean, 1.0)), 0, 255).astype(np.uint8)
    brighter: Image = table[image]
    return brighter
