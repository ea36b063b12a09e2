"""The message: that something happened to a verification. No name, number or reason: who may know, asks."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from ekyc.types import Verdict

VERDICTS: dict[Verdict, str] = {
    "accept": "verification.accepted",
    "review": "verification.review",
    "reject": "verification.rejected",
}
EXPIRED = "verification.expired"  # nobody decided in time; the verification and its pictures are gone

MAX_ATTEMPTS = 12  # over about two days
_FIRST_DELAY = timedelta(seconds=5)
_LONGEST_DELAY = timedelta(hours=12)
GIVEN_UP = timedelta(days=5)  # an endpoint that fails for this long is disabled


def decided(verification_id: str, verdict: Verdict, at: datetime) -> str:
    return _body(VERDICTS[verdict], at, {"id": verification_id, "verdict": verdict})


def expired(verification_id: str, at: datetime) -> str:
    return _body(EXPIRED, at, {"id": verification_id})


def delay(attempts: int, chance: float) -> timedelta:
    """Before the next attempt: four times as long as before, half of it left to ``chance`` (0..1)."""
    longest: timedelta = min(_FIRST_DELAY * 4 ** (attempts - 1), _LONGEST_DELAY)
    return longest * (0.5 + chance / 2)


def _body(event: str, at: datetime, data: dict[str, str]) -> str:
    return json.dumps({"type": event, "timestamp": at.isoformat(), "data": data}, separators=(",", ":"))
