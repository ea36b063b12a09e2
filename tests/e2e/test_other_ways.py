"""What else happens to citizens: a wrong photo, a password instead of a passkey, leaving, coming back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from examples.demo.journey import SIGN_IN_BUTTON, Journey
from examples.demo.stack import Stack

PASSWORD = "hoa sữa đầu mùa"


def _to_front(journey: Journey) -> None:
    journey.open_form()
    journey.tap_sign_in()
    journey.start_enrolment()


def test_a_wrong_photo_says_so_and_the_next_one_goes_on(journey_of: Callable[[str], Journey]) -> None:
    journey = journey_of("08")
    _to_front(journey)
    page, citizen = journey.page, journey.citizen
    page.locator("#photo").set_input_files(citizen.back)
    page.locator("#continue").tap()
    alert = page.locator("[role=alert]")
    alert.wait_for()
    assert alert.get_attribute("data-code") == "card_wrong_side"
    page.goto(page.url)
    journey.photograph(citizen.front, "/back")
    # The browser is closed here; whoever comes back goes on where they were.
    page.goto(journey.stack.addresses.dich_vu_cong_url)
    journey.open_form()
    journey.tap_sign_in()
    page.locator("#enrol").tap()
    page.locator("#resume").tap()
    journey.arrive("/enrol/back")


def test_a_password_signs_in_on_another_device(
    journey_of: Callable[[str], Journey], desktop_page: Page, stack: Stack
) -> None:
    journey = journey_of("05")
    _to_front(journey)
    journey.photograph(journey.citizen.front, "/back")
    journey.photograph(journey.citizen.back, "/face")
    journey.show_face()
    journey.confirm()
    page = journey.page
    page.locator("#password").fill(PASSWORD)
    page.locator("#password_again").fill(PASSWORD)
    page.locator("#save").tap()
    journey.expect("#allow")
    page.locator("#allow").tap()
    page.wait_for_url(f"{stack.addresses.dich_vu_cong_url}/**")
    journey.check_form()

    desktop_page.goto(stack.addresses.phan_anh_url)
    desktop_page.locator(SIGN_IN_BUTTON).first.click()
    desktop_page.locator("#number").fill(journey.citizen.number)
    desktop_page.locator("#password").fill(PASSWORD)
    desktop_page.locator("#sign-in").click()
    desktop_page.locator("#allow").click()  # the first consent was for one app only
    desktop_page.get_by_text(journey.citizen.full_name).first.wait_for()
    # Leaving the app leaves the provider too: the next tap asks for sign-in again.
    desktop_page.locator("form[action='/motcham/sign-out'] button").first.click()
    desktop_page.locator(SIGN_IN_BUTTON).first.wait_for()
    desktop_page.locator(SIGN_IN_BUTTON).first.click()
    desktop_page.locator("#number").wait_for()


@pytest.mark.parametrize("path", ["/", "/account", "/admin/sign-in", "/nothing-here"])
def test_pages_load_without_errors(desktop_page: Page, stack: Stack, path: str) -> None:
    """No script error, nothing that the content security policy blocks."""
    problems: list[str] = []
    desktop_page.on("pageerror", lambda error: problems.append(str(error)))
    desktop_page.on("console", lambda said: problems.append(said.text) if "Policy" in said.text else None)
    desktop_page.goto(f"{stack.addresses.issuer}{path}")
    desktop_page.wait_for_load_state("load")
    assert problems == []
    assert desktop_page.locator("h1").count() == 1
