"""Every case has a test under its number, or a sentence that says why a camera alone cannot see it."""

from __future__ import annotations

import re

from tests.fraud.cases import CASES
from tests.fraud.table import BEGIN, END, HERE, PAGE


def test_every_case_is_tried_or_explained() -> None:
    assert list(CASES) == list(range(1, 37))
    code = "\n".join(file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py"))
    tried = {int(number) for number in re.findall(r"^def test_(\d\d)_", code, re.MULTILINE)}
    assert tried <= set(CASES)
    assert {number for number, case in CASES.items() if not case.beyond} <= tried


def test_the_page_has_every_case_and_none_failed() -> None:
    table = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    for number, case in CASES.items():
        assert f"| {number} | {case.name} | {case.expected} |" in table
    assert "**failed**" not in table
