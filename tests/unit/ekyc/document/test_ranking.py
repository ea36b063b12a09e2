"""Lists rank what the picture leaves open; they never overrule what it shows."""

from __future__ import annotations

from ekyc.document.ranking import address_cost, name_cost, settle
from ekyc.reader.recogniser import Line


def row(text: str, *others: tuple[str, float], sure: float = 0.5) -> tuple[Line, list[tuple[str, float]]]:
    """What the picture says (score 0), and other readings with theirs."""
    return Line(text, sure, (sure,) * len(text)), [(text, 0.0), *others]


def test_a_family_name_wins_over_a_like_word_when_the_picture_is_in_doubt() -> None:
    value, raw, sure = settle([row("NGUYÊN VĂN AN", ("NGUYỄN VĂN AN", -1.0), sure=0.9)], name_cost)
    assert (value, raw) == ("NGUYỄN VĂN AN", "NGUYÊN VĂN AN")
    assert sure <= 0.6


def test_a_clear_picture_keeps_a_name_that_no_list_has() -> None:
    rare = settle([row("NGUYÊN VĂN AN", ("NGUYỄN VĂN AN", -6.0), sure=0.97)], name_cost)
    assert rare == ("NGUYÊN VĂN AN", "NGUYÊN VĂN AN", 0.97)


def test_an_address_is_settled_over_all_its_rows() -> None:
    rows = [row("Xóm 3, La Bằng, Đạ Từ, Thái", ("Xóm 3, La Bằng, Đại Từ, Thái", -1.5)), row("Nguyên")]
    value, raw, _ = settle(rows, address_cost)
    assert value == "Xóm 3, La Bằng, Đại Từ, Thái Nguyên"
    assert raw == "Xóm 3, La Bằng, Đạ Từ, Thái Nguyên"


def test_a_place_in_no_list_stays_when_nothing_listed_is_like_it() -> None:
    rows = [row("Thôn Khuổi Xyz, Hà Nội", ("Thôn Khuổi Xyy, Hà Nội", -0.5), sure=0.9)]
    assert settle(rows, address_cost)[0] == "Thôn Khuổi Xyz, Hà Nội"
