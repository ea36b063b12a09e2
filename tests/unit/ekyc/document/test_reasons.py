"""Photos of one fault each, made to show exactly it; the refusal names it, in words that say what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ekyc.document.read import read_side
from ekyc.errors import EkycError, message
from ekyc.specimen.printer import PrintedCard
from ekyc.specimen.scene import Scene, shoot

Cards = Callable[[str], PrintedCard]
NUMBER, FACE = (0.62, 0.45), (0.17, 0.55)


def code_of(card: Any, scene: Scene, expected: Any = None, others: tuple[Any, ...] = ()) -> str:
    with pytest.raises(EkycError) as caught:
        read_side(shoot(card, scene, 7, others)[0], expected)
    assert message(caught.value.code, "vi").endswith((".", "nhé."))
    return caught.value.code


@pytest.mark.parametrize(
    ("code", "scene"),
    [
        ("card_too_small", Scene(share=0.3)),
        ("card_blurred", Scene(defocus=9)),
        ("card_too_dark", Scene(exposure=0.05, grain=9)),
        ("card_glare_on_number", Scene(glare=NUMBER, glare_mm=24)),
        ("card_glare_on_photo", Scene(glare=FACE, glare_mm=16)),
    ],
)
def test_each_fault_by_its_name(card: Cards, code: str, scene: Scene) -> None:
    assert code_of(card("can_cuoc").front, scene) == code


def test_two_cards_on_the_table(card: Cards) -> None:
    scene = Scene(share=0.5, frame=(2000, 2000), shift=(0, -0.7))
    assert code_of(card("chip").front, scene, others=(card("can_cuoc").front,)) == "card_several"


def test_the_other_side_than_the_one_asked_for(card: Cards) -> None:
    assert code_of(card("chip").back, Scene(roll=200), "front") == "card_wrong_side"
    assert code_of(card("can_cuoc").front, Scene(roll=20), "back") == "card_wrong_side"


@pytest.mark.parametrize(
    "scene",
    [
        Scene(roll=137, tilt=(15, -12), things=4),
        Scene(colour=(205, 220, 226), contact=0.1, shadow=0.4),
        Scene(fingers=2, glare=(0.8, 0.9), glare_mm=7, roll=185),
        Scene(frame=(1500, 2000), roll=90, defocus=1.4, exposure=0.55, grain=5),
    ],
)
def test_an_honest_photo_is_read(card: Cards, scene: Scene) -> None:
    side = read_side(shoot(card("chip").front, scene, 11)[0], "front")
    assert side.fields["print"]["number"].value == "019304000127"
