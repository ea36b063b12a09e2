"""Signing keys: algorithms by the client's choice, rotation with overlap, caching."""

from __future__ import annotations

import json
from pathlib import Path

import jwt
import pytest

from idp.adapters.signer import JwtSigner, KeyPolicy
from idp.adapters.vault import Vault
from idp.cli import main
from idp.domain.tokens import at_hash
from idp.store.engine import open_engine
from idp.store.keys import SqlKeys
from tests.flows.conftest import ISSUER, Browser, Provider

DAY = 86400
CLAIMS = {"iss": ISSUER, "iat": 1, "exp": 4_000_000_000}


@pytest.mark.parametrize("alg", ["ES256", "RS256", "PS256", "EdDSA"])
def test_the_client_chooses_the_algorithm(provider: Provider, browser: Browser, alg: str) -> None:
    """OpenID Connect Core, sections 2, 3.1.3.6 and 10.1, checked with the published keys only."""
    app = provider.add_client(id_token_signed_response_alg=alg)
    body = browser.exchange(browser.code(client_id=app[0]), auth=app).json()
    keys = jwt.PyJWKSet.from_dict(browser.http.get("/jwks").json())
    header = jwt.get_unverified_header(body["id_token"])
    assert header["alg"] == alg
    claims = jwt.decode(body["id_token"], keys[header["kid"]], algorithms=[alg], audience=app[0])
    assert claims["at_hash"] == at_hash(body["access_token"], alg)
    assert len(claims["at_hash"]) == (43 if alg == "EdDSA" else 22)


@pytest.mark.parametrize("alg", ["ES256", "RS256", "PS256", "EdDSA"])
def test_access_tokens_are_signed_as_registered(provider: Provider, browser: Browser, alg: str) -> None:
    """RFC 9068, section 2.1; a token signed so is known to the provider itself."""
    app = provider.add_client(access_token_signing_alg=alg)
    token = browser.exchange(browser.code(client_id=app[0]), auth=app).json()["access_token"]
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["typ"]) == (alg, "at+jwt")
    keys = jwt.PyJWKSet.from_dict(browser.http.get("/jwks").json())
    assert jwt.decode(token, keys[header["kid"]], algorithms=[alg], audience=ISSUER)["client_id"] == app[0]
    assert browser.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_the_published_keys_can_be_cached(browser: Browser) -> None:
    """RFC 9110, section 13.1.2; no private member leaves."""
    first = browser.http.get("/jwks")
    assert "max-age" in first.headers["cache-control"]
    again = browser.http.get("/jwks", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.http.get("/jwks", headers={"If-None-Match": '"old"'}).status_code == 200
    for key in first.json()["keys"]:
        assert key.keys().isdisjoint({"d", "p", "q", "dp", "dq", "qi"})
        assert key["use"] == "sig"


def test_a_running_server_notices_a_rotation(
    provider: Provider, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rotated by the command, in another process as it were; old tokens still verify."""
    monkeypatch.setattr("idp.adapters.signer._RELOAD", 0.0)
    before = browser.http.get("/jwks")
    token = browser.exchange(browser.code()).json()["access_token"]
    data = str(provider.app.state.settings.data)
    answer = provider.commands().invoke(main, ["keys", "rotate", "--data", data, "--alg", "ES256", "--json"])
    (kid,) = json.loads(answer.output)["kids"]
    after = browser.http.get("/jwks")
    assert {k["kid"] for k in after.json()["keys"]} == {k["kid"] for k in before.json()["keys"]} | {kid}
    assert after.headers["etag"] != before.headers["etag"]
    assert browser.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    fresh = browser.exchange(browser.code()).json()["id_token"]
    assert jwt.get_unverified_header(fresh)["kid"] == kid
    refused = provider.commands().invoke(main, ["keys", "rotate", "--data", data, "--alg", "none"])
    assert refused.exit_code == 2


def _signer(path: Path, now: list[int]) -> JwtSigner:
    keys = SqlKeys(open_engine(f"sqlite:///{path / 'keys.db'}"), Vault(b"k" * 32))
    policy = KeyPolicy(signs=90 * DAY, verifies=30 * DAY)
    return JwtSigner(keys, issuer=ISSUER, clock=lambda: now[0], policy=policy)


def test_rotation_on_schedule_with_overlap(tmp_path: Path) -> None:
    """A key signs for 90 days, verifies for 30 more, and then is gone; its kid stays taken."""
    now = [1_000_000_000]
    signer = _signer(tmp_path, now)
    token = signer.sign(CLAIMS, alg="ES256")
    old = jwt.get_unverified_header(token)["kid"]
    now[0] += 90 * DAY + 1
    signer.refresh()
    assert jwt.get_unverified_header(signer.sign(CLAIMS, alg="ES256"))["kid"] != old
    assert old in {key["kid"] for key in signer.jwks()["keys"]}
    assert signer.verify(token, typ="JWT", audience=None) == CLAIMS
    now[0] += 30 * DAY + 1
    signer.refresh()
    assert old not in {key["kid"] for key in signer.jwks()["keys"]}
    with pytest.raises(ValueError, match="not a valid token"):
        signer.verify(token, typ="JWT", audience=None)
    with open_engine(f"sqlite:///{tmp_path / 'keys.db'}").connect() as db:
        rows = db.exec_driver_sql("SELECT kid, private_key, removed_at FROM signing_keys").all()
    (gone,) = [row for row in rows if row[0] == old]
    assert gone[1] == b"" and gone[2] == now[0]


def test_two_servers_rotate_once(tmp_path: Path) -> None:
    now = [1_000_000_000]
    first, second = _signer(tmp_path, now), _signer(tmp_path, now)
    now[0] += 91 * DAY
    first.refresh()
    second.refresh()
    first.refresh()
    assert first.jwks() == second.jwks()
    assert len(first.jwks()["keys"]) == 8


def test_the_metadata_name_the_algorithms(browser: Browser) -> None:
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert set(metadata["id_token_signing_alg_values_supported"]) == {"ES256", "RS256", "PS256", "EdDSA"}
