"""The OpenAPI document is true: schemathesis sends what it allows and what it forbids."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import FailedHealthCheck, Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.flows.conftest import ISSUER, Provider, make_provider
from tests.hostile.conftest import basic
from tests.hostile.routes import routes

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUICK = settings(
    max_examples=12,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.generate],
)
PAGES = ("/account", "/admin", "/i/", "/device/", "/logout/", "/contact")
OTHERS = ("/", "/device", "/openapi.json", "/session/check", "/healthz", "/readyz")


@pytest.fixture(scope="module")
def open_provider(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    return make_provider(
        tmp_path_factory.mktemp("openapi"), open_registration=True, open_registrations_per_hour=10**6
    )


@pytest.fixture(scope="module")
def schema(open_provider: Provider) -> schemathesis.BaseSchema:
    return from_asgi("/openapi.json", open_provider.app)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_every_answer_is_documented(
    open_provider: Provider, schema: schemathesis.BaseSchema, mode: schemathesis.GenerationMode
) -> None:
    """Data that the document allows, and data that it forbids; each also from a client that proves itself."""
    ran = set()
    right = basic(open_provider.client_id, open_provider.client_secret)

    def check(operation: schemathesis.APIOperation) -> None:
        @QUICK
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: schemathesis.Case) -> None:
            ran.add(case.operation.label)
            case.call_and_validate(checks=CHECKS)
            case.call_and_validate(checks=CHECKS, headers=right)

        with suppress(Unsatisfiable, FailedHealthCheck):  # nothing to forbid
            run()

    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.body or list(operation.iter_parameters()):
            check(operation)
    assert ran >= {"GET /authorize", "POST /authorize", "POST /token", "POST /par", "POST /register"}


def test_nothing_is_left_out(open_provider: Provider, schema: schemathesis.BaseSchema) -> None:
    """Every protocol endpoint is described, with its methods, and nothing else."""
    described = {result.ok().label for result in schema.get_all_operations()}
    pages = {route for route in routes(open_provider.app) if route[1] in OTHERS or route[1].startswith(PAGES)}
    served = {f"{method} {path}" for method, path in {*routes(open_provider.app)} - pages}
    assert described == served
    metadata = open_provider.browser().http.get("/.well-known/openid-configuration").json()
    paths = {
        urlsplit(value).path for name, value in metadata.items() if name.endswith(("_endpoint", "jwks_uri"))
    }
    assert {label.split(" ")[1] for label in described} >= paths


def test_it_is_public_and_cacheable(open_provider: Provider) -> None:
    answer = open_provider.browser().http.get("/openapi.json")
    assert answer.json()["servers"] == [{"url": ISSUER}]
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_wrong_method_names_the_right_ones(open_provider: Provider) -> None:
    """RFC 9110, section 15.5.6."""
    answer = open_provider.browser().http.delete("/token")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
