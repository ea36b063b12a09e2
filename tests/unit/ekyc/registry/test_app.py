"""The registry's HTTP API, in process."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ekyc.registry.app import create_app
from ekyc.registry.embedded import EmbeddedRegistry
from ekyc.registry.person import Person
from ekyc.registry.seed import make_person

ASKED = {"Registry-Caller": "ekyc", "Registry-Purpose": "enrolment"}
OPERATIONS = ("lookup", "match", "portrait", "household")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(tmp_path), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def registry(client: TestClient) -> EmbeddedRegistry:
    opened: EmbeddedRegistry = client.app.state.registry  # type: ignore[attr-defined]
    return opened


@pytest.fixture
def parent(registry: EmbeddedRegistry) -> Person:
    person = make_person(
        random.Random(1), full_name="Hứa Thị Lan", sex="female", date_of_birth=date(1982, 11, 3)
    )
    registry.add(person)
    return person


@pytest.fixture
def child(registry: EmbeddedRegistry, parent: Person) -> Person:
    person = make_person(
        random.Random(2), full_name="Ma Thị Ngọc Diệp", sex="female", date_of_birth=date(2010, 1, 9)
    )
    person = replace(person, guardian_number=parent.number, portrait=b"\xff\xd8\xff picture")
    registry.add(person)
    return person


def body(operation: str, number: str) -> dict[str, object]:
    extra = {"fields": {"sex": "male"}} if operation == "match" else {}
    return {"number": number, **extra}


def test_lookup_tells_everything_but_the_portrait(client: TestClient, child: Person) -> None:
    answer = client.post("/v1/people/lookup", json={"number": child.number}, headers=ASKED)
    assert answer.status_code == 200
    assert answer.json()["mock"] is True
    person = answer.json()["person"]
    assert (person["full_name"], person["date_of_birth"]) == ("Ma Thị Ngọc Diệp", "2010-01-09")
    assert person["card"]["status"] == "valid"
    assert "portrait" not in person


def test_match_answers_a_word_a_field(client: TestClient, child: Person) -> None:
    fields = {"full_name": "MA THỊ  NGỌC DIỆP", "date_of_birth": "2010-01-10", "sex": "female"}
    answer = client.post("/v1/people/match", json={"number": child.number, "fields": fields}, headers=ASKED)
    assert answer.json() == {
        "mock": True,
        "fields": {"full_name": "match", "date_of_birth": "mismatch", "sex": "match"},
    }


def test_match_never_leaks_the_right_value(client: TestClient, child: Person) -> None:
    wrong = {
        "full_name": "x", "full_name_unaccented": "x", "date_of_birth": "x", "sex": "x",
        "date_of_issue": "x", "date_of_expiry": "x",
    }  # fmt: skip
    answer = client.post("/v1/people/match", json={"number": child.number, "fields": wrong}, headers=ASKED)
    assert answer.json()["fields"] == dict.fromkeys(wrong, "mismatch")
    everything = answer.text + json.dumps(dict(answer.headers))
    assert child.card.date_of_expiry is not None
    secrets = (
        child.full_name,
        "Diệp",
        "2010",
        child.card.date_of_issue.isoformat(),
        child.place_of_residence,
    )
    for secret in (*secrets, child.card.date_of_expiry.isoformat(), child.number):
        assert secret not in everything


def test_portrait(client: TestClient, child: Person, parent: Person) -> None:
    answer = client.post("/v1/people/portrait", json={"number": child.number}, headers=ASKED)
    assert (answer.content, answer.headers["content-type"]) == (child.portrait, "image/jpeg")
    none = client.post("/v1/people/portrait", json={"number": parent.number}, headers=ASKED)
    assert (none.status_code, none.json()["code"]) == (404, "portrait_unknown")


def test_household(client: TestClient, child: Person, parent: Person) -> None:
    answer = client.post("/v1/people/household", json={"number": child.number}, headers=ASKED)
    assert answer.json()["guardian"] == {
        "number": parent.number, "full_name": "Hứa Thị Lan", "date_of_birth": "1982-11-03",
        "sex": "female", "life_status": "alive",
    }  # fmt: skip
    alone = client.post("/v1/people/household", json={"number": parent.number}, headers=ASKED)
    assert alone.json() == {"mock": True, "guardian": None}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "headers", [{}, {"Registry-Caller": "a"}, {"Registry-Purpose": "b"}, {**ASKED, "Registry-Purpose": " "}]
)
def test_caller_and_purpose_are_required(
    client: TestClient, registry: EmbeddedRegistry, child: Person, operation: str, headers: dict[str, str]
) -> None:
    answer = client.post(f"/v1/people/{operation}", json=body(operation, child.number), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "purpose_required")
    assert answer.headers["content-type"] == "application/problem+json"
    assert registry.store.accesses() == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_question_is_recorded_without_the_number(
    client: TestClient, registry: EmbeddedRegistry, child: Person, operation: str
) -> None:
    asked = {"Registry-Caller": "ekyc", "Registry-Purpose": "%C4%91%C4%83ng k%C3%BD"}
    client.post(f"/v1/people/{operation}", json=body(operation, child.number), headers=asked)
    client.post(f"/v1/people/{operation}", json=body(operation, "019199000000"), headers=asked)
    found, unknown = registry.store.accesses()
    assert (found["caller"], found["purpose"], found["operation"]) == ("ekyc", "đăng ký", operation)
    assert (found["found"], unknown["found"]) == (True, False)
    assert len(found["number_hash"]) == 64
    assert found["number_hash"] != unknown["number_hash"]
    assert child.number not in str(found)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("number", "status", "code"), [("019199000000", 404, "number_unknown"), ("12345", 422, "number_invalid")]
)
def test_refused_numbers(client: TestClient, operation: str, number: str, status: int, code: str) -> None:
    answer = client.post(f"/v1/people/{operation}", json=body(operation, number), headers=ASKED)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"], problem["mock"]) == (
        status, status, code, True,
    )  # fmt: skip
    assert problem["detail"].endswith((".", "?"))
    assert number not in answer.text


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"number": 19304000127, "fields": {"sex": "male"}}',
        b'{"number": "019199000000", "fields": {}}',
        b'{"number": "019199000000", "fields": {"portrait": "x"}}',
        b'{"number": "019199000000", "fields": {"sex": null}}',
        b'{"number": "019199000000", "fields": {"sex": "male"}, "more": 1}',
    ],
)
def test_malformed_bodies(client: TestClient, registry: EmbeddedRegistry, document: bytes) -> None:
    headers = {**ASKED, "Content-Type": "application/json"}
    answer = client.post("/v1/people/match", content=document, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "usage")
    assert "019199000000" not in answer.text
    assert registry.store.accesses() == []


def test_every_answer_says_mock(client: TestClient, child: Person) -> None:
    answers = [client.get(path) for path in ("/healthz", "/readyz", "/nowhere", "/v1/people/lookup")]
    answers += [
        client.post(f"/v1/people/{operation}", json=body(operation, child.number), headers=ASKED)
        for operation in OPERATIONS
    ]
    for answer in answers:
        assert answer.headers["x-mock"] == "MOCK population registry"
        assert answer.headers["cache-control"] == "no-store"
        if "json" in answer.headers["content-type"]:
            assert answer.json()["mock"] is True


def test_a_broken_database_is_said_plainly(
    client: TestClient, registry: EmbeddedRegistry, child: Person
) -> None:
    with registry.store._engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE cards")
    answer = client.post("/v1/people/lookup", json={"number": child.number}, headers=ASKED)
    assert (answer.status_code, answer.json()["code"]) == (503, "registry_unavailable")
    assert child.number not in answer.text
    assert client.get("/healthz").status_code == 200


def test_ready_tells_how_many_people(client: TestClient, child: Person) -> None:
    assert client.get("/readyz").json() == {"mock": True, "status": "ready", "people": 2}
