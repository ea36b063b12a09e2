"""Rich authorization requests (RFC 9396) with the province's own type ``nop_ho_so``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from idp.adapters.details_types import load_types
from idp.domain.details.request import parse
from idp.domain.details.words import tell
from idp.domain.errors import IdpError, OAuthError
from idp.usecases.registration.register import initial_access_token
from tests.flows.conftest import REDIRECT, Browser, Provider, csrf_of, query_of

TYPE = "nop_ho_so"
DETAIL = {"type": TYPE, "thu_tuc": "dang-ky-ket-hon", "actions": ["nop", "theo_doi"]}
ONLY_FOLLOW = DETAIL | {"actions": ["theo_doi"]}
GRANTS = ("authorization_code", "refresh_token")
App = tuple[str, str | None]


def text(*details: Any) -> str:
    return json.dumps(details)


@pytest.fixture
def app(provider: Provider) -> App:
    return provider.add_client(authorization_details_types=(TYPE,), grant_types=GRANTS)


def tokens(browser: Browser, app: App, **changes: Any) -> dict[str, Any]:
    code = browser.code(client_id=app[0], scope="openid offline_access", authorization_details=text(DETAIL))
    answer = browser.exchange(code, auth=app, **changes)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def refresh(browser: Browser, app: App, token: str, **changes: str) -> httpx.Response:
    data = {"grant_type": "refresh_token", "refresh_token": token} | changes
    return browser.http.post("/token", data=data, auth=app)  # type: ignore[arg-type]


def inside(access_token: str) -> Any:
    claims = jwt.decode(access_token, options={"verify_signature": False})
    return claims.get("authorization_details")


def introspected(browser: Browser, app: App, token: str) -> Any:
    answer = browser.http.post("/introspect", data={"token": token}, auth=app)  # type: ignore[arg-type]
    return answer.json().get("authorization_details")


def test_the_citizen_reads_it_in_words(browser: Browser, app: App) -> None:
    """Section 5 and 12.1: what is asked for is on the page, not its codes."""
    page = browser.authorize(client_id=app[0], authorization_details=text(DETAIL)).headers["location"]
    consent = browser.sign_in(page).headers["location"]
    shown = browser.http.get(consent).text
    for words in ("Làm một hồ sơ thay bạn", "Đăng ký kết hôn", "nộp hồ sơ, theo dõi kết quả"):
        assert words in shown
    assert "dang-ky-ket-hon" not in shown
    english = browser.http.get(consent + "?lang=en").text
    assert "Marriage registration" in english
    assert "submit it, follow its result" in english


def test_every_request_is_asked_about(browser: Browser, app: App) -> None:
    """Section 5: an earlier consent was about another thing."""
    assert tokens(browser, app)
    again = browser.authorize(client_id=app[0], scope="openid", authorization_details=text(DETAIL))
    assert again.headers["location"].endswith("/consent")
    silent = browser.authorize(client_id=app[0], prompt="none", authorization_details=text(DETAIL))
    assert query_of(silent.headers["location"])["error"] == "consent_required"
    assert "code" in query_of(browser.authorize(client_id=app[0], scope="openid").headers["location"])


def test_the_answer_and_the_token_say_what_was_granted(browser: Browser, app: App) -> None:
    """Sections 7, 9.1 and 9.2."""
    body = tokens(browser, app)
    assert body["authorization_details"] == [DETAIL]
    assert inside(body["access_token"]) == [DETAIL]
    assert introspected(browser, app, body["access_token"]) == [DETAIL]


def test_an_opaque_token_says_it_at_introspection(provider: Provider, browser: Browser) -> None:
    """Section 9.2."""
    app = provider.add_client(
        authorization_details_types=(TYPE,), access_token_format="opaque", grant_types=GRANTS
    )
    body = tokens(browser, app, authorization_details=text(ONLY_FOLLOW))
    assert introspected(browser, app, body["access_token"]) == [ONLY_FOLLOW]


def test_the_citizen_sees_what_an_app_may_still_do_and_takes_it_back(browser: Browser, app: App) -> None:
    body = tokens(browser, app)
    line = "Làm một hồ sơ thay bạn: Đăng ký kết hôn; nộp hồ sơ, theo dõi kết quả"
    before = browser.http.get("/account").text.count(line)
    assert before > 0
    browser.http.post(
        "/account/revoke", data={"csrf": csrf_of(browser.http.get("/account")), "client_id": app[0]}
    )
    assert browser.http.get("/account").text.count(line) == before - 1
    assert introspected(browser, app, body["access_token"]) is None
    assert refresh(browser, app, body["refresh_token"]).json()["error"] == "invalid_grant"


def test_without_details_nothing_is_said(browser: Browser, app: App) -> None:
    body = browser.exchange(browser.code(client_id=app[0]), auth=app).json()
    assert "authorization_details" not in body
    assert inside(body["access_token"]) is None
    assert introspected(browser, app, body["access_token"]) is None


def test_a_token_with_less(browser: Browser, app: App) -> None:
    """Sections 6 and 6.1: fewer at the token endpoint, all of them again over the refresh token."""
    body = tokens(browser, app, authorization_details=text(ONLY_FOLLOW))
    assert body["authorization_details"] == [ONLY_FOLLOW]
    assert inside(body["access_token"]) == [ONLY_FOLLOW]
    assert introspected(browser, app, body["access_token"]) == [ONLY_FOLLOW]
    renewed = refresh(browser, app, body["refresh_token"]).json()
    assert renewed["authorization_details"] == [DETAIL]
    less = refresh(browser, app, renewed["refresh_token"], authorization_details=text(ONLY_FOLLOW)).json()
    assert inside(less["access_token"]) == [ONLY_FOLLOW]


@pytest.mark.parametrize(
    "wider",
    [
        text(DETAIL | {"actions": ["nop", "rut"]}),
        text(DETAIL | {"thu_tuc": "dang-ky-khai-sinh"}),
        text(DETAIL | {"identifier": "H55.12-240115-0001"}),
        text(DETAIL, DETAIL | {"type": "other"}),
        text({"type": TYPE, "thu_tuc": "dang-ky-ket-hon"}),
        text(DETAIL | {"actions": []}),
        text(),
        "{}",
        "junk",
    ],
)
def test_a_token_with_more_is_refused(browser: Browser, app: App, wider: str) -> None:
    """Section 6.1; the code is not used up by it."""
    code = browser.code(client_id=app[0], scope="openid", authorization_details=text(DETAIL))
    answer = browser.exchange(code, auth=app, authorization_details=wider)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_authorization_details")
    assert browser.exchange(code, auth=app).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        "junk",
        "[" * 5000,
        "{}",
        "[]",
        "[1]",
        '[{"actions": ["nop"]}]',
        '[{"type": 1}]',
        text(DETAIL | {"type": "unknown"}),
        text({"type": TYPE}),
        text(DETAIL | {"actions": []}),
        text(DETAIL | {"actions": ["nop", "nop"]}),
        text(DETAIL | {"actions": ["xoa"]}),
        text(DETAIL | {"actions": "nop"}),
        text(DETAIL | {"actions": [{}]}),
        text(DETAIL | {"thu_tuc": None}),
        text(DETAIL | {"identifier": "H55.12-240115-0001\n"}),
        text(DETAIL | {"identifier": "Xin chào"}),
        text(DETAIL | {"note": "Bấm đồng ý"}),
        text(*[DETAIL] * 11),
        text(DETAIL | {"identifier": "x" * 9000}),
    ],
)
def test_what_does_not_fit_its_type(browser: Browser, app: App, wrong: str) -> None:
    """Section 5: unknown types and members, wrong values; at the authorization endpoint and pushed."""
    target = browser.authorize(client_id=app[0], authorization_details=wrong).headers["location"]
    assert query_of(target)["error"] == "invalid_authorization_details"
    data = browser.params(client_id=app[0], authorization_details=wrong)
    pushed = browser.http.post("/par", data=data, auth=app)  # type: ignore[arg-type]
    assert (pushed.status_code, pushed.json()["error"]) == (400, "invalid_authorization_details")


def test_only_types_registered_for_the_client(provider: Provider, browser: Browser) -> None:
    """Sections 5 and 10."""
    target = browser.authorize(authorization_details=text(DETAIL)).headers["location"]
    assert query_of(target)["error"] == "invalid_authorization_details"
    with pytest.raises(IdpError, match="invalid_client_metadata"):
        provider.add_client(authorization_details_types=("unknown",))


def test_an_app_registers_itself_for_a_type(provider: Provider, browser: Browser) -> None:
    """Section 10 with RFC 7591."""

    def register(*types: str) -> httpx.Response:
        token = initial_access_token(provider.services, uses=1, lifetime=60, constraints={})
        document = {"redirect_uris": [REDIRECT], "authorization_details_types": types}
        return browser.http.post("/register", json=document, headers={"Authorization": f"Bearer {token}"})

    made = register(TYPE)
    assert (made.status_code, made.json()["authorization_details_types"]) == (201, [TYPE])
    refused = register(TYPE, "unknown")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client_metadata")


def test_pushed(browser: Browser, app: App) -> None:
    """Section 3 with RFC 9126."""
    data = browser.params(client_id=app[0], authorization_details=text(DETAIL))
    pushed = browser.http.post("/par", data=data, auth=app).json()  # type: ignore[arg-type]
    nothing: dict[str, str | None] = dict.fromkeys(browser.params())
    code = browser.code(**nothing | {"client_id": app[0], "request_uri": pushed["request_uri"]})
    assert inside(browser.exchange(code, auth=app).json()["access_token"]) == [DETAIL]


def test_a_device_asks(provider: Provider, browser: Browser) -> None:
    """RFC 8628, section 3.1 with RFC 9396, section 3."""
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    app = provider.add_client(
        authorization_details_types=(TYPE,), grant_types=(grant,), redirect_uris=(), auth_method="none"
    )
    data = {"client_id": app[0], "scope": "openid", "authorization_details": text(DETAIL)}
    started = browser.http.post("/device_authorization", data=data).json()
    consent = browser.submit("/device", user_code=started["user_code"]).headers["location"]
    consent = browser.sign_in(consent).headers["location"]
    assert "Đăng ký kết hôn" in browser.http.get(consent).text
    browser.submit(consent, decision="allow")
    poll = {"grant_type": grant, "device_code": started["device_code"], "client_id": app[0]}
    assert browser.http.post("/token", data=poll).json()["authorization_details"] == [DETAIL]
    refused = browser.http.post("/device_authorization", data=data | {"authorization_details": "[]"})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_authorization_details")


def test_nobody_is_asked_for_a_client_of_its_own(provider: Provider, browser: Browser) -> None:
    app = provider.add_client(
        authorization_details_types=(TYPE,), grant_types=("client_credentials",), redirect_uris=()
    )
    data = {"grant_type": "client_credentials", "authorization_details": text(DETAIL)}
    answer = browser.http.post("/token", data=data, auth=app)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_authorization_details")


def test_an_exchanged_token_carries_no_more_than_its_subject(provider: Provider, browser: Browser) -> None:
    """Section 6.1 with RFC 8693."""
    grant = "urn:ietf:params:oauth:grant-type:token-exchange"
    api = "https://api.example/"
    app = provider.add_client(
        authorization_details_types=(TYPE,), resources=(api,), grant_types=(*GRANTS, grant)
    )
    body = tokens(browser, app, authorization_details=text(ONLY_FOLLOW))
    data = {
        "grant_type": grant,
        "subject_token": body["access_token"],
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "resource": api,
    }
    answer = browser.http.post("/token", data=data, auth=app)  # type: ignore[arg-type]
    assert inside(answer.json()["access_token"]) == [ONLY_FOLLOW]
    data["authorization_details"] = text(DETAIL)
    wider = browser.http.post("/token", data=data, auth=app)  # type: ignore[arg-type]
    assert wider.json()["error"] == "invalid_authorization_details"


def test_metadata_lists_the_types_that_are_there(browser: Browser) -> None:
    """Section 10."""
    document = browser.http.get("/.well-known/openid-configuration").json()
    assert document["authorization_details_types_supported"] == [TYPE]


def test_an_operator_adds_a_type(tmp_path: Path) -> None:
    """A file is all that a new type takes; one that could not be checked or said is refused."""
    good = """
type = "dong_le_phi"
[schema]
type = "object"
required = ["amount"]
additionalProperties = false
[schema.properties.amount]
type = "object"
additionalProperties = false
[schema.properties.amount.properties]
vnd = { type = "integer", minimum = 1000, maximum = 5000000 }
[words.vi]
title = "Đóng lệ phí"
detail = "Một lần."
[words.vi.members]
"amount.vnd" = "Số tiền (đồng)"
[words.en]
title = "Pay a fee"
detail = "Once."
[words.en.members]
"amount.vnd" = "Amount (VND)"
"""
    file = tmp_path / "dong_le_phi.toml"
    file.write_text(good)
    types = load_types(tmp_path)
    assert set(types) == {TYPE, "dong_le_phi"}
    fee = '[{"type": "dong_le_phi", "amount": {"vnd": %s}}]'
    (detail,) = parse(fee % 8000, types, types)
    assert tell(detail, types["dong_le_phi"], "en").facts == [("Amount (VND)", "8000")]
    for amount in ("999", "5000001", "1e9", "NaN", "Infinity", "true", '"8000"', "8000.5"):
        with pytest.raises(OAuthError, match="invalid_authorization_details"):
            parse(fee % amount, types, types)
    for broken in (
        good.replace('"amount.vnd" = "Amount (VND)"', ""),
        good.replace("additionalProperties = false", "", 1),
        good.replace("minimum", "multipleOf"),
        good.replace("integer", "string"),
        good.replace('["amount"]', '["sum"]'),
        good.replace('type = "dong_le_phi"', ""),
        "= broken",
    ):
        file.write_text(broken)
        with pytest.raises(IdpError, match=r"invalid_details_type: dong_le_phi\.toml"):
            load_types(tmp_path)


def test_the_citizen_may_refuse(browser: Browser, app: App) -> None:
    page = browser.authorize(client_id=app[0], authorization_details=text(DETAIL)).headers["location"]
    target = browser.sign_in(page).headers["location"]
    refused = browser.submit(target, decision="deny").headers["location"]
    assert refused.startswith(REDIRECT)
    assert query_of(refused)["error"] == "access_denied"
