"""Two citizens, their printed cards and photos of them, made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from ekyc.registry.person import Card, Person
from ekyc.specimen.photograph import Level, photograph
from ekyc.specimen.printer import PrintedCard, print_card
from ekyc.specimen.samples import sample_citizens

Pixels = NDArray[np.uint8]
Photo = Callable[..., bytes]

CHIP = Person(
    number="019304000127",
    full_name="Nguyễn Thị Mai Đào",
    date_of_birth=date(2004, 3, 15),
    sex="female",
    nationality="Việt Nam",
    place_of_origin="Hóa Thượng, Đồng Hỷ, Thái Nguyên",
    place_of_birth="Hóa Thượng, Đồng Hỷ, Thái Nguyên",
    place_of_residence="Tổ 5, Phan Đình Phùng, Thành phố Thái Nguyên, Thái Nguyên",
    card=Card("cccd_chip", date(2021, 5, 10), date(2029, 3, 15), "valid"),
)
CAN_CUOC = Person(
    number="019065000018",
    full_name="Trần Văn Đức",
    date_of_birth=date(1965, 6, 17),
    sex="male",
    nationality="Việt Nam",
    place_of_origin="Chợ Chu, Định Hóa, Thái Nguyên",
    place_of_birth="Chợ Chu, Định Hóa, Thái Nguyên",
    place_of_residence="Xóm 7, Chợ Chu, Định Hóa, Thái Nguyên",
    card=Card("can_cuoc", date(2025, 2, 3), None, "valid"),
)
PEOPLE = {"chip": CHIP, "can_cuoc": CAN_CUOC}


@cache
def printed(kind: str) -> PrintedCard:
    return print_card(PEOPLE[kind])


@cache
def taken(kind: str, side: Literal["front", "back"], level: Level, seed: int) -> bytes:
    return photograph(getattr(printed(kind), side), level, seed)


@pytest.fixture(scope="session")
def card() -> Callable[[str], PrintedCard]:
    """``card("chip")`` or ``card("can_cuoc")``: both sides as printed."""
    return printed


@pytest.fixture(scope="session")
def photo() -> Photo:
    """``photo(kind, side, level="easy", seed=1)``: JPEG bytes."""

    def take(kind: str, side: Literal["front", "back"], level: Level = "easy", seed: int = 1) -> bytes:
        return taken(kind, side, level, seed)

    return take


@pytest.fixture(scope="session")
def portrait() -> bytes:
    return sample_citizens()[3].portrait()
