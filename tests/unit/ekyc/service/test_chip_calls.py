"""The calls on a chip over HTTP: shapes, limits, codes."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from ekyc.app import create_app
from ekyc.chip.files import MAX_BYTES
from ekyc.chip.specimen.answer import answer_nonce
from ekyc.chip.specimen.folder import mock_csca
from ekyc.chip.specimen.issue import SpecimenChip, issue_chip
from ekyc.settings import Settings
from tests.ekyc_chips import person


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chips")


@pytest.fixture(scope="module")
def made(data: Path) -> SpecimenChip:
    return issue_chip(person(), mock_csca(data / "mock-csca"))


@pytest.fixture(scope="module")
def client(data: Path, made: SpecimenChip) -> TestClient:
    settings = Settings(data=data, csca=str(data / "mock-csca"))
    # without its start-up: no model is needed here
    return TestClient(create_app(settings), base_url="http://localhost")


def put(client: TestClient, path: str, chip: SpecimenChip, nonce: str, **files: bytes) -> httpx.Response:
    assert chip.key is not None
    sent = {**chip.files, "answer": answer_nonce(chip.key, bytes.fromhex(nonce)), **files}
    return client.put(f"{path}/chip", files=sent)


def test_a_chip_over_http(client: TestClient, made: SpecimenChip) -> None:
    started = client.post("/v1/verifications").json()
    path = f"/v1/verifications/{started['id']}"
    assert client.get(path).json()["chip"] is None
    answer = put(client, path, made, started["chip_nonce"])
    assert answer.status_code == 200
    body = answer.json()
    assert (body["outcome"], body["active_authentication"]) == ("verified", True)
    assert body["fields"]["full_name"] == "NGUYỄN THỊ MAI ĐÀO"
    assert body.keys() == {
        "outcome",
        "active_authentication",
        "digest",
        "signer",
        "issuer",
        "protocols",
        "fields",
        "checks",
    }
    assert client.get(path).json()["chip"] == "verified"
    again = put(client, path, made, started["chip_nonce"])
    assert (again.status_code, again.json()["code"]) == (409, "chip_nonce_used")
    nonce = client.post(f"{path}/chip/nonce").json()["chip_nonce"]
    assert put(client, path, made, nonce).status_code == 200


def test_refusals_are_problems_in_the_callers_language(client: TestClient, made: SpecimenChip) -> None:
    path = f"/v1/verifications/{client.post('/v1/verifications').json()['id']}"
    cases = {
        "chip_unreadable": {"sod": b"\x77\x00"},
        "chip_hash_mismatch": {"dg1": made.files["dg1"] + b"\0"},
        "chip_too_large": {"dg14": bytes(9000)},
        "chip_incomplete": {"dg2": b""},
    }
    for code, files in cases.items():
        nonce = client.post(f"{path}/chip/nonce").json()["chip_nonce"]
        refused = put(client, path, made, nonce, **files)
        assert refused.headers["content-type"] == "application/problem+json"
        assert (refused.json()["code"], refused.status_code) == (code, 413 if "large" in code else 422)
    nonce = client.post(f"{path}/chip/nonce").json()["chip_nonce"]
    refused = put(client, path, made, nonce, dg1=b"")
    assert refused.json()["detail"].startswith("Chip chưa được đọc xong")


def test_a_form_without_its_parts_and_a_body_that_is_too_long(client: TestClient, made: SpecimenChip) -> None:
    path = f"/v1/verifications/{client.post('/v1/verifications').json()['id']}"
    missing = client.put(f"{path}/chip", files={"dg1": made.files["dg1"]})
    assert (missing.status_code, missing.json()["code"]) == (422, "usage")
    text = client.put(f"{path}/chip", data={"dg1": "a", "dg2": "b", "sod": "c"})
    assert (text.status_code, text.json()["code"]) == (422, "usage")
    long = client.put(f"{path}/chip", content=bytes(MAX_BYTES + 100_000))
    assert long.status_code == 413
    unknown = put(client, "/v1/verifications/ver_none", made, "00")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "verification_not_found")
