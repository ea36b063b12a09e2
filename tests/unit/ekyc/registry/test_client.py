"""The HTTP client against a real server, and against servers that misbehave."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from ekyc.errors import EkycError
from ekyc.ports import Registry
from ekyc.registry.app import create_app
from ekyc.registry.client import HttpRegistry
from ekyc.registry.embedded import EmbeddedRegistry
from ekyc.registry.seed import make_person

ASK = {"caller": "ekyc", "purpose": "đăng ký"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, EmbeddedRegistry]]:
    """Base URL of a uvicorn server on a free loopback port, and the registry behind it."""
    app = create_app(tmp_path_factory.mktemp("registry"))
    registry: EmbeddedRegistry = app.state.registry
    registry.seed(20, 1)
    registry.add(make_person(random.Random(77)))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.started
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", registry
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def client(served: tuple[str, EmbeddedRegistry]) -> Iterator[Registry]:
    opened = HttpRegistry(served[0])
    yield opened
    opened.close()


def answering(handler: Callable[[httpx.Request], httpx.Response]) -> HttpRegistry:
    return HttpRegistry("http://registry.test", transport=httpx.MockTransport(handler))


def test_both_registries_answer_alike(client: Registry, served: tuple[str, EmbeddedRegistry]) -> None:
    registry = served[1]
    given = {"full_name": "Vũ Thị Nhàn", "sex": "male", "date_of_expiry": ""}
    numbers = registry.sample_numbers()
    for number in numbers.values():
        assert client.lookup(number, **ASK) == registry.lookup(number, **ASK)
        assert client.match(number, given, **ASK) == registry.match(number, given, **ASK)
        assert client.portrait(number, **ASK) == registry.portrait(number, **ASK)
    assert client.match(numbers["12"], given, **ASK) == {
        "full_name": True,
        "sex": False,
        "date_of_expiry": True,
    }


def test_caller_and_purpose_arrive(client: Registry, served: tuple[str, EmbeddedRegistry]) -> None:
    registry = served[1]
    client.lookup(registry.sample_numbers()["01"], caller="một chạm", purpose="kiểm tra 100%")
    last = registry.store.accesses()[-1]
    assert (last["caller"], last["purpose"]) == ("một chạm", "kiểm tra 100%")


def test_no_portrait(client: Registry) -> None:
    assert client.portrait(make_person(random.Random(77)).number, **ASK) is None


@pytest.mark.parametrize(("number", "code"), [("019199000000", "number_unknown"), ("1", "number_invalid")])
@pytest.mark.parametrize("operation", ["lookup", "match", "portrait"])
def test_refused_numbers(client: Registry, operation: str, number: str, code: str) -> None:
    extra = ({"sex": "male"},) if operation == "match" else ()
    with pytest.raises(EkycError) as caught:
        getattr(client, operation)(number, *extra, **ASK)
    assert caught.value.code == code


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(EkycError) as caught:
        HttpRegistry(f"http://127.0.0.1:{port}").lookup("019199000000", **ASK)
    assert caught.value.code == "registry_unavailable"


def test_a_silent_server_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = HttpRegistry(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        with pytest.raises(EkycError) as caught:
            client.lookup("019199000000", **ASK)
    assert caught.value.code == "registry_unavailable"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(503, json={"code": "number_unknown"}),
        httpx.Response(404, text="some proxy's page"),
        httpx.Response(302, headers={"Location": "http://elsewhere.test/"}),
        httpx.Response(200, text="no JSON"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"person": {"number": "019199000000"}}),
    ],
    ids=lambda answer: f"{answer.status_code}-{answer.text[:20]}",
)
def test_unusable_answers(answer: httpx.Response) -> None:
    with pytest.raises(EkycError) as caught:
        answering(lambda _: answer).lookup("019199000000", **ASK)
    assert caught.value.code == "registry_unavailable"


def test_a_match_that_leaves_a_field_out_is_no_answer() -> None:
    client = answering(lambda _: httpx.Response(200, json={"fields": {"sex": "match"}}))
    with pytest.raises(EkycError) as caught:
        client.match("019199000000", {"sex": "male", "full_name": "x"}, **ASK)
    assert caught.value.code == "registry_unavailable"


def test_the_number_is_never_in_the_address() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(500)

    with pytest.raises(EkycError):
        answering(handler).lookup("019199000000", **ASK)
    assert "019199000000" not in str(seen[0].url)
    assert "019199000000" not in str(seen[0].headers)


def test_asking_without_saying_why() -> None:
    with pytest.raises(ValueError, match="purpose"):
        HttpRegistry("http://registry.test").lookup("019199000000", caller="ekyc", purpose="")


def test_embedded_registry_asks_why_too(tmp_path: Path, served: tuple[str, EmbeddedRegistry]) -> None:
    with pytest.raises(ValueError, match="purpose"):
        served[1].lookup("019199000000", caller="", purpose="x")
