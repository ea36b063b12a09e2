"""The capture pages in a real browser: automatic shutter before a filmed card, and bad networks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as BrowserError

from examples.demo.browser import launch, phone
from examples.demo.camera import Actor, CameraFile
from examples.demo.citizens import face_frames
from tests.e2e.card_scene import HEIGHT, WIDTH, scene
from tests.e2e.conftest import FilmedBrowser
from tests.e2e.office import Office, open_office

PATIENCE = 40_000  # ms, on a busy machine


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory, browser: FilmedBrowser) -> Iterator[FilmedBrowser]:
    """A second browser, with a rear camera: larger pictures than the one before the face."""
    camera = CameraFile(tmp_path_factory.mktemp("camera") / "rear.y4m", WIDTH, HEIGHT)
    chromium = launch(browser.playwright, camera.path)
    yield FilmedBrowser(chromium, camera, browser.playwright)
    chromium.close()
    camera.close()


@pytest.fixture
def page(filmed: FilmedBrowser) -> Iterator[Page]:
    context = phone(filmed.chromium, scale=1)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


def _until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE / 1000) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def _hint(page: Page, key: str) -> None:
    """Waits until the dialog says the hint of that name."""
    words = page.locator("#viewfinder").get_attribute(f"data-{key}")
    assert words
    page.locator("#camera-hint", has_text=words).wait_for()


def _choose(page: Page, office: Office) -> None:
    page.locator("#photo").set_input_files(office.files["front"])
    page.locator("#continue").click()


def test_hints_lead_to_two_photos_without_a_tap(page: Page, filmed: FilmedBrowser, office: Office) -> None:
    filmed.camera.show(scene(None))
    office.begin(page)
    page.locator("#open-camera").tap()
    _hint(page, "hint-place")
    filmed.camera.show(scene(office.flat["front"], lamp=0.2))
    _hint(page, "hint-glare")
    filmed.camera.show(scene(office.flat["front"], light=0.3))
    _hint(page, "hint-dark")
    filmed.camera.show(scene(office.flat["front"]))
    page.wait_for_url("**/enrol/back")
    _hint(page, "text-turn-over")  # the camera is open again
    filmed.camera.show(scene(office.flat["back"]))
    page.wait_for_url("**/enrol/face")
    assert office.photos() == 2


def test_the_wrong_side_is_told_in_the_dialog_and_taken_again(
    page: Page, filmed: FilmedBrowser, office: Office
) -> None:
    filmed.camera.show(scene(office.flat["back"]))
    office.begin(page)
    page.locator("#open-camera").tap()
    alert = page.locator("#viewfinder [role=alert]")
    alert.wait_for()
    assert alert.get_attribute("data-code") == "card_wrong_side"
    # By hand, although nothing is to be seen: the citizen decides, and looks at the photo first.
    filmed.camera.show(scene(None))
    page.locator("#retake").tap()
    _hint(page, "hint-place")
    page.locator("#shutter").tap()
    filmed.camera.show(scene(office.flat["front"]))
    page.locator("#use-shot").wait_for()
    page.locator("#retake").tap()
    page.wait_for_url("**/enrol/back")
    assert office.photos() == 2


def test_the_camera_by_keyboard(page: Page, filmed: FilmedBrowser, office: Office) -> None:
    filmed.camera.show(scene(None))
    office.begin(page)
    page.locator("#open-camera").focus()
    page.keyboard.press("Enter")
    page.locator("#shutter").wait_for()
    assert page.evaluate("document.activeElement.id") == "shutter"
    page.keyboard.press("Enter")
    page.locator("#use-shot").wait_for()
    assert page.evaluate("document.activeElement.id") == "use-shot"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "retake"
    page.keyboard.press("Escape")
    assert not page.locator("#viewfinder").is_visible()
    assert page.evaluate("document.activeElement.id") == "open-camera"
    assert page.evaluate("document.querySelector('#card-camera').srcObject") is None  # the camera is off


@pytest.mark.parametrize("locale", ["vi-VN", "en-GB"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_everything_fits_and_is_big_enough(
    filmed: FilmedBrowser, office: Office, width: int, height: int, locale: str
) -> None:
    filmed.camera.show(scene(None))
    context = filmed.chromium.new_context(viewport={"width": width, "height": height}, locale=locale)
    page = context.new_page()
    office.begin(page)
    page.locator("#open-camera").click()
    page.locator("#shutter").wait_for()
    for name in ("shutter", "close-camera", "card-camera", "camera-hint"):
        box = page.locator(f"#{name}").bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
        assert name == "camera-hint" or box["height"] >= 48
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_connection_that_breaks_costs_one_piece(page: Page, office: Office) -> None:
    office.begin(page)
    size = office.files["front"].stat().st_size
    page.locator("#photo").set_input_files(office.files["front"])
    cuts, sent = office.wire.cuts, office.wire.sent
    office.wire.cut_after(size // 2)
    page.locator("#continue").click()
    page.wait_for_url("**/enrol/back")
    assert office.wire.cuts == cuts + 1
    assert office.wire.sent - sent < size + 2 * 256 * 1024 + 60_000
    assert office.photos() == 1


@pytest.mark.parametrize("request_line", ["POST {}/upload HTTP", "PATCH {}/upload/", "POST {}/upload/"])
def test_a_lost_answer_counts_no_photo_twice(page: Page, office: Office, request_line: str) -> None:
    office.begin(page)
    cuts = office.wire.cuts
    office.wire.lose_answer_to(request_line.format(page.url.removeprefix(office.issuer)).encode())
    _choose(page, office)
    page.wait_for_url("**/enrol/back")
    assert office.wire.cuts == cuts + 1
    assert office.photos() == 1


def test_offline_is_said_and_sending_goes_on_by_itself(page: Page, office: Office) -> None:
    office.begin(page)
    page.context.set_offline(True)
    _choose(page, office)
    page.locator("#upload-text", has_text="Mất mạng").wait_for()
    page.context.set_offline(False)
    page.wait_for_url("**/enrol/back")


def test_a_slow_network_shows_how_far_it_is_and_a_reload_goes_on(page: Page, office: Office) -> None:
    office.begin(page)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 25_000}
    cdp.send("Network.emulateNetworkConditions", slow)
    _choose(page, office)
    bar = page.locator("#upload")
    seen: list[float] = []

    def over_a_third() -> bool:
        seen.append(bar.evaluate("bar => bar.value"))
        return seen[-1] > 35

    _until(over_a_third, "the bar moves")
    assert len(set(seen)) >= 3
    page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?"
    sent = office.wire.sent
    page.goto(page.url)
    cdp.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    _choose(page, office)  # the same picture once more: what arrived is not sent again
    page.wait_for_url("**/enrol/back")
    assert office.wire.sent - sent < 0.8 * office.files["front"].stat().st_size


def test_without_script_the_form_sends_the_file(filmed: FilmedBrowser, office: Office) -> None:
    context: BrowserContext = filmed.chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    office.begin(page)
    assert not page.locator("#open-camera").is_visible()
    _choose(page, office)
    page.wait_for_url("**/enrol/back")
    context.close()


def test_the_face_step_bears_a_bad_network(browser: FilmedBrowser, office: Office) -> None:
    """Offline in the middle, and an answer lost: the same challenge goes on to its end."""
    context = phone(browser.chromium, scale=1)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    office.begin(page)
    for side in office.files:
        page.locator("#photo").set_input_files(office.files[side])
        page.locator("#continue").click()
        page.wait_for_url("**/enrol/back" if side == "front" else "**/enrol/face")
    actor = Actor(browser.camera, face_frames(office.sample))
    actor.start()
    page.locator("#start").click()
    trouble = [
        lambda: office.wire.lose_answer_to(f"POST {page.url.removeprefix(office.issuer)}/frames".encode()),
        lambda: _offline(page),
    ]

    def over() -> bool:
        """The citizen does what the page shows; trouble comes once the first movement is done."""
        try:
            asked, done, failed = page.evaluate(_SHOWN)
        except BrowserError:  # the page moved on in this very moment
            return False
        if asked is None:
            return "/enrol/face" not in page.url
        assert not failed, page.locator("#hint").inner_text()
        actor.perform(asked or "neutral")
        if trouble and done:
            trouble.pop()()
        return False

    cuts = office.wire.cuts
    try:
        _until(over, "the face step ends", seconds=110)
    finally:
        actor.stop()
    page.wait_for_url("**/enrol/review")
    assert office.wire.cuts == cuts + 1
    context.close()


_SHOWN = """() => {
    const root = document.querySelector("#challenge");
    if (!root) return [null, 0, false];
    const sign = root.querySelector("[data-sign]:not([hidden])");
    const done = root.querySelector("#face-progress").value;
    return [sign ? sign.dataset.sign : "", done, root.matches(".failed")];
}"""


def _offline(page: Page) -> None:
    page.context.set_offline(True)
    page.locator("#advice", has_text="Mất mạng").wait_for()
    page.context.set_offline(False)
