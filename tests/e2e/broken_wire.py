"""A bad network between browser and server: a proxy that loses what it is told to lose."""

from __future__ import annotations

import contextlib
import socket
import threading


class BrokenWire:
    """Listens on ``port`` of the loopback address and carries bytes to ``target`` and back."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.sent = 0  # bytes that went up
        self.cuts = 0  # connections that were broken
        self._budget: int | None = None
        self._deaf_to: bytes | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, count: int) -> None:
        """Breaks the connection that carries the ``count``-th byte up from now on, once."""
        self._budget = self.sent + count

    def lose_answer_to(self, start: bytes) -> None:
        """Lets the next request that begins so reach the server, and breaks before its answer comes back."""
        self._deaf_to = start

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                phone, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                lost = threading.Event()
                threading.Thread(target=self._up, args=(phone, server, lost), daemon=True).start()
                threading.Thread(target=self._down, args=(phone, server, lost), daemon=True).start()

    def _up(self, phone: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := phone.recv(8192):
                if self._deaf_to and data.startswith(self._deaf_to):
                    self._deaf_to = None
                    lost.set()
                self.sent += len(data)
                server.sendall(data)
                if self._budget is not None and self.sent >= self._budget:
                    self._budget = None
                    self._cut(phone, server)
        _shut(server)

    def _down(self, phone: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if lost.is_set():
                    self._cut(phone, server)
                    return
                phone.sendall(data)
        _shut(phone)

    def _cut(self, phone: socket.socket, server: socket.socket) -> None:
        self.cuts += 1
        _shut(phone)
        _shut(server)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
