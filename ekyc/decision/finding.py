"""One check and what it means for the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ekyc.types import Check, Outcome

Weight = Literal["none", "review", "reject"]


@dataclass(frozen=True, slots=True)
class Finding:
    """ "review" and "reject" come with a reason."""

    check: Check
    weight: Weight = "none"
    reason: str = ""


def passed(check: str, detail: str = "") -> Finding:
    return Finding(Check(check, "pass", detail))


def doubt(check: str, reason: str, detail: str = "", outcome: Outcome = "fail") -> Finding:
    """An officer has to look."""
    return Finding(Check(check, outcome, detail), "review", reason)


def reject(check: str, code: str, detail: str = "") -> Finding:
    """code: of ``ekyc.errors``."""
    return Finding(Check(check, "fail", detail), "reject", code)
