"""The cues that are used, each a file. What did not separate is left out: see docs/accuracy.md."""

from __future__ import annotations

from dataclasses import replace

from ekyc.authenticity.palette import palette
from ekyc.authenticity.photocopy import photocopy
from ekyc.authenticity.splice import spliced_portrait
from ekyc.authenticity.view import Cue, View
from ekyc.types import Check, DocumentType


def measure_cues(view: View) -> tuple[Cue, ...]:
    """Those that apply to the view."""
    cues = [photocopy(view)]
    if view.document_type != DocumentType.CCCD_BARCODE:
        cues.append(palette(view))  # of the card of 2016 no description was at hand
    if view.side == "front":
        cues.append(spliced_portrait(view))
    return tuple(cues)


def authenticity_checks(view: View) -> tuple[Check, ...]:
    """The cues as checks of the side: "fail" means that an officer should look, no more."""
    checks = [cue.check() for cue in measure_cues(view)]
    # both sides' checks stand in one list
    return tuple(replace(check, name=f"{check.name}_{view.side}") for check in checks)
