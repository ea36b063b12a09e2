"""Bytes from outside to a plain RGB picture. Never opens a path or an address.

Everything cheap is checked before a pixel is decoded, so a small file that claims 100 megapixels
costs nothing. Metadata (EXIF, ICC, comments) never leaves this module.
"""

from __future__ import annotations

import hashlib
import io
import warnings

import numpy as np
from PIL import Image as PilImage
from PIL import ImageFile, ImageOps, UnidentifiedImageError

from ekyc.errors import EkycError
from ekyc.ports import Image

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 200  # pixels; nothing of use can be read below
_FORMATS = ("JPEG", "PNG", "WEBP")
_MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")


def decode(data: bytes) -> Image:
    """Decode one JPEG, PNG or WebP into H x W x 3 RGB uint8, turned upright by its EXIF orientation.

    Transparent pixels become white; of an animation only a still file is accepted.
    Raises EkycError: image_empty, image_not_supported, image_too_small, image_too_large, image_truncated.
    """
    _check_bytes(data)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # another library in the process may have switched it on
    with warnings.catch_warnings():
        # the pixel count is checked here, below Pillow's own warning level
        warnings.simplefilter("ignore", PilImage.DecompressionBombWarning)
        try:
            with PilImage.open(io.BytesIO(data), formats=_FORMATS) as picture:
                _check_header(picture)
                return _to_rgb(picture)
        except PilImage.DecompressionBombError as error:
            raise EkycError("image_too_large", "decompression bomb") from error
        except UnidentifiedImageError as error:
            raise EkycError("image_not_supported", "header not understood") from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise EkycError("image_truncated", type(error).__name__) from error


def encode_jpeg(image: Image, quality: int = 90) -> bytes:
    """A fresh JPEG without metadata, from H x W x 3 RGB uint8."""
    out = io.BytesIO()
    PilImage.fromarray(image).save(out, "JPEG", quality=quality)
    return out.getvalue()


def sha256(data: bytes) -> str:
    """Hex digest that names a capture in evidence."""
    return hashlib.sha256(data).hexdigest()


def _check_bytes(data: bytes) -> None:
    if not data:
        raise EkycError("image_empty")
    if len(data) > MAX_BYTES:
        raise EkycError("image_too_large", f"{len(data)} bytes")
    jpeg = data.startswith(b"\xff\xd8\xff")
    png = data.startswith(b"\x89PNG\r\n\x1a\n")
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    if not (jpeg or png or webp):
        raise EkycError("image_not_supported", "signature is not JPEG, PNG or WebP")


def _check_header(picture: PilImage.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise EkycError("image_too_large", f"{width} x {height} pixels")
    if min(width, height) < MIN_SIDE:
        raise EkycError("image_too_small", f"{width} x {height} pixels")
    # a phone's JPEG may carry a second, depth or preview picture (MPO): its first is the photo
    if picture.format in ("PNG", "WEBP") and getattr(picture, "n_frames", 1) > 1:
        raise EkycError("image_not_supported", "animated")
    if picture.mode not in _MODES:
        raise EkycError("image_not_supported", f"mode {picture.mode}")


def _to_rgb(picture: PilImage.Image) -> Image:
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("LA", "PA", "RGBA") or "transparency" in upright.info:
        rgba = upright.convert("RGBA")
        paper = PilImage.new("RGBA", rgba.size, "white")
        upright = PilImage.alpha_composite(paper, rgba)
    return np.array(upright.convert("RGB"), dtype=np.uint8)
