"""Deletes on time what nobody needs any more: tokens, sessions, counters, enrolments left half-way."""

from __future__ import annotations

from dataclasses import replace

from idp.domain.errors import CheckRefused
from idp.usecases.services import Services
from idp.usecases.sign_in import WINDOW

_TOKENS_KEPT = 24 * 3600  # seconds past the end, so that a replay is still noticed
_ENROLMENTS_KEPT = 90 * 24 * 3600  # seconds; the decision itself stays in the audit trail


def purge(services: Services) -> bool:
    """One round; safe in several processes at once. False: there is nothing to repeat at once."""
    now, lifetimes = services.clock(), services.lifetimes
    with services.store.begin() as tx:
        tx.tokens.purge(now - _TOKENS_KEPT)
        tx.authorizations.purge(now - _TOKENS_KEPT)
        tx.sessions.purge(
            created_before=now - lifetimes.session_absolute, seen_before=now - lifetimes.session_idle
        )
        tx.challenges.purge(now)
        tx.throttle.purge(now - WINDOW)
        tx.admins.purge(now)
        tx.enrolments.forget(before=now - _ENROLMENTS_KEPT)
        expired = tx.enrolments.expired(now)
        for enrolment in expired:
            ended = replace(enrolment, state="done", profile=None, code="enrolment_expired")
            tx.enrolments.update(ended, was=enrolment.state)
    for enrolment in expired:
        try:
            services.checker.discard(enrolment.check_id)
        except CheckRefused:
            continue  # the engine's own retention deletes it
    return False
