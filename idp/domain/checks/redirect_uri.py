"""``redirect_uri`` equals a registered one, character by character (RFC 9700, section 2.1).

The port of a loopback IP literal may differ for native apps (RFC 8252, section 7.3).
"""

from urllib.parse import urlsplit

from idp.domain.checks.context import Context
from idp.domain.errors import UntrustedRequest


def check(context: Context) -> None:
    assert context.client is not None
    asked = context.params.get("redirect_uri")
    if asked is None or "redirect_uri" in context.repeated_names:
        raise UntrustedRequest("invalid_redirect_uri", "redirect_uri is required, once")
    if not any(matches(asked, registered) for registered in context.client.redirect_uris):
        raise UntrustedRequest("invalid_redirect_uri", "redirect_uri is not registered")
    context.redirect_uri = asked


def matches(asked: str, registered: str) -> bool:
    if asked == registered:
        return True
    try:
        a, r = urlsplit(asked), urlsplit(registered)
        port = a.port
    except ValueError:
        return False
    if r.scheme != "http" or r.hostname not in ("127.0.0.1", "::1") or port is None:
        return False
    host = f"[{r.hostname}]" if ":" in r.hostname else r.hostname
    return a.netloc == f"{host}:{port}" and a._replace(netloc="") == r._replace(netloc="")
