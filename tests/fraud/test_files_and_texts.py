"""Inside the upload and the code: cases 27 to 30."""

from __future__ import annotations

import unicodedata

import pytest

from ekyc.document.checks import agreement
from ekyc.document.qr import parse_payload
from ekyc.types import Field
from tests.fraud.conftest import Said
from tests.hostile.test_bad_pictures import BAD, code_of
from tests.hostile.test_card_texts import INJECTION

BOMBS = sorted(name for name in BAD if name.startswith("bomb"))


@pytest.mark.parametrize("name", BOMBS)
def test_27_decompression_bombs(name: str, said: Said) -> None:
    assert code_of(BAD[name][0]) == BAD[name][1]
    said("reject", "image_too_large")


@pytest.mark.parametrize("name", sorted(set(BAD) - set(BOMBS)))
def test_28_files_that_are_no_photo(name: str, said: Said) -> None:
    assert code_of(BAD[name][0]) == BAD[name][1]
    said("reject", "image_not_supported")


@pytest.mark.parametrize("text", INJECTION, ids=range(len(INJECTION)))
def test_29_text_that_attacks_is_text(text: str, said: Said) -> None:
    payload = parse_payload(f"019304000127||Nguyễn Thị {text}|15032004|Nữ|{text}Tổ 5|10052021")
    if payload is not None:
        for field in payload.fields().values():
            value = field.value or ""
            assert value.isprintable()
            assert not set(value) & set('<>{}|"`=')
    said("accept", "")


def test_30_one_name_in_many_codings(said: Said) -> None:
    name = "Đặng Thị Thùy Đào"
    codings = [
        unicodedata.normalize("NFD", name),
        unicodedata.normalize("NFC", name),
        name.replace("Đ", "\u00d0"),
        name.replace("Đ", "\u0189"),
        name.replace(" ", "\u00a0\u200b "),
    ]
    for coded in codings:
        payload = parse_payload(f"019304000127||{coded}|15032004|Nữ|Tổ 5|10052021")
        assert payload is not None
        assert payload.full_name == name
        sources = {"qr": payload.fields(), "print": {"full_name": Field(name.upper(), "print", 0.99)}}
        assert agreement("full_name", sources).outcome == "pass"
    said("accept", "")
