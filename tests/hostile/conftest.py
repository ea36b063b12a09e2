"""One installation on each kind of database, with apps that may do everything, spoken to in bytes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from idp.domain.grant_types import GRANT_TYPES
from tests.flows.conftest import (
    ISSUER,
    REDIRECT,
    Browser,
    Provider,
    browser,
    make_provider,
    provider,
    quick_citizens,
)
from tests.hostile.values import KEY
from tests.hostile.wire import FORM, Reply, Wire, encoded
from tests.postgres import PrivatePostgres

__all__ = ["browser", "provider", "quick_citizens"]
API = "https://api.example/"
LOOPBACK = "http://127.0.0.1/cb"


@dataclass
class Target:
    """``app``: confidential; ``keyed``: signs assertions with KEY; ``public``: a native app."""

    provider: Provider
    wire: Wire
    app: str
    secret: str
    keyed: str
    public: str
    cookies: bytes  # of a citizen who has agreed to everything that ``app`` asks
    refresh: str
    access: str

    def post(self, path: str, *pairs: tuple[str, str], **headers: str) -> Reply:
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        body = encoded((name.encode(), value.encode()) for name, value in pairs)
        return self.wire.ask("POST", path, headers=[FORM, *sent], body=body)


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    settings: dict[str, Any] = {"open_registration": True, "open_registrations_per_hour": 10**6}
    if request.param == "postgresql":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        settings["database_url"] = server.create_database()
    made = make_provider(
        tmp_path_factory.mktemp(request.param), client_cert_header="x-client-cert", **settings
    )
    wire = Wire(made.app, ISSUER.removeprefix("http://"))
    yield _filled(made, wire)
    wire.close()


def _filled(made: Provider, wire: Wire) -> Target:
    everything: dict[str, Any] = {
        "grant_types": GRANT_TYPES,
        "resources": (API,),
        "jwks": {"keys": [KEY.jwk]},
        "redirect_uris": (REDIRECT, LOOPBACK),
        "sector_identifier_uri": "https://app.example/sector",
        "scope": ("openid", "profile", "offline_access", "own"),
        "backchannel_token_delivery_mode": "poll",
    }
    app, secret = made.add_client(**everything)
    keyed, _ = made.add_client(**everything | {"auth_method": "private_key_jwt"})
    open_grants = ("authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code")
    public, _ = made.add_client(
        auth_method="none", redirect_uris=(LOOPBACK,), grant_types=open_grants, access_token_format="opaque"
    )
    person = Browser(made)
    code = person.code(client_id=app, scope="openid profile offline_access", resource=API)
    cookies = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items()).encode()
    filled = Target(made, wire, app, secret or "", keyed, public, cookies, "", "")
    tokens = json.loads(
        filled.post(
            "/token",
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", person.verifier),
            ("client_id", app),
            **basic(app, secret or ""),
        ).body
    )
    filled.refresh, filled.access = tokens["refresh_token"], tokens["access_token"]
    return filled


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()}
