"""The citizen has read what was understood; or starts the recovery of an account they proved to own."""

from __future__ import annotations

from idp.domain.models import Enrolment
from idp.usecases.enrol.find import move, require
from idp.usecases.services import Services


def confirm(services: Services, interaction_id: str, *, browser: str) -> Enrolment:
    return move(services, require(services, interaction_id, "review", browser=browser), "credential")


def recover(services: Services, interaction_id: str, *, browser: str) -> Enrolment:
    """Card and live face were proven again, so new sign-in means may replace the old
    (NIST SP 800-63B-4, account recovery by repeated identity proofing)."""
    return move(services, require(services, interaction_id, "exists", browser=browser), "credential")
