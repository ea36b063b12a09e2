"""Which web origins belong to apps that run in a browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from idp.usecases.services import Services


def is_browser_origin(services: Services, origin: str) -> bool:
    """Whether a public client has a redirect URI on ``origin`` (RFC 6454, section 6.2)."""
    with services.store.read() as tx:
        return origin in {_origin(uri) for uri in tx.clients.public_redirect_uris()}


def _origin(uri: str) -> str | None:
    """Browsers leave out the default port; an app's own URI scheme has no origin."""
    parts = urlsplit(uri)
    default = {"https": 443, "http": 80}
    if parts.scheme not in default:
        return None
    port = "" if parts.port in (None, default[parts.scheme]) else f":{parts.port}"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
