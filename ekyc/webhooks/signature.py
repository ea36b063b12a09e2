"""Standard Webhooks: ``webhook-id``, ``webhook-timestamp``, ``webhook-signature`` (v1, HMAC-SHA256)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

_PREFIX = "whsec_"


def secret_of(key: bytes, endpoint_id: str, salt: str) -> str:
    """An endpoint's signing secret, ``whsec_`` and 32 bytes in base64: no database holds it."""
    made = hmac.new(key, f"webhook\0{endpoint_id}\0{salt}".encode(), hashlib.sha256).digest()
    return _PREFIX + base64.b64encode(made).decode()


def headers(message_id: str, body: str, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """One signature a secret: while a secret is exchanged, either one verifies."""
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_sign(secret, signed)}" for secret in secrets),
    }


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
