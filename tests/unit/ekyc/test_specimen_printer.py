"""Printed cards: codes that decode, values inside their room, nothing on top of anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import combinations

import numpy as np
import pytest
import zxingcpp

from ekyc.document.mrz_format import NO_EXPIRY, td1
from ekyc.registry.person import CardKind, Person
from ekyc.specimen import layout_2016, layout_2021, layout_2024, print_card
from ekyc.specimen.fonts import font
from ekyc.specimen.layout import CARD_HEIGHT, CARD_WIDTH, MRZ_PITCH, Box, Layout
from ekyc.specimen.lettering import Run, TextTooLongError, place_label, place_value
from ekyc.specimen.payload import qr_payload
from ekyc.specimen.printer import HEIGHT, WIDTH, PrintedCard, card_values, has_portrait
from tests.specimen_people import dao, long_winded

KINDS: tuple[CardKind, ...] = ("cccd_chip", "can_cuoc")
SIDES: dict[str, tuple[CardKind, Layout]] = {
    "2016 front": ("cccd_barcode", layout_2016.FRONT),
    "2016 back": ("cccd_barcode", layout_2016.BACK),
    "2021 front": ("cccd_chip", layout_2021.FRONT),
    "2021 back": ("cccd_chip", layout_2021.BACK),
    "2024 front": ("can_cuoc", layout_2024.FRONT),
    "2024 back": ("can_cuoc", layout_2024.BACK),
}


@cache
def printed(person: Person) -> PrintedCard:
    return print_card(person)


def codes(picture: np.ndarray) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("kind", KINDS)
def test_both_sides_have_the_proportions_of_id_1(kind: CardKind) -> None:
    card = printed(dao(kind))
    assert card.front.shape == card.back.shape == (HEIGHT, WIDTH, 3)
    assert pytest.approx(CARD_WIDTH / CARD_HEIGHT, rel=1e-3) == WIDTH / HEIGHT


def test_the_code_of_2021_is_on_the_front_and_says_what_the_card_says() -> None:
    card = printed(dao("cccd_chip"))
    assert codes(card.front) == [
        "019304000127||Nguyễn Thị Mai Đào|15032004|Nữ|"
        "Tổ 5, Phan Đình Phùng, Thành phố Thái Nguyên, Thái Nguyên|10052021"
    ]
    assert codes(card.back) == []


def test_the_code_of_2024_is_on_the_back_with_four_more_fields() -> None:
    person = replace(dao("can_cuoc"), old_number="090123456")
    card = printed(person)
    (text,) = codes(card.back)
    assert text == qr_payload(person)
    assert text.split("|")[1] == "090123456"
    assert text.endswith("|10082024||||")
    assert codes(card.front) == []


def test_the_longest_values_still_give_a_readable_code() -> None:
    assert codes(printed(long_winded("cccd_chip")).front) == [qr_payload(long_winded("cccd_chip"))]
    assert codes(printed(long_winded("can_cuoc")).back) == [qr_payload(long_winded("can_cuoc"))]


def test_no_expiry_is_written_in_words_and_coded_as_the_card_does() -> None:
    person = long_winded("can_cuoc")
    assert card_values(person)["date_of_expiry"] == "Không thời hạn"
    assert td1(person)[1][8:14] == NO_EXPIRY


def test_an_expired_card_prints_its_date() -> None:
    person = dao("cccd_chip")
    expired = replace(person, card=replace(person.card, date_of_expiry=date(2024, 3, 15), status="expired"))
    assert card_values(expired)["date_of_expiry"] == "15/03/2024"
    assert (printed(expired).front != printed(person).front).any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_person_gives_the_same_pixels(kind: CardKind) -> None:
    again = print_card(dao(kind))
    assert (again.front == printed(dao(kind)).front).all()
    assert (again.back == printed(dao(kind)).back).all()


@pytest.mark.parametrize("make", [dao, long_winded])
@pytest.mark.parametrize("name", SIDES)
def test_values_stay_in_their_slots(name: str, make: Callable[[CardKind], Person]) -> None:
    kind, side = SIDES[name]
    values = card_values(make(kind))
    for slot in side.slots:
        for run in place_value(slot, values[slot.field]):
            left, top, right, bottom = ink(run)
            assert slot.box[0] - 0.1 <= left, slot.field
            assert right <= slot.box[2] + 0.1, slot.field
            assert slot.box[1] <= top, slot.field
            assert bottom <= slot.box[3], slot.field
            assert run.text


@pytest.mark.parametrize("make", [dao, long_winded])
@pytest.mark.parametrize("name", SIDES)
def test_nothing_overlaps(name: str, make: Callable[[CardKind], Person]) -> None:
    kind, side = SIDES[name]
    boxes = everything_on(side, make(kind))
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not overlap(a, b), f"{one} and {other}"
    for what, (left, top, right, bottom) in boxes:
        assert min(left, top) >= 1, what
        assert right <= CARD_WIDTH - 0.5, what
        assert bottom <= CARD_HEIGHT - 1, what


def everything_on(side: Layout, person: Person) -> list[tuple[str, Box]]:
    """Name and box in mm of all that is printed, the signature left out: it crosses the seal."""
    values = card_values(person)
    boxes: list[tuple[str, Box]] = [("SPECIMEN", side.specimen)]
    for name in ("emblem", "portrait", "chip_symbol", "qr", "chip", "seal"):
        if getattr(side, name) is not None:
            boxes.append((name, getattr(side, name)))
    boxes += [("fingerprint", box) for box in side.fingerprints]
    boxes += [(label.text, ink(place_label(label))) for label in side.labels]
    for slot in side.slots:
        boxes += [(slot.field, ink(run)) for run in place_value(slot, values[slot.field])]
    if side.mrz_left is not None:
        width = 30 * MRZ_PITCH
        boxes += [
            ("MRZ", (side.mrz_left, y - 2.6, side.mrz_left + width, y + 0.1)) for y in side.mrz_baselines
        ]
    return boxes


def ink(run: Run) -> Box:
    left, top, right, bottom = font(run.font, 200).getbbox(run.text, anchor="ls")
    scale = run.size / 200
    return run.x + left * scale, run.y + top * scale, run.x + right * scale, run.y + bottom * scale


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_another_residence_changes_only_its_slot_and_the_code() -> None:
    person = dao("cccd_chip")
    other = printed(replace(person, place_of_residence="Xã Văn Hán, Thái Nguyên")).front
    changed = (other != printed(person).front).any(axis=2)
    (slot,) = (s for s in layout_2021.FRONT.slots if s.field == "place_of_residence")
    assert layout_2021.FRONT.qr is not None
    for box in (slot.box, layout_2021.FRONT.qr):
        left, top, right, bottom = (round(edge * WIDTH / CARD_WIDTH) for edge in box)
        assert changed[top:bottom, left:right].any()
        changed[top - 1 : bottom + 2, left - 1 : right + 2] = False
    assert not changed.any()


def test_a_value_that_cannot_fit_is_refused_by_the_field_name_only() -> None:
    person = replace(dao("cccd_chip"), place_of_residence="Thị trấn Nông Trường " * 12)
    with pytest.raises(TextTooLongError) as refused:
        print_card(person)
    assert "place_of_residence" in str(refused.value)
    assert "Nông" not in str(refused.value)


def portrait_area(person: Person) -> np.ndarray:
    box = layout_2024.FRONT.portrait
    assert box is not None
    left, top, right, bottom = (round(edge * WIDTH / CARD_WIDTH) for edge in box)
    return printed(person).front[top:bottom, left:right]


def test_a_child_under_six_has_no_picture() -> None:
    person = dao("can_cuoc")
    child = replace(person, date_of_birth=date(2018, 8, 11))
    six = replace(person, date_of_birth=date(2018, 8, 10))
    assert not has_portrait(child)
    assert has_portrait(six)
    assert (portrait_area(six) == portrait_area(person)).all()
    assert portrait_area(child).std() < 40 < portrait_area(person).std()


def test_without_a_portrait_at_hand_a_silhouette_is_drawn() -> None:
    nobody = portrait_area(replace(dao("can_cuoc"), portrait=None))
    assert (nobody[10, 10] == (196, 216, 232)).all()
    assert (nobody[200, 185] == (128, 146, 164)).all()


@pytest.mark.parametrize("name", SIDES)
def test_specimen_is_red_and_visible(name: str) -> None:
    kind, side = SIDES[name]
    card = printed(dao(kind))
    left, top, right, bottom = (round(edge * WIDTH / CARD_WIDTH) for edge in side.specimen)
    picture = (card.front if name.endswith("front") else card.back)[top:bottom, left:right].astype(int)
    red = (picture[..., 0] > 180) & (picture[..., 1] < 130) & (picture[..., 2] < 140)
    assert red.mean() > 0.1
