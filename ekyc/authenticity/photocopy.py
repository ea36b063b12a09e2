"""A black-and-white copy: light may tint all of it, but no part has a colour of its own."""

from __future__ import annotations

import numpy as np

from ekyc.authenticity.view import Cue, View, lab

_LIMIT = 5.0


def photocopy(view: View) -> Cue:
    """Distance in the a-b plane that the most colourful twentieth of the card has from its median colour."""
    colour = lab(view.card, 20)[2:-2, 2:-2, 1:].reshape(-1, 2)
    spread = np.linalg.norm(colour - np.median(colour, 0), axis=1)
    return Cue("photocopy", float(np.percentile(spread, 95)), _LIMIT, above=False)
