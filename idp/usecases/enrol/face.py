"""The face step: frames go to the engine; when they suffice, it decides."""

from __future__ import annotations

from dataclasses import asdict, replace

from idp.domain.errors import CheckRefused
from idp.domain.models import Enrolment
from idp.ports import CheckOutcome, FrameProgress
from idp.usecases.enrol.find import get, move, require
from idp.usecases.once import once
from idp.usecases.services import Services

# Refusals after which the face step alone is repeated.
REPEAT = frozenset(
    {
        "liveness_still",
        "liveness_wrong_order",
        "liveness_timeout",
        "liveness_camera_changed",
        "face_not_found",
        "face_several",
        "face_too_small",
        "verification_incomplete",
    }
)
DECIDED_LIFETIME = 30 * 60  # seconds for the last steps, before somebody else holds the device
ACCEPTED_LIFETIME = 3 * 24 * 3600  # seconds to come back after an officer's word
REVIEW_LIFETIME = 14 * 24 * 3600  # seconds that an officer has


def add_frames(
    services: Services, interaction_id: str, frames: list[tuple[int, bytes]], *, browser: str, key: str = ""
) -> FrameProgress:
    """Feeds frames in order; after the last action the engine decides and the enrolment moves on.

    key: of this batch; sent again with it, the same frames get the same answer and count once.
    """
    enrolment = get(services, interaction_id, browser=browser)
    if not key or enrolment is None:
        return _add_frames(services, interaction_id, frames, browser)
    answer = once(
        services,
        f"frames:{enrolment.check_id}:{key}",
        lambda: asdict(_add_frames(services, interaction_id, frames, browser)),
    )
    return FrameProgress(**answer)


def _add_frames(
    services: Services, interaction_id: str, frames: list[tuple[int, bytes]], browser: str
) -> FrameProgress:
    enrolment = require(services, interaction_id, "face", browser=browser)
    progress = services.checker.add_frames(enrolment.check_id, frames)
    if progress.state == "done":
        _decide(services, enrolment)
    elif progress.state == "failed":
        _failed(services, enrolment, progress.code or "liveness_timeout")
    return progress


def _failed(services: Services, enrolment: Enrolment, code: str) -> None:
    if code not in REPEAT:
        move(services, enrolment, "refused", code=code)
        services.checker.discard(enrolment.check_id)
        return
    try:
        challenge = services.checker.restart_face(enrolment.check_id)
    except CheckRefused as refusal:
        if refusal.code != "verification_closed":
            raise
        _decide(services, enrolment)  # tried too often: what is there decides
        return
    move(services, enrolment, "face", challenge=challenge)


def _decide(services: Services, enrolment: Enrolment) -> Enrolment:
    try:
        outcome = services.checker.decide(enrolment.check_id)
    except CheckRefused as refusal:
        if refusal.status == 503 or refusal.code == "verification_incomplete":
            raise  # what is there is kept: the page asks again
        return move(services, enrolment, "refused", code=refusal.code)
    return settle(services, enrolment, outcome)


def decide_again(services: Services, interaction_id: str, *, browser: str) -> Enrolment:
    """Asks the engine once more after it could not reach the registry."""
    return _decide(services, require(services, interaction_id, "face", browser=browser))


def settle(services: Services, enrolment: Enrolment, outcome: CheckOutcome) -> Enrolment:
    """The enrolment in the state that the decision leads to."""
    code = outcome.reasons[0] if outcome.reasons else None
    decided = replace(enrolment, decision=outcome.record | {"decided_at": services.clock()})
    if outcome.verdict == "reject" or outcome.profile is None:
        return move(services, decided, "refused", code=code or "registry_mismatch")
    if outcome.verdict == "review":
        expires_at = services.clock() + REVIEW_LIFETIME
        return move(
            services,
            decided,
            "waiting",
            code=code,
            profile=outcome.profile,
            level=outcome.level,
            expires_at=expires_at,
        )
    return accept(services, replace(decided, profile=outcome.profile, level=outcome.level))


def accept(services: Services, enrolment: Enrolment, *, lifetime: int = DECIDED_LIFETIME) -> Enrolment:
    """To the confirmation page, or to "you already have an account"; not for long."""
    assert enrolment.profile is not None
    with services.store.read() as tx:
        existing = tx.accounts.by_number(enrolment.profile.number)
    enrolment = replace(enrolment, expires_at=services.clock() + lifetime)
    if existing:
        return move(services, enrolment, "exists", code="account_exists", account_id=existing.account_id)
    return move(services, enrolment, "review", code=None)
