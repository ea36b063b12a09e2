"""The app's settings, from arguments or the environment, checked before anything starts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ._urls import is_web_origin_url
from .errors import ConfigurationError

_MIN_COOKIE_SECRET = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings. client_secret: None for a public client. base_url: without final slash, or None."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    cookie_secret: str = field(repr=False)
    scope: tuple[str, ...]
    base_url: str | None
    session_seconds: int

    @property
    def cookie_name(self) -> str:
        """Differs by client: browsers share cookies between the ports of a host (RFC 6265, 8.5)."""
        return "motcham-" + hashlib.sha256(self.client_id.encode()).hexdigest()[:8]

    @property
    def path(self) -> str:
        """Path under which the app is published, "" for the root."""
        return urlsplit(self.base_url).path if self.base_url else ""


def load_settings(
    *,
    issuer: str | None,
    client_id: str | None,
    client_secret: str | None,
    public: bool,
    cookie_secret: str | None,
    scope: str,
    base_url: str | None,
    session_seconds: int,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Arguments win over ``MOTCHAM_*`` variables. Raises ConfigurationError naming what is missing."""
    env = os.environ if environ is None else environ
    issuer = issuer or _required(
        env, "MOTCHAM_ISSUER", "the provider's address, e.g. https://id.example.gov.vn"
    )
    if not is_web_origin_url(issuer, allow_query=False):
        raise ConfigurationError(
            "issuer_invalid", "MOTCHAM_ISSUER must be an https address (http only on localhost)"
        )
    client_id = client_id or _required(env, "MOTCHAM_CLIENT_ID", "the identifier of the registered app")
    if not public:
        client_secret = client_secret or _required(
            env, "MOTCHAM_CLIENT_SECRET", "the app's secret; a public client says MotCham(app, public=True)"
        )
    base_url = base_url or env.get("MOTCHAM_BASE_URL") or None
    if base_url is not None and not is_web_origin_url(base_url, allow_query=False):
        raise ConfigurationError(
            "base_url_invalid", "MOTCHAM_BASE_URL must be an https address (http only on localhost)"
        )
    return Settings(
        issuer=issuer,
        client_id=client_id,
        client_secret=None if public else client_secret,
        cookie_secret=_cookie_secret(cookie_secret or env.get("MOTCHAM_COOKIE_SECRET"), client_secret),
        scope=tuple(scope.split()),
        base_url=base_url.rstrip("/") if base_url else None,
        session_seconds=session_seconds,
    )


def _required(env: Mapping[str, str], name: str, meaning: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise ConfigurationError("setting_missing", f"{name} is not set: {meaning}")
    return value


def _cookie_secret(given: str | None, client_secret: str | None) -> str:
    if given is not None and len(given) < _MIN_COOKIE_SECRET:
        raise ConfigurationError(
            "cookie_secret_short", f"MOTCHAM_COOKIE_SECRET needs at least {_MIN_COOKIE_SECRET} characters"
        )
    secret = given or client_secret
    if not secret:
        raise ConfigurationError(
            "setting_missing", "MOTCHAM_COOKIE_SECRET is not set: a public client needs it"
        )
    return secret
