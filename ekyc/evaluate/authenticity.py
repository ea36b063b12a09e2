"""``ekyc evaluate authenticity``: each cue on honest photos and on attacks; and planted contradictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import click
import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.authenticity.cues import measure_cues
from ekyc.authenticity.view import View
from ekyc.document.geometry import rectify
from ekyc.document.locate import locate
from ekyc.errors import EkycError
from ekyc.evaluate.bounds import wilson
from ekyc.evaluate.deck import people_with_faces
from ekyc.evaluate.planted import caught_by, planted_cards
from ekyc.face.dlib_engine import dlib_engine
from ekyc.image import decode, encode_jpeg
from ekyc.specimen import attacks
from ekyc.specimen.photograph import LEVELS, Level, photograph
from ekyc.specimen.printer import print_card
from ekyc.specimen.style import draw_style
from ekyc.types import DocumentType, Side

Pixels = NDArray[np.uint8]
Prints = list[tuple[Pixels, Side]]
_COPIES: dict[str, Callable[[Pixels, int], Pixels]] = {
    "photocopied": attacks.photocopied,
    "recoloured": attacks.recoloured,
    "on a screen": attacks.on_screen,
}


@click.command("authenticity")
@click.option("--honest", default=200, show_default=True, help="Honest photos, all levels in turns.")
@click.option("--attacks", "forged", default=48, show_default=True, help="Photos of each attack.")
@click.option("--seed", default=600_000, show_default=True)
def authenticity(honest: int, forged: int, seed: int) -> None:
    """How often each cue is raised: on honest photos of specimen cards, and on each kind of attack."""
    cv2.setNumThreads(1)
    prints = _prints(seed)
    tally: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for kind, view in (*_honest(prints, honest, seed), *_attacks(prints, forged, seed)):
        for cue in measure_cues(view):
            tally[cue.name][kind].append(cue.suspicious)
    for name, kinds in tally.items():
        for kind, raised in kinds.items():
            low, high = wilson(sum(raised), len(raised))
            click.echo(
                f"{name:18s} {kind:18s} raised {sum(raised):4d} of {len(raised):4d}  {low:.1%} - {high:.1%}"
            )


def _prints(seed: int) -> Prints:
    """Both sides of sixteen cards by different printers."""
    cards = [
        print_card(p, draw_style(seed + i, "evaluation")) for i, p in enumerate(people_with_faces(16, seed))
    ]
    return [side for card in cards for side in ((card.front, "front"), (card.back, "back"))]


def _honest(prints: Prints, count: int, seed: int) -> Iterator[tuple[str, View]]:
    for i in range(count):
        card, side = prints[i % len(prints)]
        level = LEVELS[(i // len(prints)) % len(LEVELS)]
        yield from _seen("honest", photograph(card, level, seed + i), side)


def _attacks(prints: Prints, count: int, seed: int) -> Iterator[tuple[str, View]]:
    for i in range(count):
        level, (card, side) = LEVELS[i % len(LEVELS)], prints[i % len(prints)]
        for kind, make in _COPIES.items():
            yield from _seen(kind, photograph(make(card, i), level, seed + 7000 + i), side)
        yield from _seen("digital picture", encode_jpeg(card, 80 + i % 20), side)
        front, donor = prints[2 * i % len(prints)][0], prints[(2 * i + 4) % len(prints)][0]
        yield from _spliced(front, donor, level, seed + 9000 + i)


def _spliced(card: Pixels, donor: Pixels, level: Level, seed: int) -> Iterator[tuple[str, View]]:
    photo = decode(photograph(card, level, seed))
    try:
        corners = locate(photo)
    except EkycError:
        return
    if corners[0].sum() > corners[2].sum():  # the photos are never turned by more than 30 degrees
        corners = np.roll(corners, 2, 0)
    forged = attacks.spliced(photo, corners, donor, attacks.PORTRAIT, seed)
    yield from _seen("spliced portrait", encode_jpeg(forged, 88), "front")


def _seen(kind: str, image: bytes, side: Side) -> Iterator[tuple[str, View]]:
    photo = decode(image)
    try:
        corners = locate(photo)
    except EkycError:
        return
    if corners[0].sum() > corners[2].sum():
        corners = np.roll(corners, 2, 0)
    yield kind, View(rectify(photo, corners), photo, DocumentType.CAN_CUOC, side)


@click.command("planted")
@click.option("--count", default=200, show_default=True)
@click.option("--seed", default=700_000, show_default=True)
def planted(count: int, seed: int) -> None:
    """Plant one contradiction in each card; says how each kind was caught, and which were not."""
    cv2.setNumThreads(1)
    engine = dlib_engine()
    ways: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    missed = 0
    for done, card in enumerate(planted_cards(count, seed), 1):
        verdict, reason = caught_by(card, engine)
        ways[card.kind][f"{verdict} {reason}".strip()] += 1
        missed += verdict == "accept"
        if done % 20 == 0 or done == count:
            click.echo(f"{done} cards, {missed} not caught")
    for kind, reasons in ways.items():
        click.echo(f"{kind:12s} {sum(reasons.values()):3d}  {dict(reasons)}")
