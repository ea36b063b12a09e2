"""A real Chromium without a window, at the size of a phone, with a passkey and a fake camera."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowserError(Exception):
    """No Chromium on this machine."""


def find_chromium() -> str | None:
    """The browser that ``launch`` would start, or None."""
    with sync_playwright() as playwright:
        try:
            return _executable(playwright)
        except NoBrowserError:
            return None


def launch(playwright: Playwright, camera: Path) -> Browser:
    """Start Chromium with ``camera`` (a y4m file that may be redrawn while it is open) as its camera.

    Raises NoBrowserError.
    """
    return playwright.chromium.launch(
        executable_path=_executable(playwright),
        headless=False,  # the new headless mode below is the full browser
        args=[
            "--headless=new",
            "--disable-dev-shm-usage",  # containers have a small /dev/shm
            "--disable-background-networking",
            "--no-first-run",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={camera.absolute()}",
        ],
    )


def _executable(playwright: Playwright) -> str:
    """The browser on PATH, else the build that Playwright installed. Raises NoBrowserError."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    raise NoBrowserError("no Chromium was found; `make setup` installs it (package chromium)")


def phone(browser: Browser, scale: int = 2) -> BrowserContext:
    """A Vietnamese citizen's phone: a fresh context with touch, 390 x 844 points."""
    return browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        device_scale_factor=scale,
        is_mobile=True,
        has_touch=True,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )


def add_passkey_device(page: Page) -> str:
    """Give this tab a built-in authenticator that verifies its user; returns its id (WebAuthn over CDP)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable", {"enableUI": False})
    added = cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "ctap2Version": "ctap2_1",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
                "defaultBackupEligibility": True,
                "defaultBackupState": True,
            }
        },
    )
    return str(added["authenticatorId"])


if __name__ == "__main__":
    found = find_chromium()
    print(found or "no Chromium found")
    sys.exit(0 if found else 1)
