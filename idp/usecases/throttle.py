"""Counts attempts before they are carried out; refuses when too many were made in one window."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from idp.domain.errors import PageError
from idp.ports import Transaction
from idp.usecases.services import Services


def attempt(services: Services, tx: Transaction, limits: Mapping[str, int], window: int) -> list[int]:
    """Records one attempt under each key. ``limits``: key -> how many in ``window`` seconds.

    Returns what ``tx.throttle.forgive`` takes when the attempt was right.
    Raises PageError("too_many_attempts").
    """
    now = services.clock()
    records = tx.throttle.attempt(limits, now - window, now)
    if records is None:
        raise PageError("too_many_attempts", status=429, retry_after=window)
    return records


def network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: what one household or office has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
