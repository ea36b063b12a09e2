"""Bytes from outside to a plain RGB picture. Never opens a path or an address.

Everything cheap is checked before a pixel is decoded, so a small file that claims 100 megapixels
costs nothing. Metadata (EXIF, ICC, comments) never leaves this module.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
import zlib

import numpy as np
from PIL import Image as PilImage
from PIL import ImageFile, UnidentifiedImageError

from ekyc.errors import EkycError
from ekyc.jpeg import jpeg_scans
from ekyc.ports import Image

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
_MAX_WEBP_PIXELS = 16_000_000  # its decoder holds the picture several times over; no phone's camera writes it
MIN_SIDE = 200  # pixels; nothing of use can be read below
_MAX_SCANS = 40  # of a progressive JPEG; each costs as much time as a whole picture
_MAX_WORK = 480_000_000  # pixels times scans
_FORMATS = ("JPEG", "PNG", "WEBP")
_MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")
_STRIP = 256  # rows converted at a time
_ORIENTATION = 0x0112  # EXIF tag
# what Pillow raises for files that are damaged or made to hurt; found by fuzzing
_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
)


def decode(data: bytes) -> Image:
    """Decode one JPEG, PNG or WebP into H x W x 3 RGB uint8, turned upright by its EXIF orientation.

    Transparent pixels become white; of an animation only a still file is accepted. Takes at most some
    0.5 GB for a moment and 3 s (docs/performance.md).
    Raises EkycError: image_empty, image_not_supported, image_too_small, image_too_large, image_truncated.
    """
    _check_bytes(data)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # another library in the process may have switched it on
    with warnings.catch_warnings():
        # the pixel count is checked here, and damaged metadata are of no interest
        warnings.simplefilter("ignore")
        try:
            pixels, orientation = _decoded(data)
        except PilImage.DecompressionBombError as error:
            raise EkycError("image_too_large", "decompression bomb") from error
        except UnidentifiedImageError as error:
            raise EkycError("image_not_supported", "header not understood") from error
        except _DAMAGED as error:
            raise EkycError("image_truncated", type(error).__name__) from error
    return _upright(pixels, orientation)


def _decoded(data: bytes) -> tuple[Image, int]:
    with PilImage.open(io.BytesIO(data), formats=_FORMATS) as picture:
        _check_header(picture)
        _check_scans(data, picture)
        picture.load()
        return _to_rgb(picture), _orientation(picture)


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
    if width * height > (_MAX_WEBP_PIXELS if picture.format == "WEBP" else MAX_PIXELS):
        raise EkycError("image_too_large", f"{width} x {height} pixels")
    if min(width, height) < MIN_SIDE:
        raise EkycError("image_too_small", f"{width} x {height} pixels")
    # a phone's JPEG may carry a second, depth or preview picture (MPO): its first is the photo
    if picture.format in ("PNG", "WEBP") and getattr(picture, "n_frames", 1) > 1:
        raise EkycError("image_not_supported", "animated")
    if picture.mode not in _MODES:
        raise EkycError("image_not_supported", f"mode {picture.mode}")


def _check_scans(data: bytes, picture: PilImage.Image) -> None:
    if picture.format not in ("JPEG", "MPO"):
        return
    scans = jpeg_scans(data)
    if scans > _MAX_SCANS or scans * picture.width * picture.height > _MAX_WORK:
        raise EkycError("image_too_large", f"{scans} scans")


def _to_rgb(picture: PilImage.Image) -> Image:
    """A strip at a time: the whole picture is never there more than twice."""
    clear = picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info
    out = np.empty((picture.height, picture.width, 3), np.uint8)
    for top in range(0, picture.height, _STRIP):
        strip = picture.crop((0, top, picture.width, min(top + _STRIP, picture.height)))
        if clear:
            strip = strip.convert("RGBA")
            strip = PilImage.alpha_composite(PilImage.new("RGBA", strip.size, "white"), strip)
        out[top : top + _STRIP] = np.asarray(strip.convert("RGB"))
    return out


def _orientation(picture: PilImage.Image) -> int:
    """1 to 8; damaged EXIF data are no reason to refuse the pixels."""
    try:
        found = picture.getexif().get(_ORIENTATION)
    except Exception:  # its parser raises whatever the bytes lead to
        return 1
    return found if isinstance(found, int) else 1


def _upright(pixels: Image, orientation: int) -> Image:
    """EXIF 2.32, 4.6.5 A, Orientation: which edges of the scene the first row and column are."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
