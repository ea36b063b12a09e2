"""The chip's picture decoded and coded afresh: JPEG or JPEG 2000 in, a plain JPEG out."""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image as PilImage

from ekyc.chip.dg2 import ChipImage
from ekyc.chip.jpeg2000 import require_plain
from ekyc.chip.tlv import Malformed
from ekyc.errors import EkycError
from ekyc.image import encode_jpeg

_MAX_SIDE = 1200  # pixels; Doc 9303 asks for some 420 x 525
_MIN_SIDE = 60
_MAX_SCANS = 40  # of a progressive JPEG; each costs as much as a whole picture
_MODES = ("L", "RGB", "YCbCr")
_DETECTABLE = 480  # pixels; the face detectors overlook faces in smaller pictures


def portrait_jpeg(image: ChipImage) -> bytes:
    """Bounded: some 40 MB and half a second at most. Raises EkycError chip_unreadable."""
    _require_plain(image)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PilImage.DecompressionBombWarning)
        try:
            with PilImage.open(io.BytesIO(image.data), formats=(image.kind,)) as picture:
                width, height = picture.size
                if not _MIN_SIDE <= min(width, height) <= max(width, height) <= _MAX_SIDE:
                    raise EkycError("chip_unreadable", f"portrait of {width} x {height} pixels")
                if picture.mode not in _MODES:
                    raise EkycError("chip_unreadable", f"portrait of mode {picture.mode}")
                plain = picture.convert("RGB")
        except (OSError, SyntaxError, ValueError, EOFError, PilImage.DecompressionBombError) as error:
            raise EkycError("chip_unreadable", f"portrait: {type(error).__name__}") from error
    scale = _DETECTABLE / min(plain.size)
    if scale > 1:
        size = (round(plain.width * scale), round(plain.height * scale))
        plain = plain.resize(size, PilImage.Resampling.LANCZOS)
    return encode_jpeg(np.asarray(plain, dtype=np.uint8))


def _require_plain(image: ChipImage) -> None:
    try:
        if image.kind == "JPEG2000":
            require_plain(image.data, _MAX_SIDE)
        elif image.data.count(b"\xff\xda") > _MAX_SCANS:
            raise Malformed("JPEG of too many scans")
    except Malformed as error:
        raise EkycError("chip_unreadable", f"portrait: {error}") from error
