"""What the milliseconds of one token request are: client_credentials with a JWT (ES256), on SQLite.

python -m benchmarks.oidc.parts [--count 2000]      CPU microseconds of each part, run by itself
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from benchmarks.oidc.http1 import basic
from benchmarks.oidc.server import GRANTS, REDIRECT
from idp.app import create_app
from idp.domain.models import Client
from idp.settings import Settings
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client
from idp.usecases.create_client import create_client
from idp.usecases.grants.client_credentials import client_credentials, for_itself
from idp.usecases.grants.request import TokenRequest
from idp.usecases.issue_tokens import prepare, response

Exchange = Callable[[str, str, bytes, str], Any]


def wire(app: Any) -> Exchange:
    """One request to the application itself, without a server."""

    async def exchange(method: str, path: str, body: bytes, auth: str) -> None:
        headers = [(b"host", b"127.0.0.1"), (b"content-length", str(len(body)).encode())]
        headers += [
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"authorization", auth.encode()),
        ]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
        }
        scope |= {
            "headers": headers,
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 9),
            "scheme": "http",
        }
        scope |= {"http_version": "1.1", "root_path": "", "asgi": {"version": "3.0"}}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message.get("status", 200) != 200:
                raise SystemExit(f"{path}: {message}")

        await app(scope, receive, send)

    return exchange


def microseconds(step: Callable[[], Any], count: int) -> float:
    """CPU of one step, the median of five rounds."""
    rounds = []
    for _ in range(5):
        before = time.process_time()
        for _ in range(count // 5):
            step()
        rounds.append((time.process_time() - before) / (count // 5) * 1e6)
    return median(rounds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), issuer="http://127.0.0.1:9", ekyc_url="http://127.0.0.1:9")
        app = create_app(settings)
        services = app.state.services.for_loop()
        draft = Client("", "App", (REDIRECT,), "client_secret_basic", grant_types=GRANTS)
        client, secret = create_client(app.state.services, draft)
        offered = ClientCredentials("client_secret_basic", client.client_id, secret=secret or "")
        request = TokenRequest(offered, {"grant_type": "client_credentials"})
        loop, exchange = asyncio.new_event_loop(), wire(app)
        body, auth = urlencode(request.params).encode(), basic(client.client_id, secret or "")

        def ask(method: str, path: str) -> None:
            loop.run_until_complete(exchange(method, path, body if method == "POST" else b"", auth))

        def read() -> None:
            with services.store.read() as tx:
                authenticate_client(services, tx, offered)

        def write() -> Any:
            authorization = for_itself(services, client, ())
            with services.store.begin() as tx:
                tx.authorizations.add(authorization)
                return authorization, prepare(services, tx, client, authorization, audience=("https://api/",))

        authorization, issued = write()
        parts = {
            "the whole request, without the HTTP server": lambda: ask("POST", "/token"),
            "routing, middleware, headers (a cached document)": lambda: ask("GET", "/jwks"),
            "the use case": lambda: client_credentials(services, request),
            "  of it: read and check the client": read,
            "  of it: two records, committed": write,
            "  of it: claims and signature": lambda: response(services, client, authorization, issued),
        }
        for name, step in parts.items():
            print(f"{name:52}{microseconds(step, count):8.0f}")


if __name__ == "__main__":
    main()
