"""One running demo and one browser for all browser tests of a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from examples.demo.addresses import Addresses
from examples.demo.browser import DESKTOP, add_passkey_device, launch, phone
from examples.demo.camera import CameraFile
from examples.demo.journey import Journey, open_journey
from examples.demo.stack import Recipe, Stack, open_stack


@dataclass(frozen=True)
class FilmedBrowser:
    """Chromium and the file that it takes for its camera."""

    chromium: Browser
    camera: CameraFile
    playwright: Playwright


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All servers on free ports: ``addresses``, ``citizens`` (number, front, back, frames), ``processes``.

    A sample citizen enrols once a session: tests that enrol take one each (``stack.citizen("05")``).
    The journey takes 04.
    """
    data = tmp_path_factory.mktemp("stack") / "demo"
    with open_stack(data, Addresses.free(), Recipe(count=200, photograph="easy")) as running:
        yield running


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FilmedBrowser]:
    """A real Chromium; each test takes its own context of it."""
    camera = CameraFile(tmp_path_factory.mktemp("camera") / "camera.y4m")
    with sync_playwright() as playwright:
        chromium = launch(playwright, camera.path)
        yield FilmedBrowser(chromium, camera, playwright)
        chromium.close()
    camera.close()


@pytest.fixture
def phone_page(browser: FilmedBrowser) -> Iterator[Page]:
    """A fresh phone with a passkey device and no cookies; nobody stands before its camera."""
    context = phone(browser.chromium)
    page = context.new_page()
    add_passkey_device(page)
    yield page
    context.close()


@pytest.fixture
def desktop_page(browser: FilmedBrowser) -> Iterator[Page]:
    """A fresh desktop browser window, 1280 x 900."""
    context = browser.chromium.new_context(
        viewport={"width": DESKTOP["width"], "height": DESKTOP["height"]}, locale="vi-VN"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def journey_of(stack: Stack, browser: FilmedBrowser, tmp_path: Path) -> Iterator[Callable[[str], Journey]]:
    """``journey_of("05")``: that citizen with a fresh phone, before any step; call its steps one by one.

    One citizen at a time stands before the camera: whose journey was opened last.
    """
    with ExitStack() as opened:

        def start(sample_id: str) -> Journey:
            opened.pop_all().close()
            return opened.enter_context(
                open_journey(
                    browser.chromium, browser.camera, stack, stack.citizen(sample_id), tmp_path / sample_id
                )
            )

        yield start
