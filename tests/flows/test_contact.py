"""The scopes email and phone (OpenID Connect Core, section 5.4): proven by a code, released by consent."""

from __future__ import annotations

import re
from typing import Any

import httpx
import jwt
import pytest
from starlette.testclient import TestClient

from idp.adapters.sms_gateway import SmsGateway
from idp.adapters.smtp import SmtpMessenger
from idp.domain.contact import CODE_LIFETIME, CODE_TRIES, Message
from idp.domain.errors import MessageNotSent
from idp.usecases.contact import PAUSE, PER_PERSON
from idp.usecases.create_citizen import create_citizen
from tests.flows.conftest import ISSUER, PASSWORD, REDIRECT, Browser, Provider, csrf_of, query_of
from tests.flows.mailbox import Mailbox
from tests.flows.reachable import PHONE, Reachable
from tests.flows.receiver import wait_until

WORDS = ("phone_invalid", "code_over", "invalid_request")


def code_of(answer: httpx.Response) -> str:
    found = re.search(r'data-code="([a-z_]+)"', answer.text)
    assert found, answer.text
    return found[1]


def test_a_phone_number_is_proven_by_the_code_sent_to_it(reachable: Reachable) -> None:
    browser = reachable.citizen()
    sent = browser.submit("/account/contact/phone", value=PHONE)
    assert sent.headers["location"] == "/account/contact/phone/code"
    page = browser.http.get(sent.headers["location"]).text
    assert "0912 345 678" in page
    assert "0912 345 678" not in browser.http.get("/account").text  # typed is not proven
    assert reachable.texts()[0]["to"] == "+84912345678"
    answer = browser.submit("/account/contact/phone/code", code=f" {reachable.sms_code()} ")
    assert answer.headers["location"] == "/account"
    assert "0912 345 678" in browser.http.get("/account").text


def test_an_email_address_is_proven_changed_and_removed(reachable: Reachable) -> None:
    """A new address replaces the old one only once it is proven."""
    browser = reachable.citizen()
    browser.submit("/account/contact/email", value="Mai@Example.VN")
    browser.submit("/account/contact/email/code", code=reachable.mail_code())
    mail = reachable.mailbox.mails[-1]
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "Mai@example.vn",
        "id@province.example",
        "Mã xác nhận Một Chạm ID",
    )
    reachable.ahead += PAUSE + 1
    browser.submit("/account/contact/email", value="new@example.vn")
    assert "Mai@example.vn" in browser.http.get("/account").text
    browser.submit("/account/contact/email/code", code=reachable.mail_code())
    assert "new@example.vn" in browser.http.get("/account").text
    token = csrf_of(browser.http.get("/account"))
    browser.http.post("/account/contact/email/remove", data={"csrf": token})
    assert "new@example.vn" not in browser.http.get("/account").text


def test_section_5_4_email_and_phone_scopes_release_proven_values(reachable: Reachable) -> None:
    browser = reachable.citizen()
    scope = "openid email phone"

    def userinfo() -> dict[str, Any]:
        tokens = browser.exchange(browser.code(scope=scope)).json()
        assert tokens["scope"] == scope
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        claims: dict[str, Any] = browser.http.get("/userinfo", headers=bearer).json()
        return claims

    assert userinfo().keys() == {"sub"}  # none is claimed, none is "not verified"
    reachable.add_phone(browser)
    browser.submit("/account/contact/email", value="mai@example.vn")
    assert userinfo().keys() == {"sub", "phone_number", "phone_number_verified"}
    browser.submit("/account/contact/email/code", code=reachable.mail_code())
    claims = userinfo()
    assert claims.pop("sub")
    assert claims == {
        "email": "mai@example.vn",
        "email_verified": True,
        "phone_number": "+84912345678",
        "phone_number_verified": True,
    }


def test_section_5_5_single_claims_by_name(reachable: Reachable) -> None:
    """In the ID token, without the scope; the consent names exactly what is sent."""
    browser = reachable.citizen()
    reachable.add_phone(browser)
    wish = '{"id_token": {"phone_number": {"essential": true}}}'
    page = browser.authorize(scope="openid", claims=wish, prompt="consent").headers["location"]
    assert "0912 345 678" in browser.http.get(page).text
    code = query_of(browser.submit(page, decision="allow").headers["location"])["code"]
    claims = jwt.decode(browser.exchange(code).json()["id_token"], options={"verify_signature": False})
    assert claims["phone_number"] == "+84912345678"
    assert "phone_number_verified" not in claims


def test_consent_offers_to_add_what_is_missing_and_never_insists(reachable: Reachable) -> None:
    browser = reachable.citizen()
    consent = browser.authorize(scope="openid phone", prompt="consent").headers["location"]
    page = browser.http.get(consent).text
    step = consent.replace("/consent", "/contact/phone")
    assert f'href="{step}"' in page and 'id="allow"' in page
    browser.submit(step, value=PHONE)
    answer = browser.submit(f"{step}/code", code=reachable.sms_code())
    assert answer.headers["location"] == consent
    page = browser.http.get(consent).text
    assert "0912 345 678" in page and f'href="{step}"' not in page
    assert browser.submit(consent, decision="allow").headers["location"].startswith(REDIRECT)


def test_consent_offers_to_add_a_claim_asked_for_by_name(reachable: Reachable) -> None:
    wish = '{"userinfo": {"email": null, "phone_number_verified": null}}'
    browser = reachable.citizen()
    page = browser.authorize(scope="openid", claims=wish, prompt="consent").headers["location"]
    text = browser.http.get(page).text
    assert 'id="add-email"' in text and 'id="add-phone"' in text
    both = browser.authorize(scope="openid email", claims=wish, prompt="consent").headers["location"]
    text = browser.http.get(both).text
    assert (text.count('id="add-email"'), text.count('id="add-phone"')) == (1, 1)


def test_the_step_belongs_to_its_interaction(reachable: Reachable) -> None:
    browser = reachable.citizen()
    consent = browser.authorize(scope="openid phone", prompt="consent").headers["location"]
    step = consent.replace("/consent", "/contact/phone")
    assert reachable.provider.browser().http.get(step).status_code == 403
    assert browser.http.get("/i/unknown/contact/phone").status_code == 410
    assert browser.http.get("/account/contact/fax").status_code == 404
    assert f'action="{step}"' not in browser.http.get(f"/account/contact/phone?i={step.split('/')[2]}").text
    browser.http.cookies.delete("mc_session")
    back = browser.http.get(step).headers["location"]
    assert browser.http.get(back).headers["location"] == consent.replace("/consent", "/sign-in")


def test_metadata_names_the_scopes_that_can_be_proven(reachable: Reachable, provider: Provider) -> None:
    """OpenID Connect Discovery 1.0, section 3: scopes_supported, claims_supported."""
    can = reachable.provider.browser().http.get("/.well-known/openid-configuration").json()
    cannot = provider.browser().http.get("/.well-known/openid-configuration").json()
    assert set(can["scopes_supported"]) - set(cannot["scopes_supported"]) == {"email", "phone"}
    assert set(can["claims_supported"]) - set(cannot["claims_supported"]) == {
        "email",
        "email_verified",
        "phone_number",
        "phone_number_verified",
    }


def test_without_a_carrier_the_page_says_so(provider: Provider, browser: Browser) -> None:
    browser.sign_in(browser.http.get("/account").headers["location"])
    assert "chưa gửi được tin nhắn" in browser.http.get("/account").text
    assert 'id="unavailable"' in browser.http.get("/account/contact/phone").text
    token = csrf_of(browser.http.get("/account"))
    answer = browser.http.post("/account/contact/phone", data={"csrf": token, "value": PHONE})
    assert (answer.status_code, code_of(answer)) == (409, "contact_unavailable")


def test_five_wrong_codes_end_it(reachable: Reachable) -> None:
    browser = reachable.citizen()
    browser.submit("/account/contact/phone", value=PHONE)
    right = reachable.sms_code()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    path = "/account/contact/phone/code"
    for _ in range(CODE_TRIES - 1):
        answer = browser.submit(path, code=wrong)
        assert (answer.status_code, code_of(answer)) == (422, "code_wrong")
    token = csrf_of(browser.http.get(path))
    for code in (wrong, right):
        assert code_of(browser.http.post(path, data={"csrf": token, "code": code})) == "code_over"
    assert "0912 345 678" not in browser.http.get("/account").text


def test_a_code_is_good_for_ten_minutes_and_once(reachable: Reachable) -> None:
    browser = reachable.citizen()
    browser.submit("/account/contact/phone", value=PHONE)
    code, path = reachable.sms_code(), "/account/contact/phone/code"
    token = csrf_of(browser.http.get(path))
    reachable.ahead += CODE_LIFETIME
    assert code_of(browser.http.post(path, data={"csrf": token, "code": code})) == "code_over"
    assert browser.http.get(path).headers["location"] == "/account/contact/phone"
    browser.submit("/account/contact/phone", value=PHONE)
    code = reachable.sms_code()
    assert browser.submit(path, code=code).status_code == 303
    assert code_of(browser.http.post(path, data={"csrf": token, "code": code})) == "code_over"


def test_resending_is_throttled(reachable: Reachable) -> None:
    """One a minute, ten a day; a new code ends the old one."""
    browser = reachable.citizen()
    browser.submit("/account/contact/phone", value=PHONE)
    first, token = reachable.sms_code(), csrf_of(browser.http.get("/account/contact/phone/code"))

    def resend() -> httpx.Response:
        return browser.http.post("/account/contact/phone/resend", data={"csrf": token})

    early = resend()
    assert (early.status_code, code_of(early)) == (429, "code_sent_just_now")
    assert early.headers["retry-after"] == str(PAUSE)
    for _ in range(PER_PERSON - 1):
        reachable.ahead += PAUSE + 1
        assert resend().headers["location"] == "/account/contact/phone/code"
    if first != reachable.sms_code():
        answer = browser.submit("/account/contact/phone/code", code=first)
        assert code_of(answer) == "code_wrong"
    reachable.ahead += PAUSE + 1
    late = resend()
    assert (late.status_code, code_of(late)) == (429, "too_many_codes")


def test_several_accounts_cannot_flood_one_phone(reachable: Reachable) -> None:
    browser = reachable.citizen()
    browser.submit("/account/contact/phone", value=PHONE)
    number = reachable.provider.spare_number()
    create_citizen(reachable.services, number=number, password=PASSWORD)
    other = reachable.provider.browser()
    other.sign_in(other.http.get("/account").headers["location"], number=number)
    answer = other.submit("/account/contact/phone", value="+84 912 345 678")
    assert code_of(answer) == "code_sent_just_now"


def test_sending_waits_for_the_commit_and_is_tried_again(reachable: Reachable) -> None:
    """Nothing leaves on the request; a carrier that fails is asked again, until the code is out of date."""
    browser = reachable.citizen()
    before = len(reachable.mailbox.mails)
    browser.submit("/account/contact/email", value="mai@example.vn")
    reachable.mailbox.refuse = "451 try later"
    reachable.deliver()
    reachable.mailbox.refuse = ""
    reachable.deliver()  # not due yet
    assert len(reachable.mailbox.mails) == before
    reachable.ahead += 120
    reachable.deliver()
    reachable.deliver()
    assert len(reachable.mailbox.mails) == before + 1
    reachable.ahead += PAUSE
    browser.submit("/account/contact/email", value="mai@example.vn")
    reachable.ahead += CODE_LIFETIME
    reachable.deliver()
    assert len(reachable.mailbox.mails) == before + 1


def test_the_worker_of_the_server_sends(reachable: Reachable) -> None:
    browser = reachable.citizen()
    before = len(reachable.texts())
    with TestClient(reachable.provider.app, base_url=ISSUER):
        browser.submit("/account/contact/phone", value=PHONE)
        wait_until(lambda: len(httpx.get(f"{reachable.sms}/messages").json()["messages"]) > before)


def test_neither_logs_nor_tables_hold_the_address_or_the_code(
    reachable: Reachable, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    browser = reachable.citizen()
    browser.submit("/account/contact/phone", value=PHONE)
    for file in reachable.provider.app.state.settings.data.glob("idp.db*"):
        assert b"912345678" not in file.read_bytes()
    browser.submit("/account/contact/phone/code", code=reachable.sms_code())
    for file in reachable.provider.app.state.settings.data.glob("idp.db*"):
        assert b"912345678" not in file.read_bytes()
    written = [record.getMessage() for record in caplog.records if record.name.startswith("idp")]
    assert written and not [line for line in written if "912" in line and "345" in line]


def test_the_form_says_what_is_wrong(reachable: Reachable) -> None:
    browser = reachable.citizen()
    answer = browser.submit("/account/contact/phone", value='12"><b>')
    assert (answer.status_code, code_of(answer)) == (422, "phone_invalid")
    assert "12&#34;&gt;&lt;b&gt;" in answer.text


@pytest.mark.parametrize(
    "body", ["value=%00", "value=%ED%A0%80", "code=%00", "code=%FF", "value=" + "9" * 60_000]
)
def test_hostile_input_is_refused_in_words(reachable: Reachable, body: str) -> None:
    browser = reachable.citizen()
    token = csrf_of(browser.http.get("/account"))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("", "/code", "/resend"):
        answer = browser.http.post(
            f"/account/contact/phone{path}", content=f"csrf={token}&{body}", headers=headers
        )
        assert 400 <= answer.status_code < 500 and code_of(answer) in WORDS, path


def test_visitors_are_sent_to_sign_in(reachable: Reachable) -> None:
    browser = reachable.provider.browser()
    assert browser.http.get("/account/contact/phone").headers["location"].endswith("/sign-in")
    token = csrf_of(browser.http.get(browser.http.get("/account").headers["location"]))
    for path in ("", "/code", "/resend", "/remove"):
        answer = browser.http.post(f"/account/contact/phone{path}", data={"csrf": token, "value": PHONE})
        assert answer.headers["location"].endswith("/sign-in"), path
        assert browser.http.post(f"/account/contact/phone{path}").status_code == 403


def test_carriers_that_fail_say_why_and_nothing_more(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = Message("phone", "+84912345678", "", "123456")
    with pytest.raises(MessageNotSent, match=r"^ConnectError$"):
        SmsGateway("http://127.0.0.1:9/messages", "").send(message)
    with pytest.raises(MessageNotSent, match=r"^ConnectionRefusedError$"):
        SmtpMessenger("smtp://127.0.0.1:9", "id@province.example").send(message)
    monkeypatch.setattr("idp.adapters.smtp.is_loopback", lambda host: False)
    for scheme, problem in (("smtp", "SMTPNotSupportedError"), ("smtps", "SSLError")):  # never in the clear
        with pytest.raises(MessageNotSent, match=problem):
            SmtpMessenger(f"{scheme}://127.0.0.1:{mailbox.port}", "id@province.example").send(message)
    with pytest.raises(ValueError, match="smtp_url"):
        SmtpMessenger("http://127.0.0.1", "id@province.example")


def test_the_mail_servers_user_and_the_senders_name(mailbox: Mailbox) -> None:
    url = f"smtp://id%40province:p%2F%3A%40@127.0.0.1:{mailbox.port}"
    sender = "Một Chạm ID <id@province.example>"
    SmtpMessenger(url, sender).send(Message("email", "mai@example.vn", "Mã", "123456"))
    assert mailbox.logins[-1] == "\0id@province\0p/:@"
    assert mailbox.mails[-1]["From"] == sender
    with pytest.raises(ValueError, match="ASCII"):
        SmtpMessenger("smtp://id:m%E1%BA%ADt@127.0.0.1", sender)


def test_a_gateway_that_refuses_the_token(sms_url: str) -> None:
    with pytest.raises(MessageNotSent, match="status 401"):
        SmsGateway(f"{sms_url}/messages", "wrong").send(Message("phone", "+84912345678", "", "1"))
