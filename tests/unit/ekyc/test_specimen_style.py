"""Prints that differ as printers do: the same for a seed, every value on the card, none over its label."""

from __future__ import annotations

import numpy as np
import pytest

from ekyc.specimen import layout_2021, layout_2024, print_card
from ekyc.specimen.layout import CARD_HEIGHT, CARD_WIDTH, Layout
from ekyc.specimen.lettering import place_label
from ekyc.specimen.style import PLAIN, draw_style, varied
from tests.specimen_people import dao

SIDES = (layout_2021.FRONT, layout_2021.BACK, layout_2024.FRONT, layout_2024.BACK)


def test_a_seed_is_one_print_and_another_seed_is_another() -> None:
    one = print_card(dao("cccd_chip"), draw_style(1, "own"))
    assert np.array_equal(one.front, print_card(dao("cccd_chip"), draw_style(1, "own")).front)
    assert not np.array_equal(one.front, print_card(dao("cccd_chip"), draw_style(2, "own")).front)


@pytest.mark.parametrize("side", SIDES)
def test_the_plain_style_is_the_layout(side: Layout) -> None:
    moved = varied(side, PLAIN)
    assert (moved.slots, moved.mrz_baselines, moved.qr) == (side.slots, side.mrz_baselines, side.qr)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("seed", range(12))
def test_values_stay_on_the_card_and_clear_of_their_labels(side: Layout, seed: int) -> None:
    moved = varied(side, draw_style(seed, "own"))
    for slot in moved.slots:
        left, top, right, bottom = slot.box
        assert left >= 0 <= top
        assert right <= CARD_WIDTH
        assert bottom <= CARD_HEIGHT
        start = slot.first_x or slot.x
        for label in moved.labels:
            run = place_label(label)
            if label.anchor == "left" and abs(run.y - slot.y) < 1 and run.x < start:
                assert run.right <= start
