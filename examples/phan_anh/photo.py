"""Takes a citizen's photo apart and makes a new one, so that nothing hidden in the file is published."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000  # a large phone camera; about 120 MB once decoded
LEAST_SIDE = 64
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


class BadPhoto(Exception):
    """The photo is refused.

    code: photo_empty, photo_too_large, photo_not_image, photo_too_many_pixels or photo_too_small.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean(data: bytes) -> bytes:
    """JPEG, upright, at most 1600 px long, without EXIF, GPS or any other metadata. Raises BadPhoto.

    Size and format are judged from the header, before any pixel is decoded.
    """
    if not data:
        raise BadPhoto("photo_empty")
    if len(data) > MOST_BYTES:
        raise BadPhoto("photo_too_large")
    try:
        with warnings.catch_warnings():
            # Pillow's own warning starts at twice our limit, which is checked below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _encode(image)
    except Image.DecompressionBombError as error:
        raise BadPhoto("photo_too_many_pixels") from error
    except BadPhoto:
        raise
    except Exception as error:  # decoders fail on damaged files in more ways than Pillow lists
        raise BadPhoto("photo_not_image") from error


def _encode(image: Image.Image) -> bytes:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise BadPhoto("photo_too_many_pixels")
    if min(width, height) < LEAST_SIDE:
        raise BadPhoto("photo_too_small")
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # lets the JPEG decoder skip detail nobody will see
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", upright.size, "white")  # a fresh image carries none of the old one's metadata
    rgba = upright.convert("RGBA")
    flat.paste(rgba, mask=rgba.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
