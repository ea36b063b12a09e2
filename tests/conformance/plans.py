"""The plans of ``plans.toml``: which module is which test, and what the page must show."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "conformance.md"
BEGIN, END = "<!-- begin: python -m tests.conformance.table -->", "<!-- end -->"


@dataclass(frozen=True)
class Plan:
    """``modules`` without the ``prefix`` that a plan's names have in common."""

    id: str
    name: str
    file: str
    modules: list[str]
    prefix: str = ""
    not_applicable: dict[str, str] = field(default_factory=dict)

    def tests(self, module: str) -> tuple[str, str]:
        """The names that a module's test may have, with and without the prefix."""
        return _test_name(self.prefix + module), _test_name(module)


def plans() -> list[Plan]:
    document: dict[str, Any] = tomllib.loads((HERE / "plans.toml").read_text(encoding="utf-8"))
    return [Plan(**plan) for plan in document["plan"]]


def shown(page: str) -> list[tuple[str, str]]:
    """(plan, module) of every row in the page's table."""
    return list(_rows(page.partition(BEGIN)[2].partition(END)[0].splitlines()))


def _rows(lines: list[str]) -> Iterator[tuple[str, str]]:
    plan = ""
    for line in lines:
        if heading := re.fullmatch(r"### .*`(.+)`", line):
            plan = heading[1]
        elif row := re.match(r"\| `(.+?)` \|", line):
            yield plan, row[1]


def _test_name(module: str) -> str:
    return "test_" + re.sub(r"[^a-z0-9]+", "_", module.lower())
