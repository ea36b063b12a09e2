"""The group ``ekyc evaluate``: how often the engine is right, with n and bounds."""

from __future__ import annotations

import click

from ekyc.lazy import LazyGroup

# name -> (module, attribute, one line for the overview)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "authenticity": ("ekyc.evaluate.authenticity", "authenticity", "Each cue on honest photos and attacks."),
    "planted": (
        "ekyc.evaluate.authenticity",
        "planted",
        "Contradictions planted in cards: all are to be caught.",
    ),
    "cards": ("ekyc.evaluate.cards", "cards", "Whole fields and cards read right, per source and level."),
    "faces": (
        "ekyc.evaluate.faces.command",
        "faces",
        "False matches and refusals of the face engine, with a DET plot.",
    ),
    "liveness": (
        "ekyc.evaluate.liveness",
        "liveness",
        "Attacks that pass the face step, and honest people who do not.",
    ),
}


@click.group(cls=LazyGroup, table=COMMANDS)
def evaluate() -> None:
    """Measure the engine on many examples, with bounds."""
