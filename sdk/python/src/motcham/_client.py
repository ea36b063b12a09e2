"""The synchronous client of one provider: metadata, keys, code exchange. Safe to share between threads."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx

from ._config import Settings
from ._flow import (
    HttpRequest,
    Transaction,
    authorization_params,
    authorization_url,
    parse_json,
    parse_pushed_response,
    parse_token_response,
    parse_userinfo,
    pushed_request,
    token_request,
)
from ._jwks import KeyCache
from ._logout_token import Logout, validate_logout_token
from ._loopback import loopback_mounts
from ._metadata import ProviderMetadata, discovery_url, parse_metadata
from ._tokens import PROTOCOL_CLAIMS, Expected, validate_id_token
from .errors import ProviderError, ProviderUnavailable
from .session import Session

_MAX_BODY = 512 * 1024  # bytes; no answer of a provider comes near
_METADATA_LIFETIME = 3600.0
# claims of the ID token that say how the sign-in went; the app may want them
_KEPT = PROTOCOL_CLAIMS & {"iss", "sub", "acr", "amr", "auth_time", "sid"}

_log = logging.getLogger("motcham")


class Provider:
    """Talks to the provider named in ``settings``. Nothing is fetched before the first use."""

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: float = 5.0,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._timeout = timeout
        self._transport = transport
        self._clock = clock
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None
        self._metadata: ProviderMetadata | None = None
        self._metadata_until = 0.0
        self._keys = KeyCache(self._fetch_keys)

    def metadata(self) -> ProviderMetadata:
        """The checked discovery document, at most an hour old unless the provider is away."""
        known = self._metadata
        if known is not None and time.monotonic() < self._metadata_until:
            return known
        try:
            status, body = self._send(HttpRequest(discovery_url(self._settings.issuer)))
            if status != 200:
                raise ProviderError("metadata_invalid", f"discovery: HTTP {status}")
            fresh = parse_metadata(self._settings.issuer, parse_json(body))
        except ProviderError as error:
            if known is None:
                raise
            _log.warning("provider metadata kept past its time: %s", error)
            return known
        self._metadata, self._metadata_until = fresh, time.monotonic() + _METADATA_LIFETIME
        return fresh

    def authorization_url(self, redirect_uri: str, transaction: Transaction) -> str:
        """Where to send the browser; the request goes ahead of it where the provider offers that.

        Raises ProviderError.
        """
        settings, metadata = self._settings, self.metadata()
        params = authorization_params(settings.client_id, redirect_uri, settings.scope, transaction)
        if metadata.pushed_endpoint is not None:
            request = pushed_request(
                metadata.pushed_endpoint, settings.client_id, settings.client_secret, params
            )
            request_uri = parse_pushed_response(*self._send(request))
            params = {"client_id": settings.client_id, "request_uri": request_uri}
        return authorization_url(metadata, params)

    def finish(self, code: str, redirect_uri: str, transaction: Transaction) -> Session:
        """Redeem ``code``, validate the ID token, ask userinfo. Raises ProviderError, TokenInvalid."""
        settings, metadata = self._settings, self.metadata()
        request = token_request(
            metadata, settings.client_id, settings.client_secret, redirect_uri, code, transaction
        )
        tokens = parse_token_response(*self._send(request))
        now = self._clock()
        expected = Expected(
            issuer=metadata.issuer,
            client_id=settings.client_id,
            nonce=transaction.nonce,
            algorithms=metadata.id_token_algorithms,
            access_token=tokens.access_token,
            max_age=transaction.max_age,
        )
        claims = validate_id_token(tokens.id_token, expected, self._keys.keys, now)
        asked = dict.fromkeys(("openid", *settings.scope, *transaction.scope))
        return Session(
            claims=self._merged(claims, metadata, tokens.access_token),
            scope=tuple(asked) if tokens.scope is None else tokens.scope,
            id_token=tokens.id_token,
            created=int(now),
            expires=int(now) + settings.session_seconds,
        )

    def read_logout_token(self, token: str) -> Logout:
        """Whose sessions end (Back-Channel Logout 1.0). Raises ProviderError, TokenInvalid."""
        metadata = self.metadata()
        return validate_logout_token(
            token,
            issuer=metadata.issuer,
            client_id=self._settings.client_id,
            algorithms=metadata.id_token_algorithms,
            keys=self._keys.keys,
            now=self._clock(),
        )

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        with self._lock:
            http, self._http = self._http, None
        if http is not None:
            http.close()

    def _merged(
        self, claims: dict[str, Any], metadata: ProviderMetadata, access_token: str
    ) -> dict[str, Any]:
        info: dict[str, Any] = {}
        if metadata.userinfo_endpoint:
            headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
            answer = self._send(HttpRequest(metadata.userinfo_endpoint, headers))
            info = parse_userinfo(*answer, subject=claims["sub"])
        about_citizen = {k: v for k, v in (claims | info).items() if k not in PROTOCOL_CLAIMS}
        return {k: claims[k] for k in claims if k in _KEPT} | about_citizen

    def _fetch_keys(self) -> object:
        status, body = self._send(HttpRequest(self.metadata().jwks_uri))
        document = parse_json(body)
        if status != 200 or not isinstance(document, dict):
            raise ProviderError("jwks_invalid", f"jwks_uri: HTTP {status}, or no JSON object")
        return document

    def _send(self, request: HttpRequest) -> tuple[int, bytes]:
        """Status and body. ProviderUnavailable on no connection, time-out or 5xx; never follows redirects."""
        method = "GET" if request.form is None else "POST"
        try:
            with self._client().stream(
                method, request.url, headers=request.headers, data=request.form
            ) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > _MAX_BODY:
                        raise ProviderError("provider_answer_too_large", f"over {_MAX_BODY} bytes")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderUnavailable(
                "provider_unavailable", f"{type(error).__name__} on {method}"
            ) from error
        if response.status_code >= 500:
            raise ProviderUnavailable("provider_unavailable", f"HTTP {response.status_code} on {method}")
        return response.status_code, body

    def _client(self) -> httpx.Client:
        with self._lock:
            if self._http is None:
                context = httpx.create_ssl_context()
                self._http = httpx.Client(
                    verify=context,
                    transport=self._transport,
                    mounts=None if self._transport else loopback_mounts(context),
                    timeout=self._timeout,
                )
            return self._http
