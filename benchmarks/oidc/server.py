"""This provider for the benchmark: real store and wiring, some citizens, three clients.

python -m benchmarks.oidc.server DATA PORT DATABASE_URL      prints one line of JSON when ready

Only password hashing is replaced by one SHA-256, so that the figures show the rest.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn

from idp.app import create_app
from idp.domain.models import Account, Authorization, Client, Grant, Profile
from idp.settings import Settings
from idp.tokens import new_id
from idp.usecases.create_client import create_client
from idp.usecases.issue_tokens import prepare, response
from idp.usecases.services import Services

GRANTS = ("authorization_code", "refresh_token", "client_credentials")
SCOPE = ("openid", "profile", "offline_access")
REDIRECT = "https://app.example/cb"
CITIZENS = 64
PASSWORD = "benchmark"


class NearlyFree:
    """Implements ``ports.PasswordHasher``."""

    quick = True

    def hash(self, password: str) -> str:
        return hashlib.sha256(password.encode()).hexdigest()

    def verify(self, password: str, stored: str | None) -> bool:
        return self.hash(password) == stored


def main() -> None:
    data, port, database = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    issuer = f"http://127.0.0.1:{port}"
    app = create_app(Settings(data=data, issuer=issuer, database_url=database, ekyc_url="http://127.0.0.1:9"))
    services = app.state.services = replace(app.state.services, passwords=NearlyFree())
    clients = {
        "opaque": _client(services, access_token_format="opaque"),
        "es256": _client(services),
        "rs256": _client(services, access_token_signing_alg="RS256"),
    }
    owner = clients["opaque"][0]
    numbers = _citizens(services, owner)
    ready = {"numbers": numbers, "password": PASSWORD} | _tokens(services, owner, numbers[0])
    ready |= {name: [client.client_id, secret] for name, (client, secret) in clients.items()}

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            print(json.dumps(ready), flush=True)

    Server(uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")).run()


def _client(services: Services, **metadata: Any) -> tuple[Client, str | None]:
    draft = Client("", "App", (REDIRECT,), "client_secret_basic", grant_types=GRANTS, **metadata)
    return create_client(services, draft)


def _citizens(services: Services, client: Client) -> list[str]:
    """Their numbers; each has consented, so that a sign-in shows one page."""
    numbers = [f"0193040{n:05}" for n in range(CITIZENS)]
    now = services.clock()
    with services.store.begin() as tx:
        for number in numbers:
            if tx.accounts.by_number(number) is not None:  # a second start
                continue
            profile = Profile(number, "Nguyễn Thị Mai", date(2004, 3, 15), "female", "VN", "", "", "Tổ 5")
            account = Account(new_id(), profile, 2, now)
            tx.accounts.add(account)
            tx.accounts.set_password(account.account_id, services.passwords.hash(PASSWORD))
    with services.store.begin() as tx:
        for number in numbers:
            account = tx.accounts.by_number(number)
            assert account is not None
            tx.grants.add(Grant(account.account_id, client.client_id, None, frozenset(SCOPE), now))
    return numbers


def _tokens(services: Services, client: Client, number: str) -> dict[str, Any]:
    now = services.clock()
    with services.store.begin() as tx:
        account = tx.accounts.by_number(number)
        assert account is not None
        authorization = Authorization(
            new_id(), client.client_id, account.account_id, None, SCOPE, now, ("pwd",), "vn-ekyc-2", now
        )
        tx.authorizations.add(authorization)
        issued = prepare(services, tx, client, authorization, refresh=True)
    tokens = response(services, client, authorization, issued)
    return {"access": tokens["access_token"], "refresh": tokens["refresh_token"]}


if __name__ == "__main__":
    main()
