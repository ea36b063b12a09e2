"""Ends and deletes on time what is over, a bounded number at a time: no transaction holds others up."""

from __future__ import annotations

from dataclasses import replace

from idp.domain.errors import CheckRefused
from idp.usecases import sessions
from idp.usecases.services import Services

BATCH = 200  # rows of one kind in one transaction
_SESSIONS = 25  # each tells its apps and ends its tokens
_HOUR, _DAY = 3600, 24 * 3600
_REPLAY = _DAY  # tokens stay known that long past their end, so that a replay is still noticed
_ENROLMENTS_KEPT = 90 * _DAY  # the decision itself stays in the audit trail


def purge(services: Services) -> bool:
    """One round; safe in several processes at once. True: more was found than one round takes."""
    more = [_end_sessions(services), _end_enrolments(services)]
    more += [_delete(services, kind, before) for kind, before in _over(services).items()]
    return any(more)


def _over(services: Services) -> dict[str, int]:
    """When each kind must have been over to go. Children first, then the authorizations they hang on."""
    now = services.clock()
    return {
        "access_tokens": now - _REPLAY,
        "refresh_tokens": now - _REPLAY,
        "codes": now - _HOUR,
        "device_codes": now - _HOUR,
        "backchannel_requests": now - _HOUR,
        "authorizations": now - _REPLAY,
        "pushed_requests": now - _HOUR,  # the citizen may still be on the sign-in pages
        "interactions": now,
        "uploads": now,
        "answers": now,
        "challenges": now,
        "failures": now - _DAY,  # no limit looks further back
        "contact_codes": now,
        "messages": now,
        "registration_tokens": now,
        "admin_links": now,
        "admin_sessions": now,
        "logout_deliveries": now - services.lifetimes.logout_log,
        "ping_deliveries": now - services.lifetimes.logout_log,
        "enrolments": now - _ENROLMENTS_KEPT,
    }


def _delete(services: Services, kind: str, before: int) -> bool:
    """Looks without a lock, then deletes what is still over."""
    with services.store.read() as tx:
        found = tx.expired.find(kind, before, BATCH)
    if found:
        with services.store.begin() as tx:
            tx.expired.delete(kind, before, found)
    return len(found) == BATCH


def _end_sessions(services: Services) -> bool:
    """Sessions past their limits end like any other: their apps are told."""
    now, lifetimes = services.clock(), services.lifetimes
    with services.store.read() as tx:
        over = tx.sessions.over(
            created_before=now - lifetimes.session_absolute,
            seen_before=now - lifetimes.session_idle,
            limit=_SESSIONS,
        )
    if over:
        with services.store.begin() as tx:
            for session in over:
                sessions.end(services, tx, session)
        services.tasks.wake()
    return len(over) == _SESSIONS


def _end_enrolments(services: Services) -> bool:
    with services.store.read() as tx:
        expired = tx.enrolments.expired(services.clock(), BATCH)
    for enrolment in expired:
        ended = replace(enrolment, state="done", profile=None, code="enrolment_expired")
        with services.store.begin() as tx:
            tx.enrolments.update(ended, was=enrolment.state)
        try:
            services.checker.discard(enrolment.check_id)
        except CheckRefused:
            continue  # the engine's own retention deletes it
    return len(expired) == BATCH
