"""``idp client create``: grants, scopes, resources and the format of access tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from idp.app import build_services
from idp.cli import main
from idp.settings import Settings


def create(data: Path, *words: str) -> dict[str, Any]:
    base = ("client", "create", "--data", str(data), "--name", "API", "--json")
    result = CliRunner().invoke(main, [*base, *words])
    made: dict[str, Any] = json.loads(result.output.splitlines()[-1])
    return made


def test_an_app_that_acts_for_itself(tmp_path: Path) -> None:
    made = create(
        tmp_path, "--grant-type", "client_credentials", "--grant-type", "refresh_token",
        "--scope", "report.read report.write", "--resource", "https://api.example/",
        "--access-token-format", "opaque", "--dpop",
    )  # fmt: skip
    assert made["grant_types"] == ["client_credentials", "refresh_token"]
    services, _ = build_services(Settings(data=tmp_path))
    with services.store.read() as tx:
        client = tx.clients.get(made["client_id"])
    assert client is not None
    assert client.scope == ("report.read", "report.write")
    assert client.resources == ("https://api.example/",)
    assert (client.access_token_format, client.dpop_bound_access_tokens) == ("opaque", True)


def test_the_default_is_the_code_flow(tmp_path: Path) -> None:
    made = create(tmp_path, "--redirect-uri", "https://a.example/cb")
    assert made["grant_types"] == ["authorization_code"]


def test_an_app_of_message_signing_with_rich_requests(tmp_path: Path) -> None:
    key = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    (jwks := tmp_path / "jwks.json").write_text(json.dumps({"keys": [key]}))
    made = create(
        tmp_path, "--redirect-uri", "https://a.example/cb", "--auth-method", "private_key_jwt",
        "--jwks", str(jwks), "--profile", "fapi2_message_signing", "--details-type", "nop_ho_so",
    )  # fmt: skip
    services, _ = build_services(Settings(data=tmp_path))
    with services.store.read() as tx:
        client = tx.clients.get(made["client_id"])
    assert client is not None
    assert client.authorization_details_types == ("nop_ho_so",)
    assert client.require_signed_request_object
    assert client.require_pushed_authorization_requests
    assert client.dpop_bound_access_tokens
    assert client.authorization_signed_response_alg == "ES256"


def test_tokens_bound_to_a_certificate(tmp_path: Path) -> None:
    made = create(tmp_path, "--redirect-uri", "https://a.example/cb", "--tls-bound")
    services, _ = build_services(Settings(data=tmp_path))
    with services.store.read() as tx:
        client = tx.clients.get(made["client_id"])
    assert client is not None
    assert client.tls_client_certificate_bound_access_tokens


def test_what_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.argv", ["idp", "--json"])
    for words, code in (
        (("--grant-type", "password"), "invalid_client_metadata"),
        (("--grant-type", "authorization_code"), "invalid_redirect_uri"),
        (("--grant-type", "client_credentials", "--resource", "relative"), "invalid_target"),
        (("--grant-type", "client_credentials", "--auth-method", "none"), "invalid_client_metadata"),
        (("--grant-type", "client_credentials", "--details-type", "unknown"), "invalid_client_metadata"),
    ):
        assert create(tmp_path, *words)["error"]["code"] == code


def test_what_citizens_see_of_an_app(tmp_path: Path) -> None:
    made = create(
        tmp_path, "--redirect-uri", "https://a.example/cb", "--logo-uri", "https://a.example/logo.png",
        "--client-uri", "https://a.example/", "--policy-uri", "https://a.example/p",
        "--tos-uri", "https://a.example/t",
    )  # fmt: skip
    services, _ = build_services(Settings(data=tmp_path))
    with services.store.read() as tx:
        client = tx.clients.get(made["client_id"])
    assert client is not None
    assert (client.logo_uri, client.client_uri) == ("https://a.example/logo.png", "https://a.example/")
    assert (client.policy_uri, client.tos_uri) == ("https://a.example/p", "https://a.example/t")
    words = ("client", "create", "--data", str(tmp_path), "--name", "App", "--logo-uri", "data:,")
    refused = CliRunner().invoke(main, [*words, "--redirect-uri", "https://a.example/cb"])
    assert (refused.exit_code, "logo_uri" in refused.output) == (2, True)
