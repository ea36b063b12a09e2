"""A level that the citizen lacks (OpenID Connect Core, sections 3.1.2.1 and 5.5.1.1)."""

from __future__ import annotations

import json
from dataclasses import replace

import jwt
import pytest

from idp.domain import acr
from idp.domain.models import Enrolment
from idp.tokens import hash_secret, new_id
from idp.usecases.create_citizen import create_citizen
from tests.flows.conftest import PASSWORD, Browser, Provider, csrf_of, query_of

ESSENTIAL = json.dumps({"id_token": {"acr": {"essential": True, "values": ["vn-ekyc-2"]}}})


@pytest.fixture(scope="module")
def newcomer(provider: Provider) -> str:
    """The number of a citizen of level 1."""
    number = provider.spare_number()
    account = create_citizen(provider.services, number=number, password=PASSWORD)
    at_one(provider, account.account_id)
    return number


def at_one(provider: Provider, account_id: str) -> None:
    with provider.services.store.begin() as tx:
        account = tx.accounts.get(account_id)
        assert account
        assert account.proofing
        tx.accounts.prove(account_id, account.profile, 1, account.proofing)


def arrive(browser: Browser, number: str, **changes: str) -> str:
    """Signs in and answers where the browser goes next."""
    page = browser.authorize(**changes).headers["location"]
    target: str = browser.sign_in(page, number=number).headers["location"]
    return target


def proven_again(provider: Provider, browser: Browser, number: str) -> Enrolment:
    """What the face step leaves behind when the card belongs to somebody who has an account."""
    services = provider.services
    with services.store.begin() as tx:
        account = tx.accounts.by_number(number)
        assert account
        now = services.clock()
        enrolment = Enrolment(
            enrolment_id=new_id(),
            browser_hash=hash_secret(browser.http.cookies["mc_browser"]),
            check_id="gone",
            state="exists",
            challenge=(),
            created_at=now,
            expires_at=now + 600,
            profile=account.profile,
            level=2,
            account_id=account.account_id,
            decision={"verdict": "accept", "checks": ["face", "liveness"], "decided_at": now},
        )
        tx.enrolments.add(enrolment)
    return enrolment


def test_the_missing_step_and_back(provider: Provider, newcomer: str) -> None:
    """Card and face again, the same account, and the app gets the level it asked for."""
    browser = provider.browser()
    step = arrive(browser, newcomer, claims=ESSENTIAL)
    assert step.endswith("/step-up")
    page = browser.http.get(step).text
    enrol = step.replace("/step-up", "/enrol")
    assert f'href="{enrol}"' in page
    assert 'id="skip"' not in page
    proven_again(provider, browser, newcomer)
    confirm = browser.http.get(f"{enrol}/refused").headers["location"]
    assert confirm.endswith("/step-up/confirm")
    consent = browser.submit(confirm).headers["location"]
    assert consent.endswith("/consent")
    code = query_of(browser.submit(consent, decision="allow").headers["location"])["code"]
    claims = jwt.decode(browser.exchange(code).json()["id_token"], options={"verify_signature": False})
    assert claims["acr"] == "vn-ekyc-2"
    with provider.services.store.read() as tx:
        account = tx.accounts.by_number(newcomer)
        assert account
        assert account.proofing
        assert account.proofing.procedure == "remote-unattended"
    again = provider.browser()  # the old password still signs in
    assert arrive(again, newcomer, claims=ESSENTIAL).startswith("http://app.localhost/")
    at_one(provider, account.account_id)


def test_a_wish_can_be_passed_over(provider: Provider, newcomer: str) -> None:
    """acr_values are voluntary (section 3.1.2.1)."""
    browser = provider.browser()
    step = arrive(browser, newcomer, acr_values="vn-ekyc-2", prompt="consent")
    assert step.endswith("/step-up")
    consent = browser.submit(step, decision="skip").headers["location"]
    assert consent.endswith("/consent")
    code = query_of(browser.submit(consent, decision="allow").headers["location"])["code"]
    claims = jwt.decode(browser.exchange(code).json()["id_token"], options={"verify_signature": False})
    assert claims["acr"] == "vn-ekyc-1"


def test_an_essential_level_cannot_be_passed_over(provider: Provider, newcomer: str) -> None:
    browser = provider.browser()
    step = arrive(browser, newcomer, claims=ESSENTIAL, prompt="consent")
    token = csrf_of(browser.http.get(step.replace("/step-up", "/enrol")))
    skipped = browser.http.post(step, data={"csrf": token, "decision": "skip"})
    assert skipped.status_code == 409
    consent = step.replace("/step-up", "/consent")
    assert browser.http.get(consent).status_code == 409
    silent = browser.authorize(claims=ESSENTIAL, prompt="none").headers["location"]
    assert query_of(silent)["error"] == "interaction_required"


def test_a_level_out_of_reach(provider: Provider, newcomer: str) -> None:
    """Level 3 needs the chip: essential is an error, a wish is not (Unmet Authentication Requirements)."""
    browser = provider.browser()
    wish = json.dumps({"id_token": {"acr": {"essential": True, "values": ["vn-ekyc-3"]}}})
    assert query_of(arrive(browser, newcomer, claims=wish))["error"] == "unmet_authentication_requirements"
    target = arrive(provider.browser(), newcomer, acr_values="vn-ekyc-3", prompt="consent")
    assert target.endswith("/consent")


def test_only_the_signed_in_citizens_own_proof_counts(provider: Provider, newcomer: str) -> None:
    browser = provider.browser()
    step = arrive(browser, newcomer, claims=ESSENTIAL)
    other = proven_again(provider, browser, newcomer)
    with provider.services.store.begin() as tx:
        stranger = tx.accounts.by_number(provider.number)
        assert stranger
        tx.enrolments.update(replace(other, account_id=stranger.account_id), was="exists")
    refused = browser.http.get(step.replace("/step-up", "/enrol/refused"))
    assert 'id="recover"' in refused.text
    token = csrf_of(refused)
    assert browser.http.post(step + "/confirm", data={"csrf": token}).status_code == 409


def test_the_proof_is_written_once(provider: Provider, newcomer: str) -> None:
    browser = provider.browser()
    step = arrive(browser, newcomer, claims=ESSENTIAL)
    proven_again(provider, browser, newcomer)
    assert browser.submit(step + "/confirm").status_code == 303
    with provider.services.store.read() as tx:
        account = tx.accounts.by_number(newcomer)
    assert account
    assert account.level == 2
    at_one(provider, account.account_id)


@pytest.mark.parametrize(
    ("level", "wanted", "met", "next_level"),
    [
        (1, (), True, None),
        (1, ("vn-ekyc-1",), True, None),
        (1, ("vn-ekyc-3", "vn-ekyc-2"), False, 2),
        (0, ("vn-ekyc-2", "vn-ekyc-1"), False, 1),
        (2, ("vn-ekyc-3",), False, None),
        (1, ("urn:other",), False, None),
    ],
)
def test_levels(level: int, wanted: tuple[str, ...], met: bool, next_level: int | None) -> None:
    assert acr.is_met(level, wanted) is met
    assert acr.reachable(level, wanted) == next_level
