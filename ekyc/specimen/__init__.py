"""Specimen cards: printed from the registry, and photographed as a phone would."""

from ekyc.specimen.printer import PrintedCard, print_card

__all__ = ["PrintedCard", "print_card"]
