"""Prints, photographs and reads many specimen cards and says how often each field comes out exactly right.

    python benchmarks/ekyc/read_cards.py --cards 20 --folder /tmp/cards

Per level and field: share of cards whose value equals what is printed, with and without the QR; whole
cards; CPU seconds a side. Photos are kept in --folder and made once. One thread.
"""

from __future__ import annotations

import argparse
import dataclasses
import pickle
import time
from collections import Counter, defaultdict
from pathlib import Path

import cv2

from ekyc.document.fuse import fuse
from ekyc.document.read import read_side
from ekyc.errors import EkycError
from ekyc.registry.person import Person
from ekyc.registry.seed import build_population
from ekyc.specimen.photograph import LEVELS, Level, photograph
from ekyc.specimen.printer import print_card
from ekyc.specimen.samples import sample_citizens
from ekyc.types import FIELD_NAMES


def make_photos(folder: Path, cards: int, seed: int) -> None:
    """``cards`` of each kind, all levels and sides; what exists is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    people, _ = build_population(400, seed)
    portraits = [citizen.portrait() for citizen in sample_citizens()]
    chosen = [
        p for kind in ("cccd_chip", "can_cuoc") for p in [q for q in people if q.card.kind == kind][:cards]
    ]
    for i, person in enumerate(chosen):
        record = folder / f"{i:03d}.pkl"
        if record.exists():
            continue
        person = dataclasses.replace(person, portrait=portraits[i % len(portraits)])
        card = print_card(person)
        for level in LEVELS:
            for side in ("front", "back"):
                photo = photograph(getattr(card, side), level, seed + 10 * i + (side == "back"))
                (folder / f"{i:03d}_{level}_{side}.jpg").write_bytes(photo)
        record.write_bytes(pickle.dumps(person))


def expected(person: Person) -> dict[str, str | None]:
    """What a perfect reader answers for the person's card."""
    chip = person.card.kind == "cccd_chip"
    expiry = person.card.date_of_expiry
    return {
        "document_type": person.card.kind,
        "number": person.number,
        "full_name": person.full_name.upper(),
        "date_of_birth": person.date_of_birth.isoformat(),
        "sex": person.sex,
        "nationality": person.nationality,
        "place_of_origin": person.place_of_origin if chip else None,
        "place_of_residence": person.place_of_residence,
        "date_of_issue": person.card.date_of_issue.isoformat(),
        "date_of_expiry": expiry.isoformat() if expiry else None,
    }


class Tally:
    """Counts of one level."""

    def __init__(self) -> None:
        self.right: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        self.wrong: list[str] = []
        self.errors: Counter[str] = Counter()
        self.failed_checks: Counter[str] = Counter()
        self.cards = 0
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def add(self, name: str, person: Person, folder: Path, level: Level) -> None:
        self.cards += 1
        sides = {}
        for side in ("front", "back"):
            photo = (folder / f"{name}_{level}_{side}.jpg").read_bytes()
            begin = time.process_time()
            try:
                sides[side] = read_side(photo, side)
            except EkycError as error:
                self.errors[f"{side}: {error.code}"] += 1
                self.wrong.append(f"{name} {side}: {error}")
            self.seconds[side].append(time.process_time() - begin)
        if len(sides) < 2:
            return
        for use_qr in (True, False):
            try:
                reading = fuse(sides["front"], sides["back"], use_qr=use_qr)
            except EkycError as error:
                self.errors[error.code] += 1
                continue
            truth = expected(person)
            good = {n for n in FIELD_NAMES if reading.fields[n].value == truth[n]}
            self.right[use_qr].update(good)
            self.right[use_qr]["whole card"] += len(good) == len(FIELD_NAMES)
            for n in set(FIELD_NAMES) - good:
                field = reading.fields[n]
                self.wrong.append(
                    f"{name} {'qr' if use_qr else 'no'} {n}: {field.value!r} for {truth[n]!r} "
                    f"({field.source} {field.confidence:.2f})"
                )
            if use_qr:
                self.failed_checks.update(c.name for c in reading.checks if c.outcome == "fail")


def report(tallies: dict[Level, Tally]) -> None:
    print(f"{'field':20s}" + "".join(f"{level:>10s}{'no QR':>10s}" for level in tallies))
    for name in (*FIELD_NAMES, "whole card"):
        row = f"{name:20s}"
        for tally in tallies.values():
            row += "".join(f"{100 * tally.right[qr][name] / tally.cards:9.1f}%" for qr in (True, False))
        print(row)
    for level, tally in tallies.items():
        seconds = {side: sum(s) / len(s) for side, s in tally.seconds.items()}
        print(
            f"{level}: {tally.cards} cards, CPU {seconds['front']:.2f} s front, {seconds['back']:.2f} s back"
        )
        print(f"   errors {dict(tally.errors)}, failed checks on honest cards {dict(tally.failed_checks)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cards", type=int, default=20, help="of each of the two kinds")
    parser.add_argument("--seed", type=int, default=7, help="of the people and the photos")
    parser.add_argument("--levels", default=",".join(LEVELS))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--wrong", action="store_true", help="also list what was misread")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    make_photos(arguments.folder, arguments.cards, arguments.seed)
    tallies: dict[Level, Tally] = {}
    for level in LEVELS:
        if level not in arguments.levels.split(","):
            continue
        tally = tallies[level] = Tally()
        for record in sorted(arguments.folder.glob("*.pkl"))[: 2 * arguments.cards]:
            tally.add(record.stem, pickle.loads(record.read_bytes()), arguments.folder, level)
        if arguments.wrong:
            print(f"--- {level}", *tally.wrong, sep="\n")
    report(tallies)


if __name__ == "__main__":
    main()
