"""Specimen cards: printed from the registry, and photographed as a phone would."""

from ekyc.specimen.photograph import Level, photograph
from ekyc.specimen.printer import PrintedCard, print_card

__all__ = ["Level", "PrintedCard", "photograph", "print_card"]
