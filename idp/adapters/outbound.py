"""Calls to addresses that clients registered: bounded, without redirects, never into our own network."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import httpcore
import httpx

from idp.domain.models import Ping

_TIMEOUT = httpx.Timeout(5, connect=3)
_MAX_SECONDS = 10  # for a whole answer
_MAX_BYTES = 128 * 1024


class _Backend(httpcore.NetworkBackend):
    """Resolves itself: ``*.localhost`` is loopback (RFC 6761, section 6.3), private addresses are refused.

    The address that was checked is the one connected to, so that a second look-up can't change it.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port):
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                problem = error
        raise problem

    def _addresses(self, host: str, port: int) -> list[str]:
        if host == "localhost" or host.endswith(".localhost"):
            found = ["127.0.0.1", "::1"]
        else:
            try:
                rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except OSError:
                raise httpcore.ConnectError("unknown host") from None
            found = [str(row[4][0]) for row in rows]
        allowed = [a for a in found if self._allow_private or ipaddress.ip_address(a.split("%")[0]).is_global]
        if not allowed:
            raise httpcore.ConnectError("the address is not public")
        return allowed


class Outbound:
    """Implements ``ports.LogoutSender``, ``ports.ciba.PingSender`` and ``ports.Fetcher``."""

    def __init__(self, *, allow_private: bool) -> None:
        """``allow_private``: for installations that themselves live on a loopback or private network."""
        self._allow_private = allow_private

    @cached_property
    def _http(self) -> httpx.Client:
        context = ssl.create_default_context()
        transport = httpx.HTTPTransport(verify=context)
        transport._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=20,
            network_backend=_Backend(allow_private=self._allow_private),
        )
        return httpx.Client(transport=transport, timeout=_TIMEOUT, follow_redirects=False, trust_env=False)

    def send(self, uri: str, logout_token: str) -> str:
        """Back-Channel Logout 1.0, section 2.5."""
        return self._post(uri, data={"logout_token": logout_token})

    def ping(self, uri: str, ping: Ping) -> str:
        """CIBA, section 10.2."""
        bearer = {"Authorization": f"Bearer {ping.token}"}
        return self._post(uri, json={"auth_req_id": ping.auth_req_id}, headers=bearer)

    def _post(self, uri: str, **request: Any) -> str:
        try:
            status, _ = self._call("POST", uri, **request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__
        return str(status)

    def fetch(self, uri: str, *, accept: str = "application/json") -> bytes:
        """The body of a 200 answer. Raises ValueError for anything else."""
        try:
            status, body = self._call("GET", uri, headers={"Accept": accept})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ValueError(type(error).__name__) from None
        if status != 200:
            raise ValueError(f"status {status}")
        return body

    def _call(self, method: str, uri: str, **request: Any) -> tuple[int, bytes]:
        end, body = time.monotonic() + _MAX_SECONDS, b""
        with self._http.stream(method, uri, **request) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise httpx.DecodingError("the answer is too long")
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("the answer takes too long")
            return response.status_code, body
