"""Keys too short to sign with (RFC 7518, section 3.3; FAPI 2.0 Security Profile, section 5.4.1)."""

from __future__ import annotations

import jwt

_RSA_BITS = 2048  # the curves offered are all longer than the 224 bits asked of them


def check_length(key: jwt.PyJWK) -> None:
    """Raises ValueError."""
    if key.key_type == "RSA" and key.key.key_size < _RSA_BITS:
        raise ValueError(f"RSA keys have at least {_RSA_BITS} bits")
