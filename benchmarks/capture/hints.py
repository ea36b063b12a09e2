"""What the capture page's live hints cost the phone's main thread.

    python -m benchmarks.capture.hints [--looks 60]

Chromium films a card photo of 1080 x 1440 and runs the page's own modules, at full speed and slowed
down by the browser's CPU throttle. CPU milliseconds of the main thread for one look, how much of that
is the browser's copy of the picture out of the video, and what remains: our own measuring.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import CDPSession, Page, Route, sync_playwright

from ekyc.registry.seed import build_population
from ekyc.specimen import photograph, print_card
from examples.demo.browser import launch
from examples.demo.camera import CameraFile

STATIC = Path(__file__).resolve().parents[2] / "idp" / "web" / "static"
SITE = "http://localhost:9/"
WIDTH, HEIGHT = 1080, 1440

_OPEN = """async () => {
    const { openCamera } = await import("/capture/camera.js");
    const video = document.body.appendChild(document.createElement("video"));
    await openCamera(video, "environment", 1920, 1440);
    return [video.videoWidth, video.videoHeight];
}"""
_LOOKS = """async ([count, what]) => {
    const { makeLook } = await import("/capture/look.js");
    const { judge } = await import("/capture/judge.js");
    const video = document.querySelector("video");
    const small = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const look = makeLook();
    const acts = {
        nothing: () => {},
        copy: () => small.drawImage(video, 0, 0, 160, 106),
        look: () => judge(look(video, video.videoWidth, video.videoHeight)),
    };
    for (let i = 0; i < count; i += 1) {
        await new Promise((done) => setTimeout(done, 150)); // a newer picture each time
        acts[what]();
    }
}"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--looks", type=int, default=60)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        camera = CameraFile(Path(folder) / "camera.y4m", WIDTH, HEIGHT)
        camera.show(_photo())
        page = launch(playwright, camera.path).new_page()
        page.route(SITE + "**", _serve)
        page.goto(SITE)
        print("camera", page.evaluate(_OPEN))
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # CPU: others share this machine
        page.evaluate(_LOOKS, [5, "look"])  # compiled
        print("| CPU slowed down by | one look, CPU ms | of it copying the picture | of it measuring |")
        print("|---|---|---|---|")
        for rate in (1, 4, 6):
            cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            nothing, copy, look = (
                _cost(page, cdp, asked.looks, what) for what in ("nothing", "copy", "look")
            )
            print(f"| {rate} | {look - nothing:.1f} | {copy - nothing:.1f} | {look - copy:.1f} |")


def _cost(page: Page, cdp: CDPSession, looks: int, what: str) -> float:
    """CPU milliseconds of the main thread for each."""
    before = _task_seconds(cdp)
    page.evaluate(_LOOKS, [looks, what])
    return 1000 * (_task_seconds(cdp) - before) / looks


def _task_seconds(cdp: CDPSession) -> float:
    metrics = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def _photo() -> Any:
    people, samples = build_population(40, seed=5)
    card = print_card(next(person for person in people if person.number == samples["06"]))
    jpeg = np.frombuffer(photograph(card.front, "easy", 7), np.uint8)
    return cv2.resize(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), (WIDTH, HEIGHT))


def _serve(route: Route) -> None:
    path = STATIC / route.request.url.removeprefix(SITE)
    if path.is_file():
        route.fulfill(path=path)
    else:
        route.fulfill(body="<!doctype html><body>", content_type="text/html")


if __name__ == "__main__":
    main()
