"""Reach ``*.localhost`` at the loopback address, as RFC 6761 section 6.3 says; glibc does not."""

from __future__ import annotations

import httpx


class LoopbackTransport(httpx.BaseTransport):
    """Connects to 127.0.0.1, then ::1, and leaves the Host header (and TLS server name) as asked."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()

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


def loopback_mounts() -> dict[str, httpx.BaseTransport | None]:
    """``mounts`` for httpx: loopback names go straight, everything else as the environment's proxies say."""
    transport = LoopbackTransport()
    direct = httpx.HTTPTransport()
    return {
        "all://*.localhost": transport,
        "all://localhost": transport,
        "all://127.0.0.1": direct,
        "all://[::1]": direct,
    }
