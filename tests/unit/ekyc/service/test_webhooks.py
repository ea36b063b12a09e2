"""Webhooks over HTTP and by command, and one delivered by the running service."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue

import pytest
from starlette.testclient import TestClient

from ekyc.app import build_tenants, build_verification_store, create_app
from ekyc.cli import run
from ekyc.liveness.judge import start
from ekyc.settings import Settings
from ekyc.usecases.record import Closing, Record
from ekyc.webhooks.message import decided

URL = "https://app.example.vn/hook"
Got = tuple[dict[str, str], bytes]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, workers=0, api_key="operator", webhooks_private=True)


@pytest.fixture
def key(settings: Settings) -> str:
    tenants = build_tenants(settings)
    return tenants.issue_key(tenants.create("Bank", None, None).id)


@pytest.fixture
def receiver() -> Iterator[tuple[str, Queue[Got]]]:
    got: Queue[Got] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.put((dict(self.headers), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", got
    server.shutdown()
    server.server_close()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_a_decision_reaches_the_tenant_signed(
    settings: Settings, key: str, receiver: tuple[str, Queue[Got]]
) -> None:
    url, got = receiver
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        made = client.post("/v1/webhooks", json={"url": url}, headers=bearer(key))
        assert made.status_code == 201
        started = client.post("/v1/verifications", headers=bearer(key)).json()["id"]
        store, now = build_verification_store(settings), datetime.now(UTC)
        record = store.load(started)
        assert record is not None
        store.save(record, record, closing=Closing(now, "v", {}, decided(started, "review", now)))
        headers, body = got.get(timeout=20)
    assert json.loads(body)["type"] == "verification.review"
    assert json.loads(body)["data"] == {"id": started, "verdict": "review"}
    secret = base64.b64decode(made.json()["secret"].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{right}"
    assert abs(int(headers["webhook-timestamp"]) - now.timestamp()) < 60


def test_endpoints_over_http(settings: Settings, key: str) -> None:
    client = TestClient(create_app(settings), base_url="http://localhost", headers=bearer(key))
    made = client.post("/v1/webhooks", json={"url": URL}).json()
    path = f"/v1/webhooks/{made['id']}"
    assert client.get("/v1/webhooks").json() == {"webhooks": [{k: made[k] for k in made if k != "secret"}]}
    rotated = client.post(f"{path}/secret").json()
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != made["secret"]
    assert client.post(f"{path}/enable").status_code == 204
    assert client.get(f"{path}/messages").json() == {"messages": []}
    unknown = client.post(f"{path}/messages/msg_none")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "webhook_not_found")
    for method, place in (("DELETE", path), ("POST", f"{path}/secret"), ("GET", f"{path}/messages")):
        theirs = client.request(method, place, headers=bearer("operator"))
        assert (theirs.status_code, theirs.json()["code"]) == (404, "webhook_not_found")
    assert client.delete(path).status_code == 204
    assert client.get("/v1/webhooks").json() == {"webhooks": []}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"url": "ftp://app.example.vn/"}, 422, "webhook_url_refused"),
        ({"url": "x" * 3000}, 422, "usage"),
        ({"url": URL, "more": 1}, 422, "usage"),
        ({}, 422, "usage"),
    ],
)
def test_endpoints_that_are_refused(
    settings: Settings, body: dict[str, object], status: int, code: str
) -> None:
    client = TestClient(create_app(settings), base_url="http://localhost", headers=bearer("operator"))
    answer = client.post("/v1/webhooks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_private_addresses_are_refused_by_default(settings: Settings) -> None:
    careful = settings.model_copy(update={"webhooks_private": False})
    client = TestClient(create_app(careful), base_url="http://localhost", headers=bearer("operator"))
    for url in ("http://app.example.vn/", "https://127.0.0.1/", "https://169.254.169.254/"):
        assert client.post("/v1/webhooks", json={"url": url}).json()["code"] == "webhook_url_refused"


def test_commands(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    mine = build_tenants(settings).create("Bank", None, None).id

    def call(*arguments: str) -> tuple[int, list[dict[str, str]]]:
        code = run(["webhook", arguments[0], "--data", str(settings.data), "--tenant", mine, *arguments[1:]])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert run(["webhook", "create", "--data", str(settings.data), "--tenant", "ten_none", URL]) == 2
    assert capsys.readouterr().err == "no such tenant: ten_none\n"
    _, (made,) = call("create", URL)
    _, (listed,) = call("list")
    assert listed == {k: v for k, v in made.items() if k != "secret"}
    _, (rotated,) = call("rotate", made["id"])
    assert rotated["secret"] not in ("", made["secret"])
    assert call("enable", made["id"]) == (0, [{"enabled": made["id"]}])
    store, now = build_verification_store(settings), datetime.now(UTC)
    record = Record("ver_1", now, start(("blink",), 0), tenant=mine)
    store.insert(record)
    store.save(record, record, closing=Closing(now, "v", {}, decided("ver_1", "accept", now)))
    _, (message,) = call("log", made["id"])
    assert (message["state"], message["attempts"]) == ("pending", 0)
    assert call("resend", made["id"], message["id"])[0] == 2  # it has not ended
    assert call("delete", made["id"])[0] == 0
    assert call("list") == (0, [])
