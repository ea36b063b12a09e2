"""Sends bytes to the application as a server would hand them over: nothing is tidied up on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, unquote

Pairs = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Wire:
    """One event loop for every request, as one process has it; in a thread, since browsers of other tests
    keep a loop running in the main one."""

    def __init__(self, app: Any, host: str) -> None:
        self._app = app
        self._host = host.encode()
        self._thread = ThreadPoolExecutor(1)
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._thread.shutdown()
        self._loop.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: bytes = b"",
        headers: Pairs = (),
        body: bytes = b"",
        address: str = "192.0.2.9",
    ) -> Reply:
        """``path`` percent-encoded, as on the wire."""
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query,
            "headers": [
                (b"host", self._host),
                (b"content-length", str(len(body)).encode()),
                *((name.lower(), value) for name, value in headers),
            ],
            "client": (address, 50000),
            "server": (self._host.decode(), 80),
        }
        exchange = self._exchange(scope, body)
        return self._thread.submit(self._loop.run_until_complete, exchange).result()

    async def _exchange(self, scope: dict[str, Any], body: bytes) -> Reply:
        sent: list[dict[str, Any]] = []
        incoming = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return incoming.pop() if incoming else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        start = next(message for message in sent if message["type"] == "http.response.start")
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
        return Reply(start["status"], headers, b"".join(message.get("body", b"") for message in sent))


FORM = (b"content-type", b"application/x-www-form-urlencoded")


def encoded(pairs: Pairs) -> bytes:
    """Percent-encoded, whatever the bytes are."""
    return b"&".join(
        quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode() for name, value in pairs
    )
