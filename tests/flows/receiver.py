"""A real HTTP server on loopback that records what reaches it and answers as told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass
class Receiver:
    """``statuses`` are used up one a request, the last one stays; ``documents`` answers GET by path."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [200])
    documents: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[tuple[dict[str, str], bytes]] = field(default_factory=list)  # headers in lower case
    delay: float = 0.0

    def url(self, path: str, host: str = "app.localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    def tokens(self) -> list[str]:
        return [form["logout_token"] for _, _, form in self.requests if "logout_token" in form]


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            body = self.rfile.read(length)
            receiver.bodies.append(({name.lower(): value for name, value in self.headers.items()}, body))
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            receiver.requests.append((self.headers["host"], self.path, form))
            time.sleep(receiver.delay)
            status = receiver.statuses.pop(0) if len(receiver.statuses) > 1 else receiver.statuses[0]
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", receiver.url("/elsewhere"))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            body = receiver.documents.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()
    thread.join()
