"""The commands that scripts outside the repository call: answers, errors, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ekyc.registry.embedded import open_registry

JWK = {
    "kty": "EC",
    "crv": "P-256",
    "kid": "k",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


def run(*words: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-m", "idp", *words], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def answer(*words: str) -> dict[str, Any]:
    code, out, err = run(*words)
    assert code == 0, err
    made: dict[str, Any] = json.loads(out)
    return made


def refusal(*words: str) -> str:
    code, out, _ = run(*words)
    assert code == 2, out
    error = json.loads(out)["error"]
    assert error["message"]
    return str(error["code"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    registry = open_registry(folder)
    registry.seed(40, seed=1)
    registry.close()
    return folder


def test_a_client_is_made_with_its_secret(data: Path) -> None:
    made = answer(
        "client", "create", "--data", str(data), "--name", "Ứng dụng", "--redirect-uri", "https://a.example/cb",
        "--post-logout-redirect-uri", "https://a.example/", "--json",
    )  # fmt: skip
    assert made["client_secret"].startswith("mck_")
    assert made["client_name"] == "Ứng dụng"
    assert made["redirect_uris"] == ["https://a.example/cb"]
    assert made["token_endpoint_auth_method"] == "client_secret_basic"


def test_public_and_key_clients_have_no_secret(data: Path, tmp_path: Path) -> None:
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [JWK]}))
    base = (
        "client",
        "create",
        "--data",
        str(data),
        "--name",
        "N",
        "--redirect-uri",
        "https://a.example/cb",
        "--json",
    )
    assert "client_secret" not in answer(*base, "--auth-method", "none")
    assert "client_secret" not in answer(*base, "--auth-method", "private_key_jwt", "--jwks", str(jwks))
    assert refusal(*base, "--auth-method", "private_key_jwt") == "invalid_client_metadata"
    assert refusal(*base, "--auth-method", "magic") == "invalid_client_metadata"
    jwks.write_text(json.dumps({"keys": [JWK | {"d": "secret"}]}))
    assert (
        refusal(*base, "--auth-method", "private_key_jwt", "--jwks", str(jwks)) == "invalid_client_metadata"
    )


@pytest.mark.parametrize(
    "uri", ["http://a.example/cb", "https://a.example/cb#x", "javascript:alert(1)", "nonsense"]
)
def test_unsafe_redirect_uris_are_refused(data: Path, uri: str) -> None:
    words = ("client", "create", "--data", str(data), "--name", "N", "--redirect-uri", uri, "--json")
    assert refusal(*words) == "invalid_redirect_uri"


def test_a_citizen_whom_the_registry_knows_once(data: Path) -> None:
    registry = open_registry(data)
    number = registry.sample_numbers()["05"]
    registry.close()
    words = ("citizen", "create", "--data", str(data), "--password", "một mật khẩu dài", "--json", "--number")
    assert answer(*words, number)["level"] == 2
    assert refusal(*words, number) == "account_exists"
    assert refusal(*words, "019304999999") == "number_unknown"
    assert refusal(*words, "12") == "number_invalid"
    assert refusal(*words[:4], "--password", "short", "--json", "--number", number) == "password_too_short"


def test_usage_errors_have_the_same_shape(data: Path) -> None:
    assert refusal("client", "create", "--json") == "usage"
    code, out, err = run("client", "create")
    assert (code, out) == (2, "")
    assert "--name" in err


def test_an_admin_link(data: Path) -> None:
    made = answer("admin", "link", "--data", str(data), "--issuer", "https://id.example", "--json")
    assert made["url"].startswith("https://id.example/admin/first-sign-in?token=mca_")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("IDP_SESSION_IDLE", "soon", "setting_invalid"),
        ("IDP_ISSUER", "ftp://id.example", "setting_invalid"),
        ("IDP_SMTP_URL", "mail.example:hunter2", "setting_invalid"),
        ("EKYC_CSCA", "/nowhere", "setting_invalid"),
        ("EKYC_DATABASE_URL", "hunter2", "setting_invalid"),
        ("IDP_SMS_URL", "sms.example/hunter2", "setting_invalid"),
        ("IDP_DATABASE_URL", "hunter2", "setting_invalid"),
        ("IDP_DATABASE_URL", "postgresql://idp:hunter2@127.0.0.1:1/idp", "database_unavailable"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(
    name: str, value: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    status, out, err = run("keys", "rotate", "--data", str(tmp_path / "data"), "--json")
    error = json.loads(out)["error"]
    assert (status, error["code"]) == (2, code)
    assert name in error["message"] or code == "database_unavailable"
    assert "hunter2" not in out + err
    assert "Traceback" not in err
