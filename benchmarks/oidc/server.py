"""This provider for the benchmark: real store and wiring, one citizen, two clients.

python -m benchmarks.oidc.server DATA PORT DATABASE_URL      prints one line of JSON when ready
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn

from idp.app import create_app
from idp.domain.models import Account, Authorization, Client, Profile
from idp.settings import Settings
from idp.tokens import new_id
from idp.usecases.create_client import create_client
from idp.usecases.issue_tokens import prepare, response

GRANTS = ("authorization_code", "refresh_token", "client_credentials")
SCOPE = ("openid", "profile", "offline_access")


def main() -> None:
    data, port, database = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    issuer = f"http://127.0.0.1:{port}"
    app = create_app(Settings(data=data, issuer=issuer, database_url=database, ekyc_url="http://127.0.0.1:9"))
    services = app.state.services
    clients: dict[str, tuple[Client, str | None]] = {}
    for name, form in (("opaque", "opaque"), ("es256", "jwt")):
        draft: dict[str, Any] = {"grant_types": GRANTS, "access_token_format": form}
        clients[name] = create_client(
            services, Client("", name, ("https://app.example/cb",), "client_secret_basic", **draft)
        )
    owner, _ = clients["opaque"]
    profile = Profile("019304000127", "Nguyễn Thị Mai Đào", date(2004, 3, 15), "female", "VN", "", "", "Tổ 5")
    now = services.clock()
    account = Account(new_id(), profile, 2, now)
    authorization = Authorization(
        new_id(), owner.client_id, account.account_id, None, SCOPE, now, ("pwd",), "vn-ekyc-2", now
    )
    with services.store.begin() as tx:
        tx.accounts.add(account)
        tx.authorizations.add(authorization)
        issued = prepare(services, tx, owner, authorization)
    tokens = response(services, owner, authorization, issued)

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            ready = {"access": tokens["access_token"], "refresh": tokens.get("refresh_token")}
            ready |= {name: [client.client_id, secret] for name, (client, secret) in clients.items()}
            print(json.dumps(ready), flush=True)

    Server(uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")).run()


if __name__ == "__main__":
    main()
