"""What a signed request object must hold (FAPI 2.0 Message Signing, section 5.3.1)."""

from __future__ import annotations

from typing import Any

_HOUR = 3600  # seconds


def check(claims: dict[str, Any], *, issuer: str, now: int) -> None:
    """``aud`` is or holds the issuer; ``nbf`` is at most an hour old; ``exp`` at most an hour after it.

    Raises ValueError. That ``nbf`` and ``exp`` are not violated was checked with the signature.
    """
    audience, start, end = claims.get("aud"), claims.get("nbf"), claims.get("exp")
    if issuer not in (audience if isinstance(audience, list) else [audience]):
        raise ValueError("aud must be the issuer")
    if not isinstance(start, int | float) or start < now - _HOUR:
        raise ValueError("nbf is required and at most 60 minutes old")
    if not isinstance(end, int | float) or end > start + _HOUR:
        raise ValueError("exp is required and at most 60 minutes after nbf")
