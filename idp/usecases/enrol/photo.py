"""One photo of one side of the card."""

from __future__ import annotations

from typing import Literal

from idp.domain.errors import CheckRefused, PageError
from idp.domain.models import Enrolment
from idp.usecases.enrol.find import move, require
from idp.usecases.services import Services

# Refusals that no better photo of this card can mend.
FINAL = frozenset({"card_type_not_accepted", "card_cmnd_ended", "card_expired", "person_under_age"})


def add_photo(
    services: Services, interaction_id: str, side: Literal["front", "back"], image: bytes, *, browser: str
) -> Enrolment:
    """Reads the photo and moves on. Raises CheckRefused with the engine's code; nothing changes then,
    except after a refusal that ends the enrolment."""
    enrolment = require(services, interaction_id, side, browser=browser)
    if not image:
        raise PageError("photo_missing", status=422)
    try:
        services.checker.add_document(enrolment.check_id, side, image)
    except CheckRefused as refusal:
        if refusal.code in FINAL:
            return move(services, enrolment, "refused", code=refusal.code)
        if refusal.code in ("card_sides_differ", "card_fields_contradict"):
            move(services, enrolment, "front")  # both photos are needed again
        raise
    return move(services, enrolment, "back" if side == "front" else "face")
