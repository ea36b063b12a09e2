"""Where a webhook may go: another organisation's server, never into the network this server lives in."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from ekyc.errors import EkycError

MAX_URL = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def require_url(url: str, *, private: bool) -> None:
    """private: http and private addresses are fine too. Raises EkycError webhook_url_refused."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise EkycError("webhook_url_refused", "no URL") from None
    schemes = ("https", "http") if private else ("https",)
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL
    if parts.scheme not in schemes or not host or not plain:
        raise EkycError("webhook_url_refused", "not https" if plain else "no URL")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise EkycError("webhook_url_refused", "credentials or fragment")
    if not private and _is_internal(host):
        raise EkycError("webhook_url_refused", "not public")


def is_public(address: str) -> bool:
    """Is this IP address somebody else's? An IPv4 address wrapped into IPv6 counts as what it wraps."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour
        if wrapped is not None:
            found = wrapped
        elif found in _NAT64 or found.teredo is not None:
            return False
    return found.is_global and not found.is_multicast


def _is_internal(host: str) -> bool:
    """What can be told without asking anybody; the address is checked when it is connected to."""
    try:
        return not is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        name = host.lower().rstrip(".")
        return "." not in name or name.endswith((".localhost", ".local", ".internal", ".home.arpa"))
