"""Print whose label is too soft to be read, told by its place among the labels that were read."""

from __future__ import annotations

import re

import cv2
import numpy as np

from ekyc.document.layout import CHIP_FRONT
from ekyc.document.lines import Box, find_lines
from ekyc.document.page import Page, TextLine, make_page
from ekyc.document.usual import at_usual_place, usual_strip
from ekyc.document.values import Answers, answers, words_near
from ekyc.reader.recogniser import Line
from tests.unit.ekyc.document.conftest import printed

MM = 18.53  # pixels


def line(text: str, left: float, middle: float, right: float) -> TextLine:
    """A line of print by its place in millimetres."""
    places = tuple((i + 0.5) / len(text) for i in range(len(text)))
    box = Box(round(left * MM), round((middle - 1.3) * MM), round(right * MM), round((middle + 1.3) * MM))
    return TextLine(box, Line(text, 0.9, (0.9,) * len(text), places))


def page(*extra: TextLine) -> Page:
    """A front on which only three labels can be read, and what is given."""
    labels = (
        line("Họ và tên / Full name:", 27.0, 27.6, 43.0),
        line("Quê quán / Place of origin:", 27.0, 40.6, 46.0),
        line("Nơi thường trú / Place of residence:", 27.0, 47.6, 59.5),
    )
    return make_page(np.full((1000, 1586), 200, np.uint8), (*labels, *extra))


def owners(found: Answers) -> dict[str, str]:
    return {p.text: p.owner.label.field for p in found.pieces if p.owner is not None}


def test_expiry_and_address_in_one_line_are_cut_at_the_column() -> None:
    found = answers(page(line("26/02/2030 Cam Giá, Thái Nguyên", 13.0, 50.4, 60.0)), CHIP_FRONT)
    texts = [piece.text for piece in found.pieces]
    assert "26/02/2030" in texts
    assert "Cam Giá, Thái Nguyên" in texts
    soft = answers(page(line("Khưg tatn Cam Giá, Thái Nguyên", 13.0, 50.4, 60.0)), CHIP_FRONT)
    assert all(p.box.left >= 26 * MM or p.box.right <= 28 * MM for p in soft.pieces)


def test_the_unreadable_rest_of_a_label_is_no_value() -> None:
    three = page().lines
    half = line("Nơi thường trú", 27.0, 47.6, 39.0)
    rest = line("/ Pucf rwedne: Tổ 14, Hoàng", 39.5, 47.6, 75.0)
    found = answers(make_page(page().grey, (*three[:2], half, rest)), CHIP_FRONT)
    assert owners(found)["Tổ 14, Hoàng"] == "place_of_residence"


def test_a_digit_cut_off_a_date_is_put_back() -> None:
    label = line("Ngày sinh / Date of birth:", 27.0, 34.0, 46.0)
    found = answers(page(label, line("1", 51.0, 34.0, 52.0), line("4/12/1969", 52.0, 34.0, 65.0)), CHIP_FRONT)
    assert owners(found)["14/12/1969"] == "date_of_birth"


def test_a_value_is_found_by_its_place_and_by_its_shape() -> None:
    given = page(
        line("Ngh 5mh: 21/02/1997", 27.0, 34.0, 66.0), line("Gx tnh / Sx: Nữ Qc th: Việt Nam", 27, 37.4, 80)
    )
    found = answers(given, CHIP_FRONT)
    words = words_near(given, CHIP_FRONT, found.found, "sex", re.compile("Nữ"))
    assert [piece.text for piece in words] == ["Nữ"]
    moved = page(line("TRẦN VĂN ĐỨC", 27.0, 30.5, 55.0))
    at = answers(moved, CHIP_FRONT)
    assert [p.text for p in at_usual_place(moved, CHIP_FRONT, at.found, at.pieces, "full_name")] == [
        "TRẦN VĂN ĐỨC"
    ]
    assert at_usual_place(moved, CHIP_FRONT, at.found, at.pieces, "date_of_expiry") == []


def test_the_strip_of_a_value_stands_where_the_card_prints_it() -> None:
    grey = cv2.cvtColor(printed("chip").front, cv2.COLOR_RGB2GRAY)
    given = page()
    strip = usual_strip(given, CHIP_FRONT, answers(given, CHIP_FRONT).found, "date_of_expiry")
    assert strip is not None
    lines = [box for box in find_lines(grey) if abs(box.middle - strip.box.middle) < 20 and box.left < 480]
    assert any(box.left >= strip.box.left - 30 and box.right <= strip.box.right + 30 for box in lines)
