"""The HTTP service: shapes, limits, languages. What the use cases do is tested with them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from ekyc.app import build_registry, create_app
from ekyc.cli import run
from ekyc.errors import CODES, EkycError, message
from ekyc.registry.client import HttpRegistry
from ekyc.registry.embedded import EmbeddedRegistry, open_registry
from ekyc.service.limits import body_limit
from ekyc.service.problems import locale_of
from ekyc.settings import Settings
from tests.ekyc_samples import citizen, quick_answer, timed
from tests.ekyc_world import card_photos


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("service")
    registry = open_registry(folder)
    registry.seed(20, 1)
    registry.close()
    return folder


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    quick = Settings(data=data, min_action_seconds=0, workers=0)
    with TestClient(create_app(quick), base_url="http://localhost") as opened:
        yield opened


def registry(data: Path) -> EmbeddedRegistry:
    return open_registry(data)


def send_frames(client: TestClient, path: str, frames: list[tuple[int, bytes]]) -> httpx.Response:
    files = [("frames", (f"{at}.jpg", image, "image/jpeg")) for at, image in frames]
    return client.post(f"{path}/frames", files=files, data={"at": [str(at) for at, _ in frames]})


def expect_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["code"], body["status"], body["type"]) == (code, status, "about:blank")
    return body


def test_a_whole_verification_over_http(client: TestClient, data: Path) -> None:
    opened = registry(data)
    person = opened.person(opened.sample_numbers()["04"])
    opened.close()
    started = client.post("/v1/verifications")
    assert started.status_code == 201
    path = f"/v1/verifications/{started.json()['id']}"
    front = client.put(f"{path}/documents/front", content=card_photos(person)["front"])
    assert front.json()["complete"] is False
    back = client.put(
        f"{path}/documents/back", content=card_photos(person)["back"], headers={"Content-Type": "image/jpeg"}
    ).json()
    assert back["complete"] is True
    assert back["number"]["value"] == person.number
    frames = timed(quick_answer("04", started.json()["challenge"]))
    for first in range(0, len(frames), 4):
        face = send_frames(client, path, frames[first : first + 4]).json()
    assert face == {"state": "done", "phase": "done", "step": 3, "action": None, "hint": "done", "code": None}
    outcome = client.post(f"{path}/decision").json()
    assert (outcome["verdict"], outcome["level"], outcome["reasons"]) == ("accept", 2, [])
    assert outcome["person"]["full_name"] == person.full_name
    assert "portrait" not in outcome["person"]
    assert outcome["fields"]["number"]["value"] == person.number
    assert client.post(f"{path}/decision").json() == outcome
    assert client.get(path).json()["verdict"] == "accept"
    assert client.delete(path).status_code == 204
    expect_problem(client.get(path), 404, "verification_not_found")


def test_a_new_challenge(client: TestClient) -> None:
    started = client.post("/v1/verifications").json()
    renewed = client.post(f"/v1/verifications/{started['id']}/challenge").json()
    assert renewed["id"] == started["id"]
    assert len(renewed["challenge"]) == len(started["challenge"]) == 4


def test_match_over_http(client: TestClient) -> None:
    files = {"a": citizen("01").portrait(), "b": citizen("01").selfie()}
    answer = client.post("/v1/match", files=files).json()
    assert answer["same_person"] is True
    assert answer.keys() == {"distance", "same_person", "engine", "threshold"}
    expect_problem(client.post("/v1/match", files={**files, "b": b"x"}), 415, "image_not_supported")


def test_read_over_http(client: TestClient, data: Path) -> None:
    opened = registry(data)
    person = opened.person(opened.sample_numbers()["04"])
    opened.close()
    photos = card_photos(person)
    both = client.post("/v1/read", files={"front": photos["front"], "back": photos["back"]}).json()
    assert both["number"]["value"] == person.number
    assert {check["name"] for check in both["checks"]} >= {"number_structure", "not_expired"}
    plain = client.post(
        "/v1/read", files={"back": photos["back"], "front": photos["front"]}, data={"no_qr": "1"}
    )
    assert "qr" not in plain.json()["number"]["source"]
    alone = client.post("/v1/read", files={"front": photos["front"]}).json()
    assert alone["number"]["value"] == person.number


def test_registry_calls_of_an_officer(client: TestClient, data: Path) -> None:
    opened = registry(data)
    person = opened.person(opened.sample_numbers()["04"])
    opened.close()
    found = client.post("/v1/people/lookup", json={"number": person.number}).json()
    assert found["full_name"] == person.full_name
    fields = {"full_name": person.full_name, "sex": "male"}
    matched = client.post("/v1/people/match", json={"number": person.number, "fields": fields}).json()
    assert matched == {"fields": {"full_name": "match", "sex": "mismatch"}}
    unknown = client.post("/v1/people/lookup", json={"number": "019099999999"})
    expect_problem(unknown, 404, "number_unknown")
    expect_problem(client.post("/v1/people/lookup", json={"number": "1"}), 422, "number_invalid")
    wrong = {"number": person.number, "fields": {"shoe_size": "40"}}
    expect_problem(client.post("/v1/people/match", json=wrong), 422, "usage")


def test_every_sentence_can_be_fetched(client: TestClient) -> None:
    sentences = client.get("/v1/messages").json()
    assert sentences.keys() == {"vi", "en"}
    assert sentences["vi"]["face_mismatch"] == message("face_mismatch", "vi")
    assert sentences["en"]["turn_left"].startswith("Slowly")


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("fr, en;q=0.4, vi;q=0.2", "en"),
        ("en;q=0", "vi"),
        ("en;q=x, vi;q=0.1", "vi"),
        ("de", "vi"),
    ],
)
def test_the_callers_language(header: str, locale: str) -> None:
    assert locale_of(header) == locale


def test_errors_speak_the_callers_language(client: TestClient) -> None:
    for locale in ("vi", "en"):
        answer = client.get("/v1/verifications/none", headers={"Accept-Language": locale})
        body = expect_problem(answer, 404, "verification_not_found")
        assert body["detail"] == message("verification_not_found", locale)
        assert answer.headers["content-language"] == locale


def test_malformed_calls(client: TestClient) -> None:
    started = client.post("/v1/verifications").json()["id"]
    path = f"/v1/verifications/{started}"
    expect_problem(client.put(f"{path}/documents/middle", content=b"x"), 422, "usage")
    expect_problem(client.put(f"{path}/documents/front", content=b""), 422, "image_empty")
    expect_problem(client.post(f"{path}/frames"), 422, "usage")
    frame = citizen("04").frames("neutral")[0]
    uneven = client.post(f"{path}/frames", files=[("frames", frame)], data={"at": ["1", "2"]})
    expect_problem(uneven, 400, "usage")
    expect_problem(client.post(f"{path}/decision"), 409, "verification_incomplete")
    expect_problem(client.get("/v1/nowhere"), 404, "usage")
    expect_problem(client.delete("/v1/read"), 405, "usage")


def test_bodies_are_bounded_before_they_are_read(client: TestClient) -> None:
    started = client.post("/v1/verifications").json()["id"]
    path = f"/v1/verifications/{started}/documents/front"
    declared = client.put(path, content=b"x", headers={"Content-Length": str(body_limit(path) + 1)})
    expect_problem(declared, 413, "image_too_large")

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield bytes(1024 * 1024)

    expect_problem(client.put(path, content=endless()), 413, "image_too_large")
    form = client.post(
        "/v1/match", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert form.status_code in (400, 413)


def test_answers_are_not_cached(client: TestClient) -> None:
    answer = client.get("/v1/messages")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    deadline = time.monotonic() + 60
    while client.get("/readyz").status_code == 503 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert client.get("/readyz").json() == {"status": "ready"}


def test_openapi_describes_every_call(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    one = "/v1/verifications/{verification_id}"
    expected = {
        "/v1/verifications": {"post"},
        one: {"get", "delete"},
        f"{one}/documents/{{side}}": {"put"},
        f"{one}/frames": {"post"},
        f"{one}/challenge": {"post"},
        f"{one}/chip": {"put"},
        f"{one}/chip/nonce": {"post"},
        f"{one}/decision": {"post"},
        "/v1/read": {"post"},
        "/v1/match": {"post"},
        "/v1/people/match": {"post"},
        "/v1/people/lookup": {"post"},
        "/v1/people/forget": {"post"},
        "/v1/messages": {"get"},
        "/v1/webhooks": {"get", "post"},
        "/v1/webhooks/{endpoint_id}": {"delete"},
        "/v1/webhooks/{endpoint_id}/secret": {"post"},
        "/v1/webhooks/{endpoint_id}/enable": {"post"},
        "/v1/webhooks/{endpoint_id}/messages": {"get"},
        "/v1/webhooks/{endpoint_id}/messages/{message_id}": {"post"},
        "/healthz": {"get"},
        "/readyz": {"get"},
    }
    assert {path: set(calls) for path, calls in document["paths"].items()} == expected
    told = document["webhooks"]["verification"]["post"]
    assert {each["name"] for each in told["parameters"]} == {
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    }
    body = document["paths"][f"{one}/documents/{{side}}"]["put"]["requestBody"]
    assert "image/jpeg" in body["content"]


def test_openapi_names_every_code_and_its_examples_are_true(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            if not path.startswith("/v1/"):
                continue
            codes = {
                code
                for answer in call["responses"].values()
                for code in answer.get("content", {}).get("application/problem+json", {}).get("examples", {})
            }
            assert codes == set(CODES), (method, path)
            assert "HTTPValidationError" not in str(call["responses"])

    def is_shown(real: dict[str, Any], path: str, method: str, status: str = "200") -> None:
        """The description leaves out what is null in an example."""
        answers = document["paths"][path][method]["responses"]
        shown = answers[status]["content"]["application/json"]["example"].keys()
        assert {name for name, value in real.items() if value is not None} <= shown <= real.keys()

    one = "/v1/verifications/{verification_id}"
    started = client.post("/v1/verifications").json()
    is_shown(started, "/v1/verifications", "post", "201")
    url = f"/v1/verifications/{started['id']}"
    is_shown(client.get(url).json(), one, "get")
    is_shown(client.post(f"{url}/challenge").json(), f"{one}/challenge", "post")
    frame = send_frames(client, url, [(0, citizen("04").frames("neutral")[0])]).json()
    is_shown(frame, f"{one}/frames", "post")


def test_an_api_key_is_asked_for_where_one_is_set(data: Path) -> None:
    with TestClient(create_app(Settings(data=data, api_key="correct horse", workers=0))) as guarded:
        answer = guarded.post("/v1/verifications")
        expect_problem(answer, 401, "usage")
        assert answer.headers["www-authenticate"] == "Bearer"
        wrong = {"Authorization": "Bearer wrong"}
        assert guarded.post("/v1/verifications", headers=wrong).status_code == 401
        right = {"Authorization": "Bearer correct horse"}
        assert guarded.post("/v1/verifications", headers=right).status_code == 201
        assert guarded.get("/healthz").status_code == 200


def test_a_crowded_service_says_so(client: TestClient, data: Path) -> None:
    app = create_app(Settings(data=data, workers=0, concurrency=1, queue_seconds=0.05))
    held = app.state.services.runner._gate.hold()
    with TestClient(app, base_url="http://localhost") as crowded, held:
        files = {"a": citizen("01").portrait(), "b": citizen("01").selfie()}
        answer = crowded.post("/v1/match", files=files)
    expect_problem(answer, 503, "busy")
    assert int(answer.headers["retry-after"]) > 0


def test_nothing_of_a_fault_is_shown_or_logged(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Nguyễn Thị Mai Đào 019304000127")

    monkeypatch.setattr("ekyc.usecases.verification.Verifications.require_owner", broken)
    answer = client.get("/v1/verifications/ver_secret")
    expect_problem(answer, 500, "internal")
    assert "019304000127" not in answer.text
    assert "/v1/verifications/{verification_id} failed: RuntimeError" in caplog.text
    assert "019304000127" not in caplog.text
    assert "ver_secret" not in caplog.text


def test_the_registry_is_in_process_or_over_http(data: Path) -> None:
    assert isinstance(build_registry(Settings(data=data)), EmbeddedRegistry)
    remote = build_registry(Settings(data=data, registry_url="http://127.0.0.1:1"))
    assert isinstance(remote, HttpRegistry)
    with pytest.raises(EkycError, match="registry_unavailable"):
        remote.lookup("019304000127", caller="test", purpose="test")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EKYC_DATA", str(tmp_path))
    monkeypatch.setenv("EKYC_DATABASE_URL", "postgresql://db/ekyc")
    monkeypatch.setenv("EKYC_API_KEY", "k")
    settings = Settings()
    assert (settings.data, settings.api_key) == (tmp_path, "k")
    assert settings.resolved_database_url == "postgresql://db/ekyc"
    assert Settings(database_url="").resolved_database_url == f"sqlite:///{tmp_path}/ekyc.db"


def test_attack_a_foreign_host_name_without_a_key(client: TestClient) -> None:
    """DNS rebinding: a web page's own name made to point at this machine."""
    for host in ("attacker.example", "127.0.0.1.attacker.example", "localhost.evil:8402"):
        expect_problem(client.post("/v1/people/lookup", json={}, headers={"Host": host}), 403, "usage")
    for host in ("localhost", "127.0.0.1:8402", "[::1]:8402", "LOCALHOST:1"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::"])
def test_attack_no_open_service_without_a_key(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("EKYC_API_KEY", raising=False)
    before = os.umask(0o022)
    try:
        assert run(["serve", "--port", "0", "--data", str(tmp_path / "d"), "--host", host]) == 2
    finally:
        os.umask(before)
    assert "EKYC_API_KEY" in capsys.readouterr().err
    assert not (tmp_path / "d").exists()


def test_attack_another_user_of_the_machine(tmp_path: Path) -> None:
    """The folder and the key are the owner's alone; the servers make every file so."""
    folder = tmp_path / "d"
    command = [sys.executable, "-m", "ekyc.cli", "serve", "--data", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "ready" in process.stdout.readline()
        modes = {path.name: path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())}
        process.terminate()
    assert {"d", "ekyc.db", "ekyc.key"} <= modes.keys()
    assert set(modes.values()) == {0}
