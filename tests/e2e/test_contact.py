"""A citizen adds a phone number in a browser; the code comes by the demo's MOCK gateway."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Page

from examples.demo.processes import command, run_command
from examples.demo.stack import Stack, idp_environment
from tests.flows.receiver import wait_until

PASSWORD = "gió mùa đông bắc"


def _open_account(stack: Stack, sample_id: str) -> str:
    """An account made by an officer; its number."""
    number = stack.citizen(sample_id).number
    argv = [command("idp"), "citizen", "create", "--data", str(stack.data)]
    argv += ["--number", number, "--password", PASSWORD]
    run_command(argv, stack.processes.log_of("commands"), idp_environment(stack.addresses))
    return number


def _texts(stack: Stack, to: str) -> list[str]:
    kept = httpx.get(f"{stack.addresses.sms_url}/messages").json()["messages"]
    return [sms["text"] for sms in kept if sms["to"] == to]


def test_a_phone_number_is_added_from_the_account_page(stack: Stack, phone_page: Page) -> None:
    number, page = _open_account(stack, "07"), phone_page
    page.goto(f"{stack.addresses.issuer}/account")
    page.locator("#number").fill(number)
    page.locator("#password").fill(PASSWORD)
    page.locator("#sign-in").tap()
    page.locator("#phone-change").tap()
    page.locator("#value").fill("12")
    page.locator("#send").tap()
    assert page.locator("#error").get_attribute("data-code") == "phone_invalid"
    page.locator("#value").fill("0987 654 321")
    page.locator("#send").tap()
    page.locator("#code").wait_for()
    wait_until(lambda: bool(_texts(stack, "+84987654321")))
    found = re.search(r"\b\d{6}\b", _texts(stack, "+84987654321")[0])
    assert found
    page.locator("#code").fill(found[0])
    page.locator("#confirm").tap()
    row = page.locator("[data-channel=phone]")
    assert "0987 654 321" in row.inner_text()
    page.goto(stack.addresses.sms_url)
    assert found[0] in page.locator("li").first.inner_text()
    page.goto(f"{stack.addresses.issuer}/account")
    page.locator("#phone-remove").tap()
    page.locator("#phone-remove").wait_for(state="detached")
    assert "0987 654 321" not in row.inner_text()
