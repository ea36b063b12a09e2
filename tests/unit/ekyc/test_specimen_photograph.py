"""Phone photos of cards: the same every time, and each level harder than the one before."""

from __future__ import annotations

import io
from functools import cache

import cv2
import numpy as np
import pytest
import zxingcpp
from PIL import Image

from ekyc.specimen import Level, photograph, print_card
from ekyc.specimen.photograph import LEVELS
from ekyc.specimen.pose import card_corners
from tests.specimen_people import dao

SEEDS = range(3)


@cache
def card() -> np.ndarray:
    return print_card(dao("cccd_chip")).front


@cache
def photo(level: Level, seed: int) -> bytes:
    return photograph(card(), level, seed)


def pixels(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg)))


def sharpness(jpeg: bytes) -> float:
    """Share of strong edges, after a blur that takes the sensor's noise out."""
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels(jpeg), cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    return float(np.percentile(np.abs(cv2.Laplacian(grey, cv2.CV_64F)), 99.5))


@pytest.mark.parametrize("level", LEVELS)
def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(level: Level) -> None:
    assert photograph(card(), level, 0) == photo(level, 0)
    assert photo(level, 0) != photo(level, 1)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", SEEDS)
def test_photos_are_jpegs_of_a_phone_size(level: Level, seed: int) -> None:
    picture = Image.open(io.BytesIO(photo(level, seed)))
    assert picture.format == "JPEG"
    assert 1600 <= picture.width <= 2400
    assert picture.width * 3 == picture.height * 4


def test_each_level_is_less_sharp_than_the_one_before() -> None:
    easy, ordinary, hard = ([sharpness(photo(level, seed)) for seed in SEEDS] for level in LEVELS)
    assert min(easy) > max(ordinary)
    assert min(ordinary) > max(hard)


def test_the_code_is_readable_in_easy_photos() -> None:
    for seed in SEEDS:
        assert [code.text[:12] for code in zxingcpp.read_barcodes(pixels(photo("easy", seed)))] == [
            "019304000127"
        ]


def test_any_flat_picture_can_be_photographed() -> None:
    plain = np.full((270, 428, 3), (200, 60, 60), np.uint8)
    red = pixels(photograph(plain, "easy", 5)).astype(int)
    share = ((red[..., 0] - red[..., 1] > 90) & (red[..., 0] - red[..., 2] > 90)).mean()
    assert 0.4 < share < 0.75


def test_the_card_lies_inside_the_frame_however_it_is_turned() -> None:
    frame = (2000, 1500)
    for roll in range(-30, 31, 15):
        for tilt in ((0, 0), (26, 26), (-26, 26), (26, -26)):
            for shift in ((-1, -1), (1, 1), (0, 0)):
                corners = card_corners(frame, 1.586, 0.9, roll, tilt, shift)
                assert (corners > 0).all()
                assert (corners < frame).all()
                assert np.linalg.norm(corners[1] - corners[0]) > 0.5 * frame[0]


def test_a_card_seen_straight_on_keeps_its_proportions() -> None:
    corners = card_corners((2000, 1500), 1.586, 0.8, 0, (0, 0), (0, 0))
    width, height = corners[2] - corners[0]
    assert width == pytest.approx(1600)
    assert width / height == pytest.approx(1.586)
