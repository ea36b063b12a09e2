"""Cards to measure with: invented people, printed in many styles and photographed at four levels."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.evaluate.sample import Sample, truth_of
from ekyc.image import encode_jpeg
from ekyc.registry.person import Person
from ekyc.registry.seed import build_population
from ekyc.specimen.photograph import photograph
from ekyc.specimen.printer import print_card
from ekyc.specimen.samples import sample_citizens
from ekyc.specimen.style import Pool, draw_style

CardLevel = Literal["flat", "easy", "ordinary", "hard"]
LEVELS: tuple[CardLevel, ...] = get_args(CardLevel)
EVALUATION_SEED = 261_122  # nothing was tuned on it; tuning used seeds below 10,000
KINDS = ("cccd_chip", "can_cuoc")


def deck(cards: int, seed: int, levels: Sequence[CardLevel], pool: Pool) -> Iterator[Sample]:
    """``cards`` for each level, half of each kind; other people, prints and photos at each level."""
    people = people_with_faces(cards * len(levels), seed)
    for turn, level in enumerate(levels):
        for i in range(cards):
            number = turn * cards + i
            yield _sample(people[number], f"{level}-{i:03d}", level, seed * 1000 + number, pool)


def people_with_faces(count: int, seed: int) -> list[Person]:
    """As many of each kind, in turns, each with a face on the card."""
    population, _ = build_population(4 * count + 60, seed)
    by_kind = [[p for p in population if p.card.kind == kind] for kind in KINDS]
    portraits = [citizen.portrait() for citizen in sample_citizens()]
    chosen = [by_kind[i % 2][i // 2] for i in range(count)]
    return [
        dataclasses.replace(person, portrait=portraits[i % len(portraits)]) for i, person in enumerate(chosen)
    ]


def _sample(person: Person, name: str, level: CardLevel, seed: int, pool: Pool) -> Sample:
    card = print_card(person, draw_style(seed, pool))
    front = _photo(card.front, level, 2 * seed)
    return Sample(name, level, front, _photo(card.back, level, 2 * seed + 1), truth_of(person))


def _photo(side: NDArray[np.uint8], level: CardLevel, seed: int) -> bytes:
    """A flat scan is the print itself."""
    return encode_jpeg(side, 92) if level == "flat" else photograph(side, level, seed)


def write(samples: Iterator[Sample], folder: Path) -> int:
    """Photos and ``truth.json``, as ``folder.read`` wants them; returns how many cards."""
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    records = []
    for sample in samples:
        record: dict[str, str | None] = {"level": sample.level, **sample.truth}
        for side, photo in (("front", sample.front), ("back", sample.back)):
            if photo is not None:
                record[side] = f"{sample.name}-{side}.jpg"
                (folder / f"{sample.name}-{side}.jpg").write_bytes(photo)
        records.append(record)
    text = json.dumps({"cards": records}, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
    return len(records)
