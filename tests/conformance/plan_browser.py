"""The browser of the OpenID Connect plans, which send no PKCE but in the module about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx

from tests.flows.conftest import REDIRECT, Browser, Provider
from tests.flows.test_response_modes import form_of


class PlanBrowser(Browser):
    """``mode``: the ``response_mode`` of every request."""

    def __init__(self, provider: Provider, mode: str | None = None) -> None:
        super().__init__(provider)
        self.mode = mode

    def params(self, **changes: str | None) -> dict[str, str]:
        without: dict[str, str | None] = {"code_challenge": None, "code_challenge_method": None}
        return super().params(**(without | {"response_mode": self.mode} | changes))

    def authorize(self, **changes: str | None) -> httpx.Response:
        return self.landed(super().authorize(**changes))

    def submit(self, path: str, **data: str) -> httpx.Response:
        return self.landed(super().submit(path, **data))

    def exchange(self, code: str, /, **changes: Any) -> httpx.Response:
        return super().exchange(code, **({"code_verifier": None} | changes))

    def inside(self, client_id: str, **changes: str | None) -> dict[str, str]:
        """The parameters of a request object."""
        return self.params(client_id=client_id, scope="openid", state="inside", **changes)

    def send(self, **params: str) -> httpx.Response:
        """An authorization request of exactly these parameters."""
        return self.landed(self.http.get("/authorize?" + urlencode(params)))

    def landed(self, answer: httpx.Response) -> httpx.Response:
        """A form_post answer as the redirect that it stands for, so that one test reads both."""
        target = answer.headers.get("location", "")
        assert self.mode is None or not target.startswith(REDIRECT), "the answer ignores response_mode"
        if target.endswith("/respond"):
            answer = self.http.get(target)
        if 'id="form-post"' not in answer.text:
            return answer
        assert self.mode == "form_post"
        action, fields = form_of(answer)
        joint = "&" if "?" in action else "?"
        return httpx.Response(303, headers={"location": action + joint + urlencode(fields)})
