"""Resource indicators: which API a token is for (RFC 8707)."""

from __future__ import annotations

from urllib.parse import urlsplit

from idp.domain.errors import OAuthError


def split(parameter: str | None) -> tuple[str, ...]:
    """The URIs of ``resource``. Repeated parameters arrive joined by spaces, which no URI contains."""
    return tuple(dict.fromkeys((parameter or "").split()))


def check(asked: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    """Absolute URIs without fragment that may be asked for. Raises OAuthError("invalid_target")."""
    for uri in asked:
        try:
            absolute = bool(urlsplit(uri).scheme) and "#" not in uri
        except ValueError:
            absolute = False
        if not absolute:
            raise OAuthError("invalid_target", "resource must be an absolute URI without fragment")
        if uri not in allowed:
            raise OAuthError("invalid_target", "the client may not ask for that resource")


def audience(
    asked: tuple[str, ...],
    granted: tuple[str, ...],
    registered: tuple[str, ...],
    issuer: str,
    scope: tuple[str, ...],
) -> tuple[str, ...]:
    """``aud`` of an access token (section 2.2).

    The resources asked for at the token endpoint, or else all that were granted, with the provider itself
    for userinfo. Naming the issuer asks for a userinfo token alone. Raises OAuthError("invalid_target").
    """
    if asked:
        check(asked, (*(granted or registered), issuer))
        return asked
    if granted and "openid" in scope:
        return (*granted, issuer)
    return granted or (issuer,)
