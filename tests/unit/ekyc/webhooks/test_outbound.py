"""Posting to somebody's server: what is sent, and what a hostile one can't do."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ekyc import outbound
from ekyc.outbound import Outbound


@contextmanager
def server(answer: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A plain TCP server; its address as a URL and what it received."""
    received: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            request = self.request.recv(65536)
            received.append(request)
            answer(self.request, request)

    class Threaded(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Threaded(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/hook", received
        listening.shutdown()


def say(text: bytes) -> Callable[[socket.socket, bytes], None]:
    return lambda connection, _: connection.sendall(text)


def post(url: str, *, private: bool = True) -> str:
    return Outbound(private=private).post(url, {"content-type": "application/json", "webhook-id": "m"}, b"{}")


def test_a_post_and_its_status() -> None:
    with server(say(b"HTTP/1.1 204 No Content\r\n\r\n")) as (url, received):
        assert post(url) == "204"
    assert received[0].startswith(b"POST /hook HTTP/1.1\r\n")
    assert b"webhook-id: m\r\n" in received[0]


def test_attack_a_redirect_leads_nowhere() -> None:
    with server(say(b"HTTP/1.1 204 No Content\r\n\r\n")) as (inside, reached):
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {inside}\r\nContent-Length: 0\r\n\r\n".encode()
        with server(say(moved)) as (url, _):
            assert post(url) == "307"
        assert reached == []


def test_attack_a_name_that_points_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(say(b"HTTP/1.1 200 OK\r\n\r\n")) as (url, reached):
        port = int(url.rsplit(":", 1)[1].split("/")[0])
        for answers in (["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]):
            rows = [(0, 0, 0, "", (address, port)) for address in answers]
            monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *a, rows=rows, **k: rows)
            assert post(f"http://app.example.vn:{port}/hook", private=False) == "ConnectError"
        assert reached == []


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look-up, which might answer differently, is never made."""
    looked_up: list[Any] = []
    with server(say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as (url, reached):
        port = int(url.rsplit(":", 1)[1].split("/")[0])
        real = socket.getaddrinfo

        def resolve(host: str, *rest: Any, **more: Any) -> Any:
            looked_up.append(host)
            return real("127.0.0.1" if host == "app.example.vn" else host, *rest, **more)

        monkeypatch.setattr(outbound.socket, "getaddrinfo", resolve)
        assert post(f"http://app.example.vn:{port}/hook") == "200"
        assert f"Host: app.example.vn:{port}".lower().encode() in reached[0].lower()
    assert looked_up.count("app.example.vn") == 1


def test_attack_an_answer_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "_SECONDS", 0.4)

    def drip(connection: socket.socket, _: bytes) -> None:
        try:
            for _ in range(100):
                connection.sendall(b"X")
                time.sleep(0.05)
        except OSError:
            pass

    def flood(connection: socket.socket, _: bytes) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(b"X-Filler: " + b"y" * 5000 + b"\r\n")
        except OSError:
            pass

    for answer, expected in ((drip, "ReadTimeout"), (flood, "RemoteProtocolError")):
        with server(answer) as (url, _):
            assert post(url) == expected


def test_only_the_status_of_an_endless_body_is_read() -> None:
    sent = 0

    def pour(connection: socket.socket, _: bytes) -> None:
        nonlocal sent
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
            while True:
                sent += connection.send(b"x" * 65536)
        except OSError:
            pass

    with server(pour) as (url, _):
        assert post(url) == "200"
        time.sleep(0.05)
    assert sent < 50_000_000


@pytest.mark.parametrize(
    ("url", "result"),
    [
        ("http://127.0.0.1:1/", "ConnectError"),
        ("http://no-such-host.invalid/", "ConnectError"),
        ("ftp://127.0.0.1/", "UnsupportedProtocol"),
        ("http://" + "a" * 70 + ".vn/", "ConnectError"),
    ],
)
def test_what_went_wrong_is_named(url: str, result: str) -> None:
    assert post(url) == result


def test_not_http_and_not_tls() -> None:
    with server(say(b"SSH-2.0-OpenSSH\r\n")) as (url, _):
        assert post(url) == "RemoteProtocolError"
        assert post(url.replace("http:", "https:")) in ("ConnectError", "ReadError")
