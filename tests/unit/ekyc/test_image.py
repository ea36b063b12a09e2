"""Bytes from outside: what is refused before and while decoding, and with which code."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PilImage
from PIL import ImageFile

from ekyc.errors import EkycError
from ekyc.image import MAX_BYTES, decode, encode_jpeg


def picture(width: int = 300, height: int = 240, mode: str = "RGB") -> PilImage.Image:
    """A picture whose four corners differ."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (255, 0, 0)
    pixels[: height // 2, width // 2 :] = (0, 255, 0)
    pixels[height // 2 :, : width // 2] = (0, 0, 255)
    return PilImage.fromarray(pixels).convert(mode)


def encoded(image: PilImage.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(EkycError) as caught:
        decode(data)
    return caught.value.code


def png_header(width: int, height: int) -> bytes:
    """A tiny PNG that claims a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_formats_decode_to_rgb(kind: str) -> None:
    image = decode(encoded(picture(), kind))
    assert image.shape == (240, 300, 3)
    assert image.dtype == np.uint8
    assert image[10, 10, 0] > 200
    assert image[10, 10, 1] < 60


@pytest.mark.parametrize("mode", ["L", "P", "1"])
def test_grey_and_palette_pictures_decode(mode: str) -> None:
    assert decode(encoded(picture(mode=mode))).shape == (240, 300, 3)


def test_cmyk_jpeg_decodes() -> None:
    image = decode(encoded(picture(mode="CMYK"), "JPEG"))
    assert image[10, 10, 0] > 180
    assert image[10, 10, 2] < 90


def test_transparent_pixels_become_white() -> None:
    clear = PilImage.new("RGBA", (220, 220), (10, 20, 30, 0))
    assert (decode(encoded(clear)) == 255).all()


def test_refusals_before_decoding() -> None:
    assert code_of(b"") == "image_empty"
    assert code_of(b"%PDF-1.7 not a picture") == "image_not_supported"
    assert code_of(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "image_not_supported"
    assert code_of(encoded(picture(), "GIF")) == "image_not_supported"
    assert code_of(encoded(picture(), "BMP")) == "image_not_supported"
    assert code_of(b"\xff\xd8\xff" + bytes(MAX_BYTES)) == "image_too_large"


def test_one_pixel_is_too_small() -> None:
    assert code_of(encoded(PilImage.new("RGB", (1, 1)))) == "image_too_small"


def test_a_small_file_that_claims_100_megapixels_is_refused() -> None:
    data = png_header(10_000, 10_000)
    assert len(data) < 200
    assert code_of(data) == "image_too_large"


def test_a_file_that_claims_more_than_pillow_would_open_is_refused() -> None:
    assert code_of(png_header(60_000, 60_000)) == "image_too_large"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_truncated_files(kind: str, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (240, 300, 3), np.uint8)
    data = encoded(PilImage.fromarray(noise), kind)
    assert code_of(data[: int(len(data) * share)]) in {"image_truncated", "image_not_supported"}


def test_a_truncated_jpeg_is_refused_even_if_a_library_allowed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = encoded(picture(), "JPEG", quality=95)
    assert code_of(data[: len(data) // 2]) == "image_truncated"


def test_animations_and_16_bit_are_refused() -> None:
    frames = [picture(), PilImage.new("RGB", (300, 240), "white")]
    animated = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert code_of(animated) == "image_not_supported"
    deep = PilImage.fromarray(np.full((240, 300), 40_000, np.uint16))
    assert code_of(encoded(deep)) == "image_not_supported"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    upright = picture(300, 240)
    turn = {
        2: PilImage.Transpose.FLIP_LEFT_RIGHT,
        3: PilImage.Transpose.ROTATE_180,
        4: PilImage.Transpose.FLIP_TOP_BOTTOM,
        5: PilImage.Transpose.TRANSPOSE,
        6: PilImage.Transpose.ROTATE_90,
        7: PilImage.Transpose.TRANSVERSE,
        8: PilImage.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turn[orientation]) if orientation > 1 else upright
    exif = PilImage.Exif()
    exif[0x0112] = orientation
    assert (decode(encoded(stored, exif=exif)) == np.asarray(upright)).all()


def test_a_new_jpeg_carries_no_metadata() -> None:
    exif = PilImage.Exif()
    exif[0x010E] = "where it was taken"
    fresh = encode_jpeg(decode(encoded(picture(), "JPEG", exif=exif)))
    assert b"where it was taken" not in fresh
    assert not PilImage.open(io.BytesIO(fresh)).getexif()


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_code(tail: bytes) -> None:
    for magic in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP"):
        assert code_of(magic + tail).startswith("image_")
