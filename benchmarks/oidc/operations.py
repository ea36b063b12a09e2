"""The operations, the same for each server. A wrong answer ends the benchmark."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

from benchmarks.oidc.http1 import Answer, Connection, basic
from benchmarks.oidc.targets import Target

Operation = Callable[[Connection], Awaitable[None]]

REDIRECT = "https://app.example/cb"
SECRET = "secret-of-the-benchmark"
_CSRF = re.compile(rb'name="csrf" value="([^"]+)"')


class Operations:
    def __init__(self, target: Target) -> None:
        self._paths = target.paths
        self._ready = target.ready
        self._refresh = str(target.ready.get("refresh"))
        self._visits = count()

    def single(self) -> dict[str, Operation]:
        """One request each."""
        own = {"grant_type": "client_credentials"}
        known = {"token": str(self._ready["access"])}
        bearer = f"Bearer {self._ready['access']}"
        paths = self._paths

        def get(path: str, auth: str = "") -> Operation:
            return lambda c: _good(c.ask(path, auth=auth))

        def post(path: str, form: dict[str, str], client: str) -> Operation:
            return lambda c: _good(c.ask(path, form, auth=self._basic(client)))

        return {
            "discovery": get(paths["discovery"]),
            "JWKS": get(paths["jwks"]),
            "client_credentials, opaque": post(paths["token"], own, "opaque"),
            "client_credentials, JWT ES256": post(paths["token"], own, "es256"),
            "client_credentials, JWT RS256": post(paths["token"], own, "rs256"),
            "userinfo": get(paths["userinfo"], bearer),
            "introspection": post(paths["introspection"], known, "opaque"),
            "refresh with rotation": self._rotate,
        }

    async def _rotate(self, connection: Connection) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh}
        answer = await connection.ask(self._paths["token"], form, auth=self._basic("opaque"))
        self._refresh = json.loads(_ok(answer))["refresh_token"]

    async def login(self, connection: Connection) -> None:
        """Six requests: authorize, page, its form, back to the provider for the code, token, userinfo.

        Where a server needs one fewer, it makes one fewer.
        """
        jar: dict[str, str] = {}
        verifier = secrets.token_urlsafe(32)
        answer = await self._follow(connection, f"{self._paths['authorize']}?{self._request(verifier)}", jar)
        form = {"number": self._number(), "password": str(self._ready.get("password", "x"))}
        if csrf := _CSRF.search(answer.body):
            form["csrf"] = csrf.group(1).decode()
        answer = await self._follow(connection, jar["_at"], jar, form)
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        exchange = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
        answer = await connection.ask(
            self._paths["token"], exchange | {"code_verifier": verifier}, auth=self._basic("opaque")
        )
        access = json.loads(_ok(answer))["access_token"]
        _ok(await connection.ask(self._paths["userinfo"], auth=f"Bearer {access}"))

    async def _follow(
        self, connection: Connection, path: str, jar: dict[str, str], form: dict[str, str] | None = None
    ) -> Answer:
        """To the next page, or to the app; ``jar["_at"]`` is where it is."""
        while True:
            cookies = "; ".join(f"{name}={value}" for name, value in jar.items() if name != "_at")
            answer = await connection.ask(path, form, cookies=cookies)
            jar |= answer.cookies | {"_at": path}
            location = answer.headers.get("location", "")
            if answer.status not in (302, 303) or location.startswith(REDIRECT):
                return answer
            path, form = urlsplit(location)._replace(scheme="", netloc="").geturl(), None

    def _request(self, verifier: str) -> str:
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        params = {"client_id": self._client("opaque")[0], "redirect_uri": REDIRECT, "response_type": "code"}
        params |= {"scope": "openid profile", "state": "s", "nonce": "n"}
        return urlencode(params | {"code_challenge": challenge, "code_challenge_method": "S256"})

    def _number(self) -> str:
        numbers: list[str] = self._ready.get("numbers") or ["someone"]
        return numbers[next(self._visits) % len(numbers)]

    def _client(self, name: str) -> tuple[str, str]:
        client_id, secret = self._ready.get(name) or (name, SECRET)
        return client_id, secret

    def _basic(self, name: str) -> str:
        return basic(*self._client(name))


def _ok(answer: Answer) -> bytes:
    if answer.status != 200:
        raise SystemExit(f"{answer.status} {answer.headers} {answer.body[:300]!r}")
    return answer.body


async def _good(asked: Awaitable[Answer]) -> None:
    _ok(await asked)
