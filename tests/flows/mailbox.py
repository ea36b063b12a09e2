"""A real SMTP server on loopback that keeps what it is given (RFC 5321, what smtplib needs of it)."""

from __future__ import annotations

import socketserver
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """``refuse``: answers the recipient with this line instead of taking the message."""

    port: int = 0
    refuse: str = ""
    logins: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)


@contextmanager
def receiving_mail() -> Iterator[Mailbox]:
    mailbox = Mailbox()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mailbox.localhost")
            while line := self.rfile.readline():
                verb = line.split()[0].upper() if line.split() else b""
                if verb == b"DATA":
                    self._say("354 go on")
                    self._take()
                elif verb == b"EHLO":
                    self._say("250-mailbox.localhost")
                    self._say("250 AUTH PLAIN")
                elif verb == b"AUTH":
                    mailbox.logins.append(b64decode(line.split()[2]).decode())
                    self._say("235 welcome")
                elif verb == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say(
                        mailbox.refuse if verb == b"RCPT" and mailbox.refuse else "250 mailbox.localhost"
                    )

        def _take(self) -> None:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line[1:] if line.startswith(b"..") else line)
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            mailbox.mails.append(mail)
            self._say("250 taken")

        def _say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
    server.daemon_threads = True
    mailbox.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield mailbox
    server.shutdown()
    server.server_close()
    thread.join()
