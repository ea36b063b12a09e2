"""Proof Key for Code Exchange, S256 only (RFC 7636)."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from hmac import compare_digest

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")  # section 4.1
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of a SHA-256 digest


def is_challenge(text: str) -> bool:
    return _CHALLENGE.fullmatch(text) is not None


def s256(verifier: str) -> str:
    """The S256 transformation (section 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def verify(verifier: str, challenge: str) -> bool:
    """True when the verifier is well formed and hashes to the challenge (section 4.6).

    Without a challenge there must be no verifier either (RFC 9700, section 4.8.2).
    """
    if not challenge:
        return not verifier
    return _VERIFIER.fullmatch(verifier) is not None and compare_digest(s256(verifier), challenge)
