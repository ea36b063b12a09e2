"""Finds the enrolment of a browser and moves it from state to state, one conditional write each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from idp.domain.errors import PageError
from idp.domain.models import Enrolment, EnrolmentState
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.authorize import find as find_interaction
from idp.usecases.services import Services


def open_enrolment(services: Services, tx: Transaction, browser: str) -> Enrolment | None:
    return tx.enrolments.open_of(hash_secret(browser), services.clock())


def get(services: Services, interaction_id: str, *, browser: str) -> Enrolment | None:
    """The open enrolment of this browser, for an open interaction of it."""
    with services.store.read() as tx:
        find_interaction(services, tx, interaction_id, browser)
        return open_enrolment(services, tx, browser)


def require(services: Services, interaction_id: str, state: EnrolmentState, *, browser: str) -> Enrolment:
    """Raises PageError("enrolment_expired") or ("step_out_of_order")."""
    enrolment = get(services, interaction_id, browser=browser)
    if enrolment is None:
        raise PageError("enrolment_expired", status=410)
    if enrolment.state != state:
        raise PageError("step_out_of_order", status=409)
    return enrolment


def move(services: Services, enrolment: Enrolment, state: EnrolmentState, **changes: Any) -> Enrolment:
    """Writes the new state. Raises PageError("step_out_of_order") when another request was first."""
    moved = replace(enrolment, state=state, **changes)
    with services.store.begin() as tx:
        if not tx.enrolments.update(moved, was=enrolment.state):
            raise PageError("step_out_of_order", status=409)
        tx.audit.write(
            "enrolment." + state,
            services.clock(),
            enrolment_id=enrolment.enrolment_id,
            code=moved.code,
            level=moved.level,
        )
    return moved
