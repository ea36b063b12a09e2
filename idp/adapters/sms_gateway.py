"""SMS through an HTTP gateway of the operator's choice."""

from __future__ import annotations

import httpx

from idp.domain.contact import Message
from idp.domain.errors import MessageNotSent

_TIMEOUT = httpx.Timeout(10, connect=3)


class SmsGateway:
    """Implements ``ports.Messenger``: POST {"to", "text"} with a bearer token; any 2xx means taken."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    def send(self, message: Message) -> None:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        body = {"to": message.to, "text": message.text}
        try:
            status = httpx.post(
                self._url, json=body, headers=headers, timeout=_TIMEOUT, trust_env=False
            ).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise MessageNotSent(type(error).__name__) from None
        if not 200 <= status < 300:
            raise MessageNotSent(f"status {status}")
