"""Posts to addresses that tenants gave: bounded, without redirects, never into our own network."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import httpcore

from ekyc.webhooks.address import is_public

_CONNECT_SECONDS = 4.0  # each address
_SECONDS = 15.0  # from the first packet to the status line


class Outbound:
    """Implements ``usecases.deliver_webhooks.Sender``. Nothing of an answer but its status is read."""

    def __init__(self, *, private: bool) -> None:
        """private: private addresses are connected to as well."""
        self._private = private

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def post(self, url: str, headers: dict[str, str], body: bytes) -> str:
        backend = _Backend(private=self._private, end=time.monotonic() + _SECONDS)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream("POST", url, headers=list(headers.items()), content=body) as answer,
            ):
                return str(answer.status)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            return type(error).__name__
        except (httpcore.UnsupportedProtocol, OSError, ValueError) as error:
            return type(error).__name__


class _Backend(httpcore.NetworkBackend):
    """Resolves itself; the address that was checked is the one connected to: no second look-up changes it."""

    def __init__(self, *, private: bool, end: float) -> None:
        self._inner = httpcore.SyncBackend()
        self._private = private
        self._end = end

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
            seconds = min(_CONNECT_SECONDS, _left(self._end))
            try:
                stream = self._inner.connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _Bounded(stream, self._end)
        raise problem

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("unknown host") from None
        found = [str(row[4][0]) for row in rows]
        # one private address among public ones is a trick: then none of them is used
        if not self._private and not all(is_public(address) for address in found):
            raise httpcore.ConnectError("not a public address")
        return found


class _Bounded(httpcore.NetworkStream):
    """All reads and writes of one call share one deadline, however slowly the bytes come."""

    def __init__(self, inner: httpcore.NetworkStream, end: float) -> None:
        self._inner = inner
        self._end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._end))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._end))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Bounded(self._inner.start_tls(ssl_context, server_hostname, _left(self._end)), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer takes too long")
    return left
