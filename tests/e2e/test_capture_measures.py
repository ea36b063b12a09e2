"""What the capture page measures, in a real browser: every hint on drawn scenes, and the pure rules."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest
from playwright.sync_api import Page, Route

from ekyc.registry.seed import build_population
from ekyc.specimen import print_card
from tests.e2e.card_scene import Picture, scene
from tests.e2e.conftest import FilmedBrowser

STATIC = Path(__file__).resolve().parents[2] / "idp" / "web" / "static"
SITE = "http://capture.localhost/"

# What is wrong with a scene, and the hint for it; "hold" lets the shutter fire.
SCENES: list[tuple[str, dict[str, Any]]] = [
    ("hold", {}),
    ("hold", {"table": 1}),
    ("hold", {"table": 2}),
    ("hold", {"tilt": -4}),
    ("hold", {"fill": 1.0}),
    ("hold", {"light": 0.55}),
    ("hold", {"blur": 0.7}),
    ("dark", {"light": 0.3}),
    ("bright", {"light": 1.7}),
    ("glare", {"lamp": 0.15}),
    ("blurred", {"blur": 4}),
    ("far", {"fill": 0.6, "table": 1}),
    ("place", {"shift": 330}),
]


@pytest.fixture(scope="module")
def page(browser: FilmedBrowser) -> Iterator[Page]:
    """An empty page of a site that has the modules."""

    def serve(route: Route) -> None:
        path = STATIC / route.request.url.removeprefix(SITE)
        if path.is_file():
            route.fulfill(path=path)
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    context = browser.chromium.new_context()
    opened = context.new_page()
    opened.route(SITE + "**", serve)
    opened.goto(SITE)
    yield opened
    context.close()


@pytest.fixture(scope="module")
def cards() -> list[Picture]:
    """Front and back, as a printer makes them."""
    people, samples = build_population(40, seed=5)
    card = print_card(next(person for person in people if person.number == samples["06"]))
    return [cv2.cvtColor(side, cv2.COLOR_RGB2BGR).astype("uint8") for side in (card.front, card.back)]


def _hint(page: Page, *pictures: Picture) -> str:
    """The judgement of the last of these looks."""
    urls = [
        "data:image/jpeg;base64," + b64encode(cv2.imencode(".jpg", one)[1].tobytes()).decode()
        for one in pictures
    ]
    hint: str = page.evaluate(
        """async (urls) => {
            const { makeLook } = await import("/capture/look.js");
            const { judge } = await import("/capture/judge.js");
            const look = makeLook();
            let measures;
            for (const url of urls) {
                const image = new Image();
                image.src = url;
                await image.decode();
                measures = look(image, image.naturalWidth, image.naturalHeight);
            }
            return judge(measures);
        }""",
        urls,
    )
    return hint


@pytest.mark.parametrize(("hint", "fault"), SCENES, ids=str)
def test_each_fault_has_its_hint(page: Page, cards: list[Picture], hint: str, fault: dict[str, Any]) -> None:
    for card in cards:
        picture = scene(card, **fault)
        assert _hint(page, picture, picture) == hint


def test_a_table_without_a_card_is_never_photographed(page: Page) -> None:
    for table in (0, 1, 2):
        picture = scene(None, table=table, seed=table)
        assert _hint(page, picture, picture) in ("place", "dark")


def test_a_moving_card_is_waited_for(page: Page, cards: list[Picture]) -> None:
    there, here = scene(cards[0], shift=-25), scene(cards[0], shift=25)
    assert _hint(page, there, here) == "still"
    assert _hint(page, there) == "still"  # one look cannot tell


@pytest.fixture
def call(page: Page) -> Callable[..., Any]:
    """``call(module, function, *arguments)`` of a module of the page."""

    def called(module: str, function: str, *arguments: Any) -> Any:
        script = "async ([m, f, a]) => (await import(`/capture/${m}.js`))[f](...a)"
        return page.evaluate(script, [module, function, list(arguments)])

    return called


def test_the_shutter_fires_after_three_quarters_of_a_second_without_a_break(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const { makeSteady } = await import("/capture/steady.js");
            const feed = makeSteady();
            const looks = [[true, 0], [true, 400], [false, 500], [true, 600], [true, 900], [true, 1200]];
            return [...looks, [true, 1350]].map(([good, now]) => feed(good, now));
        }"""
    )
    assert [one["fire"] for one in told] == [False] * 6 + [True]
    assert [one["count"] for one in told] == [3, 2, 0, 3, 2, 1, 1]


def test_waiting_grows_to_a_limit_and_differs_between_phones(page: Page) -> None:
    delays: list[list[float]] = page.evaluate(
        """async () => {
            const { delay } = await import("/capture/retry.js");
            return [0, 0.999].map((luck) => [1, 2, 3, 6, 20].map((attempt) => delay(attempt, () => luck)));
        }"""
    )
    soonest, latest = delays
    assert soonest == [250, 500, 1000, 7500, 7500]
    assert all(a < b <= 2 * a for a, b in zip(soonest, latest, strict=True))


def test_pieces_and_frames_fit_the_network(call: Callable[..., Any]) -> None:
    assert call("upload", "pieceSize", 65536, 10) == 19661  # 6.5 kB a second: three seconds of it
    assert call("upload", "pieceSize", 1000, 30) == 16384
    assert call("upload", "pieceSize", 10**6, 0.1) == 256 * 1024
    assert [call("frames", "paceFor", speed)["height"] for speed in (10**6, 30_000, 6_000, 0)] == [
        640,
        560,
        480,
        480,
    ]


def test_the_frame_has_a_cards_shape_in_every_picture(call: Callable[..., Any]) -> None:
    for width, height in ((1080, 1920), (1920, 1080), (640, 480), (1440, 1440)):
        frame = call("frame", "cardFrame", width, height)
        assert frame["width"] / frame["height"] == pytest.approx(85.6 / 53.98)
        assert frame["left"] >= 0.05 * width
        assert frame["top"] >= 0.05 * height
