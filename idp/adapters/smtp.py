"""E-mail by SMTP (RFC 5321), always encrypted on its way unless the server is on this machine."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import unquote, urlsplit

from idp.domain.contact import Message
from idp.domain.errors import MessageNotSent
from idp.domain.registration.uris import is_loopback

_SECONDS = 20  # for each step of the conversation


class SmtpMessenger:
    """Implements ``ports.Messenger``."""

    def __init__(self, url: str, sender: str) -> None:
        """``url``: ``smtps://`` (port 465), or ``smtp://`` (587) with STARTTLS. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender:
            raise ValueError("smtp_url is smtp://host or smtps://host, email_from an address")
        self._host, self._implicit = parts.hostname, parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit else 587)
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._sender = sender
        if self._login and not "".join(self._login).isascii():
            raise ValueError("smtp_url: smtplib signs in with ASCII only")

    def send(self, message: Message) -> None:
        import smtplib  # with email.*, needed by the worker only
        from email.message import EmailMessage

        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, message.to, message.subject
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notices back
        mail.set_content(message.text)
        tls = ssl.create_default_context()
        at: dict[str, Any] = {"host": self._host, "port": self._port, "timeout": _SECONDS}
        try:
            with smtplib.SMTP_SSL(**at, context=tls) if self._implicit else smtplib.SMTP(**at) as server:
                if not self._implicit and not is_loopback(self._host):
                    server.starttls(context=tls)
                if self._login:
                    server.login(*self._login)
                server.send_message(mail)
        except (smtplib.SMTPException, OSError) as error:
            raise MessageNotSent(type(error).__name__) from None
