"""Photos that cannot be read, each with the code that tells the citizen what to do."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image as PilImage

from ekyc.document.read import read_document, read_side
from ekyc.errors import EkycError
from ekyc.image import decode
from ekyc.specimen.photograph import photograph
from ekyc.specimen.printer import PrintedCard, print_card
from tests.unit.ekyc.document.conftest import CHIP, Photo, Pixels


def jpeg(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    PilImage.fromarray(np.ascontiguousarray(pixels)).save(out, "JPEG", quality=92)
    return out.getvalue()


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(EkycError) as caught:
        act()
    return caught.value.code


def table(seed: int = 4) -> Pixels:
    """A table with nothing on it: coarse and fine texture."""
    rng = np.random.default_rng(seed)
    coarse = cv2.resize(rng.normal(0, 14, (9, 12)), (1600, 1200), interpolation=cv2.INTER_CUBIC)
    grain = rng.normal(0, 5, (1200, 1600))
    return np.clip((130 + coarse + grain)[..., None] * np.array([1.0, 0.85, 0.7]), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_card_in_sight(seed: int) -> None:
    assert code_of(lambda: read_side(jpeg(table(seed)))) == "card_not_found"


def test_a_card_without_print_is_no_card() -> None:
    blank = np.full((1000, 1586, 3), (190, 210, 215), np.uint8)
    assert code_of(lambda: read_side(photograph(blank, "easy", 1))) == "card_not_found"


@pytest.mark.parametrize("edge", ["left", "right", "bottom"])
def test_card_cut_off(photo: Photo, edge: str) -> None:
    whole = decode(photo("chip", "front", "easy", 2))
    height, width = whole.shape[:2]
    part = {
        "left": whole[:, int(width * 0.3) :],
        "right": whole[:, : int(width * 0.7)],
        "bottom": whole[: int(height * 0.6)],
    }[edge]
    assert code_of(lambda: read_side(jpeg(part))) == "card_cut_off"


def test_card_too_small(photo: Photo) -> None:
    small = cv2.resize(decode(photo("chip", "front")), (760, 570), interpolation=cv2.INTER_AREA)
    assert code_of(lambda: read_side(jpeg(np.asarray(small, np.uint8)))) == "card_too_small"


@pytest.mark.parametrize("side", ["front", "back"])
def test_card_blurred(photo: Photo, side: str) -> None:
    blurred = cv2.GaussianBlur(decode(photo("chip", side)), (0, 0), 14)
    assert code_of(lambda: read_side(jpeg(np.asarray(blurred, np.uint8)))) == "card_blurred"


def test_glare_over_the_print(card: Callable[[str], PrintedCard]) -> None:
    front = card("can_cuoc").front.astype(np.float32)
    y, x = np.mgrid[0:1000, 0:1586].astype(np.float32)
    lamp = np.clip(2.2 * np.exp(-(((x - 830) / 760) ** 2) - ((y - 520) / 420) ** 2), 0, 1)[..., None]
    lit = (front * (1 - lamp) + 255 * lamp).astype(np.uint8)
    assert code_of(lambda: read_side(photograph(lit, "easy", 1))) == "card_glare"


@pytest.mark.parametrize("kind", ["chip", "can_cuoc"])
def test_the_other_side_than_expected(photo: Photo, kind: str) -> None:
    assert code_of(lambda: read_side(photo(kind, "front"), "back")) == "card_wrong_side"
    assert code_of(lambda: read_side(photo(kind, "back"), "front")) == "card_wrong_side"


def test_swapped_sides(photo: Photo) -> None:
    front, back = photo("chip", "front"), photo("chip", "back")
    assert code_of(lambda: read_document(back, front)) == "card_wrong_side"


def test_the_same_side_twice(photo: Photo) -> None:
    assert code_of(lambda: read_document(photo("chip", "front"), photo("chip", "front", "easy", 9))) == (
        "card_same_side_twice"
    )


def test_front_and_back_of_two_cards(photo: Photo) -> None:
    other = print_card(dataclasses.replace(CHIP, number="019304000135"))
    stranger = photograph(other.back, "easy", 1)
    assert code_of(lambda: read_document(photo("chip", "front"), stranger)) == "card_sides_differ"
    assert code_of(lambda: read_document(photo("chip", "front"), photo("can_cuoc", "back"))) == (
        "card_sides_differ"
    )


def test_the_file_is_checked_first() -> None:
    assert code_of(lambda: read_side(b"")) == "image_empty"
    assert code_of(lambda: read_side(b"hello")) == "image_not_supported"
