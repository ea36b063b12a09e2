"""Photos are judged by their header, decoded within limits, and published without what they hide."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from examples.phan_anh.photo import LONGEST_SIDE, BadPhoto, clean

GPS_IFD, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def encoded(kind: str, size: tuple[int, int] = (320, 200), **options: Any) -> bytes:
    """A picture, left half red and right half blue, as a file of ``kind``."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    assert image.format == "JPEG"
    return image


def png_header(width: int, height: int) -> bytes:
    """A tiny file that claims to be a picture of ``width`` x ``height``."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk
        + struct.pack(">I", len(data) - 4)
        + data
        + struct.pack(">I", zlib.crc32(data))
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_formats_become_jpeg(kind: str) -> None:
    image = opened(clean(encoded(kind)))
    assert image.size == (320, 200)
    assert image.getpixel((10, 100))[0] > 200  # type: ignore[index]


def test_exif_gps_and_comments_are_gone() -> None:
    exif = Image.Exif()
    exif[MAKE] = "SECRET-CAMERA"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (21.0, 35.0, 30.0), 3: "E", 4: (105.0, 50.0, 10.0)})
    data = encoded("JPEG", exif=exif, comment=b"SECRET-COMMENT")
    assert opened(data).getexif().get_ifd(GPS_IFD)
    assert b"SECRET" in data
    out = clean(data)
    assert not opened(out).getexif()
    assert b"SECRET" not in out
    assert b"Exif" not in out


def test_a_picture_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera lay on its side: turn by a quarter to the right
    image = opened(clean(encoded("JPEG", exif=exif)))
    assert image.size == (200, 320)
    assert image.getpixel((100, 10))[0] > 200  # type: ignore[index]
    assert image.getpixel((100, 310))[2] > 200  # type: ignore[index]


def test_a_large_picture_is_made_smaller() -> None:
    assert max(opened(clean(encoded("JPEG", (4000, 3000)))).size) == LONGEST_SIDE


def test_transparent_parts_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(clean(out.getvalue())).getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"hello", "photo_not_image"),
        (encoded("GIF"), "photo_not_image"),
        (encoded("JPEG")[:400], "photo_not_image"),
        (encoded("PNG")[:100], "photo_not_image"),
        (encoded("PNG", (1, 1)), "photo_too_small"),
        (png_header(10_000, 10_000), "photo_too_many_pixels"),
        (png_header(60_000, 60_000), "photo_too_many_pixels"),
        (b"\xff\xd8" + b"\0" * (8 * 1024 * 1024), "photo_too_large"),
    ],
    ids=["empty", "text", "gif", "cut jpeg", "cut png", "1 px", "100 MP", "3600 MP", "8 MB"],
)
def test_what_is_no_usable_photo_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadPhoto) as refused:
        clean(data)
    assert refused.value.code == code
