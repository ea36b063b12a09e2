"""Failed face steps are counted by the number on the card: starting over does not reset the count."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from ekyc.types import Side, SideReading
from ekyc.usecases.parts import Parts


def note_failure(parts: Parts, sides: Mapping[Side, SideReading]) -> None:
    """Remember that a face step failed for the number on the card, where a card was shown."""
    digest = _number_digest(parts, sides)
    if digest:
        parts.store.note_failure(digest, parts.clock())


def recent_failures(parts: Parts, sides: Mapping[Side, SideReading]) -> int:
    """How many of these there were lately, in whatever verification."""
    digest = _number_digest(parts, sides)
    since = parts.clock() - parts.policy.retention.failures
    return parts.store.failures_since(digest, since) if digest else 0


def _number_digest(parts: Parts, sides: Mapping[Side, SideReading]) -> str | None:
    if not sides:
        return None
    number = parts.fuse(sides).fields["number"].value
    return hmac.new(parts.key, number.encode(), hashlib.sha256).hexdigest() if number else None
