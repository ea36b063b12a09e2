"""Play one citizen in a phone-sized browser: enrol in one city app, then one tap in the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from examples.demo.browser import add_passkey_device, launch, phone
from examples.demo.camera import Actor, CameraFile
from examples.demo.citizens import SampleCitizen, registry_record
from examples.demo.processes import tail
from examples.demo.stack import Stack
from examples.demo.steps import Steps

SIGN_IN_BUTTON = "a[href*='/motcham/sign-in']"
FORM_PATH = "/thu-tuc/cap-ban-sao-trich-luc-khai-sinh/to-khai"
PATIENCE = 45_000  # ms until an expected page must be there
FACE_SECONDS = 120.0


class JourneyError(Exception):
    """A page was not what the citizen expected."""


class Journey:
    """The steps of one citizen; ``steps`` tells which held. Screenshots go to ``folder``."""

    def __init__(self, stack: Stack, citizen: SampleCitizen, page: Page, actor: Actor, folder: Path) -> None:
        self.stack = stack
        self.citizen = citizen
        self.page = page
        self.actor = actor
        self.folder = folder
        self._shots = 0
        self.record: dict[str, Any] = registry_record(stack.addresses.registry_url, citizen.number)

    def script(self) -> list[tuple[str, Callable[[], None]]]:
        """What the citizen does, in order."""
        return [
            ("opens Dịch vụ công, the form for a birth record", self.open_form),
            ("taps “Đăng nhập Một Chạm”", self.tap_sign_in),
            ("has no account: starts one and agrees", self.start_enrolment),
            ("photographs the front of the card", lambda: self.photograph(self.citizen.front, "/back")),
            ("photographs the back of the card", lambda: self.photograph(self.citizen.back, "/face")),
            ("does in front of the camera what is asked", self.show_face),
            ("reads what was understood and confirms", self.confirm),
            ("chooses a passkey", self.create_passkey),
            ("lets the app, and all apps of the province, see the data", self.consent),
            ("is back in Dịch vụ công, the form is filled", self.check_form),
            ("opens Phản ánh hiện trường", self.open_second_app),
            ("one tap: signed in", self.one_tap),
        ]

    def open_form(self) -> None:
        self.page.goto(self.stack.addresses.dich_vu_cong_url + FORM_PATH)
        self.expect(SIGN_IN_BUTTON)
        self.shot("app-a-before")

    def tap_sign_in(self) -> None:
        self.page.locator(SIGN_IN_BUTTON).first.tap()
        self.expect("#enrol")
        self.shot("sign-in")

    def start_enrolment(self) -> None:
        self.page.locator("#enrol").tap()
        self.expect("#agree_face")
        self.page.locator("#agree_document").check()
        self.page.locator("#agree_face").check()
        self.shot("enrol-start")
        self.page.locator("#continue").tap()
        self.expect("#photo", visible=False)
        self.shot("enrol-front")

    def photograph(self, photo: Path, then: str) -> None:
        self.page.locator("#photo").set_input_files(photo)
        self.page.locator("#continue").tap()
        self.arrive(then)
        self.shot(f"enrol{then.replace('/', '-')}")

    def show_face(self) -> None:
        """Follow the sign on the screen until the page moves on by itself."""
        self.page.locator("#start").tap()
        deadline = time.monotonic() + FACE_SECONDS
        pictured = False
        while "/enrol/face" in self.page.url:
            asked = self._asked()
            self.actor.perform(asked)
            if asked != "neutral" and not pictured:
                pictured = True
                self.shot("enrol-face-asked")
            if self.page.locator("#again").is_visible():
                raise JourneyError(f"the face step failed: {self._words('#hint')}")
            if time.monotonic() > deadline:
                raise JourneyError(f"the face step did not end: {self._words('#hint')}")
            self.page.wait_for_timeout(100)
        self.actor.perform("neutral")
        self.expect("#confirm")

    def _asked(self) -> str:
        """The action whose sign is shown now."""
        try:
            sign = self.page.evaluate(
                "() => document.querySelector('[data-sign]:not([hidden])')?.dataset.sign"
            )
        except BrowserError:  # the page moved on in this very moment
            return "neutral"
        return str(sign or "neutral")

    def confirm(self) -> None:
        shown = self._words("main")
        for wanted in (self.citizen.full_name, self.citizen.number):
            if wanted not in shown and wanted not in shown.replace(" ", ""):
                raise JourneyError(f"the review page does not show {wanted!r}")
        self.shot("enrol-review")
        self.page.locator("#confirm").tap()
        self.expect("#passkey")
        self.shot("enrol-credential")

    def create_passkey(self) -> None:
        self.page.locator("#passkey").tap()
        self.expect("#allow")

    def consent(self) -> None:
        self.page.locator("#whole_province").check()
        self.shot("consent")
        self.page.locator("#allow").tap()
        self.page.wait_for_url(f"{self.stack.addresses.dich_vu_cong_url}/**", timeout=PATIENCE)

    def check_form(self) -> None:
        if FORM_PATH not in self.page.url:
            raise JourneyError(f"the citizen came back to {self.page.url}, not to the form")
        self.expect("#full_name")
        self.shot("app-a-filled")
        born = self.record["date_of_birth"]
        expected = {
            "full_name": {self.record["full_name"]},
            "personal_number": {self.record["number"]},
            "birthdate": {born, "/".join(reversed(born.split("-")))},
            "place_of_birth": {self.record["place_of_birth"]},
            "address": {self.record["place_of_residence"]},
        }
        wrong = [name for name, values in expected.items() if self._value(name) not in values]
        if wrong:
            raise JourneyError(f"the form differs from the registry in: {', '.join(wrong)}")

    def _value(self, name: str) -> str:
        return self.page.locator(f"#{name}").input_value(timeout=2000).strip()

    def open_second_app(self) -> None:
        self.page.goto(self.stack.addresses.phan_anh_url + "/")
        self.expect(SIGN_IN_BUTTON)
        self.shot("app-b-before")

    def one_tap(self) -> None:
        """Nothing but redirects may lie between the tap and the app."""
        seen: list[str] = []

        def note(frame: Any) -> None:
            if frame.parent_frame is None:
                seen.append(frame.url)

        self.page.on("framenavigated", note)
        self.page.locator(SIGN_IN_BUTTON).first.tap()
        self.expect(f"text={self.citizen.full_name}")
        self.page.remove_listener("framenavigated", note)
        self.shot("app-b-signed-in")
        stops = [url for url in seen if not url.startswith(self.stack.addresses.phan_anh_url + "/")]
        if stops:
            raise JourneyError(f"one tap was not enough: the citizen was stopped at {stops[0]}")

    def arrive(self, ending: str) -> None:
        """Wait for an address ending so; a page that says why not ends the wait at once."""
        self._wait(lambda: self.page.url.split("?")[0].endswith(ending), f"the page {ending}")

    def expect(self, selector: str, *, visible: bool = True) -> None:
        """Wait for an element; raises JourneyError telling what was there instead."""
        wanted = self.page.locator(selector).first
        self._wait(wanted.is_visible if visible else lambda: wanted.count() > 0, selector)

    def _wait(self, holds: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE / 1000
        while not holds():
            alert = self.page.locator("[role=alert]:visible")
            if alert.count():
                raise JourneyError(f"instead of {what} the page says: {self._words('[role=alert]:visible')}")
            if time.monotonic() > deadline:
                raise JourneyError(f"{what} did not come; {self.page.url} says: {self._words('main')[:200]}")
            self.page.wait_for_timeout(50)

    def _words(self, selector: str) -> str:
        found = self.page.locator(selector)
        try:
            return " ".join(found.first.inner_text(timeout=2000).split())
        except BrowserError:
            return ""

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page."""
        self._shots += 1
        self.page.wait_for_load_state("load")
        self.page.screenshot(path=self.folder / f"{self._shots:02d}-{name}.png", full_page=True)

    def keep_evidence(self) -> None:
        """After a failure: the page as it looks and as it is written."""
        try:
            self.shot("FAILED")
            (self.folder / "FAILED.html").write_text(self.page.content(), encoding="utf-8")
        except BrowserError as error:
            (self.folder / "FAILED.html").write_text(f"<!-- {error} -->", encoding="utf-8")


def play(stack: Stack, citizen: SampleCitizen, folder: Path) -> Steps:
    """The whole journey in a fresh browser. Never raises for a step that fails: ``steps.failed`` tells."""
    folder.mkdir(parents=True, exist_ok=True)
    camera = CameraFile(folder / "camera.y4m")
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright, camera.path)
            steps = play_in(browser, camera, stack, citizen, folder)
            browser.close()
            return steps
    finally:
        camera.close()


def play_in(
    browser: Browser, camera: CameraFile, stack: Stack, citizen: SampleCitizen, folder: Path
) -> Steps:
    """As ``play``, in a browser that is running with ``camera``."""
    with open_journey(browser, camera, stack, citizen, folder) as journey:
        return _run(journey)


@contextmanager
def open_journey(
    browser: Browser, camera: CameraFile, stack: Stack, citizen: SampleCitizen, folder: Path
) -> Iterator[Journey]:
    """One citizen with a fresh phone and a passkey device, standing before the camera."""
    folder.mkdir(parents=True, exist_ok=True)
    context = phone(browser)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    add_passkey_device(page)
    actor = Actor(camera, citizen.frames())
    actor.start()
    try:
        yield Journey(stack, citizen, page, actor, folder)
    finally:
        actor.stop()
        context.close()


def _run(journey: Journey) -> Steps:
    script = journey.script()
    steps = Steps("journey", len(script))
    for title, act in script:
        try:
            with steps.step(title):
                act()
        except (JourneyError, BrowserError):
            journey.keep_evidence()
            _tell(journey)
            break
    return steps


def _tell(journey: Journey) -> None:
    print(f"         page and screenshot: {journey.folder}")
    for name in ("provider", "ekyc", "registry", "dich_vu_cong", "phan_anh"):
        words = tail(journey.stack.processes.log_of(name), 12)
        if words:
            print(f"--- end of {name}.log\n{words}")
