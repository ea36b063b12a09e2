"""Reach ``*.localhost`` at the loopback address, as RFC 6761 section 6.3 says; glibc does not."""

from __future__ import annotations

import ssl

import httpx


class LoopbackTransport(httpx.BaseTransport):
    """Connects to 127.0.0.1, then ::1, and leaves the Host header (and TLS server name) as asked."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._inner = httpx.HTTPTransport(verify=context)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = request.url
        request.extensions = {**request.extensions, "sni_hostname": asked.host}
        try:
            request.url = asked.copy_with(host="127.0.0.1")
            return self._inner.handle_request(request)
        except httpx.ConnectError:
            request.url = asked.copy_with(host="::1")
            return self._inner.handle_request(request)
        finally:
            request.url = asked

    def close(self) -> None:
        self._inner.close()


def loopback_mounts(context: ssl.SSLContext) -> dict[str, httpx.BaseTransport | None]:
    """``mounts`` for httpx: loopback names go straight, everything else as the environment's proxies say.

    context: the client's own, because reading the certificate store takes tens of milliseconds.
    """
    transport = LoopbackTransport(context)
    direct = httpx.HTTPTransport(verify=context)
    return {
        "all://*.localhost": transport,
        "all://localhost": transport,
        "all://127.0.0.1": direct,
        "all://[::1]": direct,
    }
