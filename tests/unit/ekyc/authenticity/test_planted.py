"""A small sample of ``ekyc evaluate planted``: every contradiction is caught, as sharply as it must be."""

from __future__ import annotations

from ekyc.evaluate.planted import Kind, caught_by, planted_cards
from ekyc.face.dlib_engine import dlib_engine

KINDS: tuple[Kind, ...] = ("name", "expiry", "portrait", "broken_mrz")


def test_planted_contradictions_are_caught() -> None:
    engine = dlib_engine()
    for card in planted_cards(len(KINDS), 31, KINDS):
        verdict, reason = caught_by(card, engine)
        assert verdict in ("reject", card.expected), (card.kind, reason)
