"""Counts of what was read right: per level, way of reading, source and field."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ekyc.document.checks import agree
from ekyc.document.fuse import fuse
from ekyc.document.read import read_side
from ekyc.errors import EkycError
from ekyc.evaluate.sample import Sample, Truth
from ekyc.types import DocumentReading, Field, SideReading

# what each way of reading may use
WAYS: dict[str, tuple[str, ...]] = {
    "qr+mrz+print": ("qr", "mrz", "print"),
    "qr+print": ("qr", "print"),
    "mrz+print": ("mrz", "print"),
    "print": ("print",),
}
SOURCES = ("qr", "mrz", "print")
WHOLE = "whole_card"
Key = tuple[str, str, str]  # level, way or alone(source), field


def alone(source: str) -> str:
    """Name of the column of one source by itself."""
    return f"only {source}"


@dataclass(slots=True)
class Tally:
    """``of``: how many were to be read; ``right``: how many were, exactly."""

    cards: Counter[str] = field(default_factory=Counter)
    of: Counter[Key] = field(default_factory=Counter)
    right: Counter[Key] = field(default_factory=Counter)
    confirmed: Counter[tuple[str, str]] = field(default_factory=Counter)
    confirmed_wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    failed_checks: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    misread: list[str] = field(default_factory=list)


def add(tally: Tally, sample: Sample, ways: tuple[str, ...]) -> None:
    """Read one card and count it. A refused side counts as wrong in all that was to be read."""
    tally.cards[sample.level] += 1
    begin = time.process_time()
    sides = _read(tally, sample)
    tally.seconds[sample.level].append(time.process_time() - begin)
    for source in SOURCES:
        _count_source(tally, sample, source, sides)
    for way in ways:
        _count_way(tally, sample, way, sides)


def _read(tally: Tally, sample: Sample) -> list[SideReading]:
    sides = []
    for side, photo in (("front", sample.front), ("back", sample.back)):
        try:
            if photo is not None:
                sides.append(read_side(photo, "front" if side == "front" else "back"))
        except EkycError as error:
            tally.refused[sample.level][f"{side}: {error.code}"] += 1
            tally.misread.append(f"{sample.name} {side}: {error.code} ({error.detail})")
    return sides


def _count_source(tally: Tally, sample: Sample, source: str, sides: list[SideReading]) -> None:
    """What one source says by itself, of the fields that this source holds."""
    read: dict[str, Field] = {}
    for side in sides:
        read = {**side.fields.get(source, {}), **read}
    for name, wanted in sample.truth.items():
        if name not in _HELD[source]:
            continue
        key = (sample.level, alone(source), name)
        tally.of[key] += 1
        found = read.get(name)
        tally.right[key] += found is not None and _says(source, name, found.value, wanted)


def _says(source: str, name: str, value: str | None, wanted: str | None) -> bool:
    if source == "mrz":  # base letters only, and of a long name only the beginning
        return agree(name, (source, value), ("truth", wanted))
    # the code holds a name in small letters
    return (value.upper() if value and name == "full_name" else value) == wanted


_ZONE = frozenset(("number", "full_name", "date_of_birth", "sex", "nationality", "date_of_expiry"))
_HELD: dict[str, frozenset[str]] = {
    "qr": frozenset(("number", "full_name", "date_of_birth", "sex", "place_of_residence", "date_of_issue")),
    "mrz": _ZONE,
    "print": _ZONE | {"place_of_origin", "place_of_residence", "date_of_issue"},
}


def _count_way(tally: Tally, sample: Sample, way: str, sides: list[SideReading]) -> None:
    reading = _fused(tally, sample, way, sides)
    right = {n for n, v in sample.truth.items() if reading is not None and reading.fields[n].value == v}
    for name in sample.truth:
        tally.of[sample.level, way, name] += 1
        tally.right[sample.level, way, name] += name in right
    tally.of[sample.level, way, WHOLE] += 1
    tally.right[sample.level, way, WHOLE] += right == sample.truth.keys()
    if reading is None:
        return
    _count_confirmed(tally, sample, way, reading, sample.truth.keys() - right)
    if way == next(iter(WAYS)):
        tally.failed_checks[sample.level].update(c.name for c in reading.checks if c.outcome == "fail")
    for name in sorted(sample.truth.keys() - right):
        tally.misread.append(_line(sample, way, name, reading.fields[name], sample.truth))


def _fused(tally: Tally, sample: Sample, way: str, sides: list[SideReading]) -> DocumentReading | None:
    """The fused reading from the sources of this way; None when a side is missing or they are refused."""
    if len(sides) < 1 + (sample.back is not None):
        return None
    kept = [
        dataclasses.replace(side, fields={s: f for s, f in side.fields.items() if s in WAYS[way]})
        for side in sides
    ]
    try:
        return fuse(kept[0], kept[1] if len(kept) > 1 else None)
    except EkycError as error:
        tally.refused[sample.level][f"{way}: {error.code}"] += 1
        return None


def _count_confirmed(
    tally: Tally, sample: Sample, way: str, reading: DocumentReading, wrong: set[str]
) -> None:
    confirmed = {name for name in sample.truth if reading.fields[name].confirmed}
    tally.confirmed[sample.level, way] += len(confirmed)
    tally.confirmed_wrong[sample.level, way] += len(confirmed & wrong)
    for name in sorted(confirmed & wrong):
        tally.misread.append(f"CONFIRMED {_line(sample, way, name, reading.fields[name], sample.truth)}")


def _line(sample: Sample, way: str, name: str, read: Field, truth: Truth) -> str:
    return (
        f"{sample.name} [{way}] {name}: {read.value!r} for {truth[name]!r} "
        f"({read.source} {read.confidence:.2f}, raw {read.raw!r})"
    )
