"""A small HTTP/1.1 client: one kept connection, one answer at a time, so that the generator costs little."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes


class Connection:
    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, path: str, form: dict[str, str] | None = None, *, auth: str = "", cookies: str = ""
    ) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        body = urlencode(form).encode() if form is not None else b""
        lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        lines += [f"Authorization: {auth}"] if auth else []
        lines += [f"Cookie: {cookies}"] if cookies else []
        if form is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [tuple(line.split(": ", 1)) for line in head[1:] if line]
        headers = {name.lower(): value for name, value in pairs}
        set_cookies = [value.split(";")[0] for name, value in pairs if name.lower() == "set-cookie"]
        content = await self._content(reader, headers, int(head[0].split()[1]))
        if headers.get("connection", "").lower() == "close":
            self.close()
        new = dict(cookie.split("=", 1) for cookie in set_cookies)
        return Answer(int(head[0].split()[1]), headers, new, content)

    async def _content(self, reader: asyncio.StreamReader, headers: dict[str, str], status: int) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            content = b""
            while size := int(await reader.readline(), 16):
                content += (await reader.readexactly(size + 2))[:-2]
            await reader.readline()
            return content
        return await reader.readexactly(int(headers.get("content-length", "0"))) if status != 304 else b""

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
