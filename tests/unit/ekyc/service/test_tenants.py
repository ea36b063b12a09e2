"""Tenants over HTTP: keys, quotas, whose verification it is, repeated calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ekyc.app import create_app
from ekyc.cli import run
from ekyc.settings import Settings

AddTenant = Callable[..., dict[str, str]]


@pytest.fixture
def service(tmp_path: Path) -> TestClient:
    app = create_app(Settings(data=tmp_path, workers=0, api_key="operator"))
    return TestClient(app, base_url="http://localhost")


@pytest.fixture
def add_tenant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AddTenant:
    def add(*options: str) -> dict[str, str]:
        arguments = ["tenant", "create", "--data", str(tmp_path), "--name", "Bank", "--json", *options]
        assert run(arguments) == 0
        made: dict[str, str] = json.loads(capsys.readouterr().out)
        return made

    return add


def bearer(key: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", **more}


def test_commands_give_and_take_keys(
    service: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    assert run(["tenant", "create", *data, "--name", "Bank", "--per-day", "3", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert run(["tenant", "key", *data, made["tenant"], "--json"]) == 0
    second = json.loads(capsys.readouterr().out)["key"]
    assert service.post("/v1/verifications", headers=bearer(made["key"])).status_code == 201
    assert run(["tenant", "revoke", *data, made["key"].split("_")[1]]) == 0
    capsys.readouterr()
    assert service.post("/v1/verifications", headers=bearer(made["key"])).status_code == 401
    assert service.post("/v1/verifications", headers=bearer(second)).status_code == 201
    assert run(["tenant", "list", *data]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["tenant"], row["per_day"], row["keys"]) == (made["tenant"], 3, [second.split("_")[1]])
    assert run(["tenant", "key", *data, "ten_none", "--json"]) == 2


def test_attack_another_tenants_verification(service: TestClient, add_tenant: AddTenant) -> None:
    """Every call that names a verification answers 404, exactly as for an id that never was."""
    mine, theirs = bearer(add_tenant()["key"]), bearer(add_tenant()["key"])
    started = service.post("/v1/verifications", headers=mine).json()["id"]
    calls = 0
    for path, methods in service.get("/openapi.json").json()["paths"].items():
        if "{verification_id}" not in path:
            continue
        for method in methods:
            for who in (theirs, bearer("operator")):
                for known in (started, "ver_none"):
                    url = path.replace("{verification_id}", known).replace("{side}", "front")
                    # bodies that pass the parser where one is asked for
                    files = [(n, (n, b"x")) for n in ("frames", "dg1", "dg2", "sod")]
                    form = {"files": files, "data": {"at": "0"}} if path.endswith(("frames", "chip")) else {}
                    answer = service.request(method.upper(), url, headers=who, **form)
                    assert (answer.status_code, answer.json()["code"]) == (404, "verification_not_found")
                    calls += 1
    assert calls >= 7 * 4
    assert service.get(f"/v1/verifications/{started}", headers=mine).json()["state"] == "open"


def test_the_registry_is_the_operators(service: TestClient, add_tenant: AddTenant) -> None:
    key = add_tenant()["key"]
    for call in ("lookup", "match"):
        body = {"number": "019304000127", "fields": {"sex": "male"}} if call == "match" else {"number": "1"}
        answer = service.post(f"/v1/people/{call}", json=body, headers=bearer(key))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_quota_of_the_day(service: TestClient, add_tenant: AddTenant) -> None:
    key = add_tenant("--per-day", "2")["key"]
    first = service.post("/v1/verifications", headers=bearer(key, **{"Idempotency-Key": "one"}))
    again = service.post("/v1/verifications", headers=bearer(key, **{"Idempotency-Key": "one"}))
    assert first.json() == again.json()  # a repeated call costs nothing
    assert service.post("/v1/verifications", headers=bearer(key)).status_code == 201
    over = service.post("/v1/verifications", headers=bearer(key))
    assert (over.status_code, over.json()["code"]) == (429, "quota_exceeded")
    assert int(over.headers["retry-after"]) > 0
    assert service.post("/v1/match", files={"a": b"x", "b": b"x"}, headers=bearer(key)).status_code == 429
    assert service.post("/v1/verifications", headers=bearer("operator")).status_code == 201


def test_an_idempotency_key_belongs_to_one_request(service: TestClient) -> None:
    headers = bearer("operator", **{"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'})
    started = service.post("/v1/verifications", headers=headers).json()["id"]
    other = service.post("/v1/verifications", headers=headers, content=b"{}")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    deciding = service.post(f"/v1/verifications/{started}/decision", headers=headers)
    assert (deciding.status_code, deciding.json()["code"]) == (422, "idempotency_key_reused")
    fresh = {**headers, "Idempotency-Key": "k2"}
    for _ in range(2):  # a refusal is not kept: the parts may be there next time
        answer = service.post(f"/v1/verifications/{started}/decision", headers=fresh)
        assert (answer.status_code, answer.json()["code"]) == (409, "verification_incomplete")
    bad = service.post("/v1/verifications", headers={**headers, "Idempotency-Key": "a b"})
    assert (bad.status_code, bad.json()["code"]) == (400, "usage")


def test_only_the_operator_may_start_an_assisted_verification(
    service: TestClient, add_tenant: AddTenant
) -> None:
    asked = {"liveness": "assisted", "assisted_by": "officer-17"}
    started = service.post("/v1/verifications", json=asked, headers=bearer("operator"))
    assert (started.status_code, started.json()["challenge"]) == (201, [])
    refused = service.post("/v1/verifications", json=asked, headers=bearer(add_tenant()["key"]))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    for body in (b'{"liveness": "assisted"}', b'{"assisted_by": "x"}', b"[", b'{"liveness": "none"}'):
        wrong = service.post("/v1/verifications", content=body, headers=bearer("operator"))
        assert (wrong.status_code, wrong.json()["code"]) == (400, "usage")
