"""The admin's first sign-in, and the list of enrolments that wait for an officer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from idp.domain.errors import PageError
from idp.domain.models import Client, Enrolment
from idp.domain.password_policy import check_password
from idp.tokens import hash_secret, new_secret
from idp.usecases import throttle
from idp.usecases.create_citizen import OFFICER_LEVEL
from idp.usecases.enrol.face import ACCEPTED_LIFETIME, accept
from idp.usecases.services import Services

USERNAME = "admin"
LINK_LIFETIME = 24 * 3600  # seconds
SESSION_LIFETIME = 8 * 3600
ACCEPT_REASONS = ("checked_registry", "checked_in_person", "checked_by_call")
REJECT_REASONS = ("face_differs", "document_suspect", "data_differs", "not_live", "photos_unusable")


@dataclass(frozen=True, slots=True)
class Overview:
    accounts: int
    enrolments_today: int
    waiting: tuple[Enrolment, ...]
    clients: tuple[Client, ...]


def first_sign_in_link(services: Services) -> str:
    """A fresh one-time link; its token is stored only as a hash."""
    token = new_secret("a")
    with services.store.begin() as tx:
        tx.admins.add_link(hash_secret(token), services.clock() + LINK_LIFETIME)
    return f"{services.issuer}/admin/first-sign-in?token={token}"


def has_admin(services: Services) -> bool:
    with services.store.read() as tx:
        return tx.admins.exists()


def check_link(services: Services, token: str) -> None:
    with services.store.read() as tx:
        if not tx.admins.link_is_open(hash_secret(token), services.clock()):
            raise PageError("admin_link_invalid", status=410)


def set_password(services: Services, token: str, *, password: str, again: str) -> str:
    """Uses the link up and signs the admin in; the session's token."""
    hashed = services.passwords.hash(check_password(password, again, number=""))
    with services.store.begin() as tx:
        if not tx.admins.use_link(hash_secret(token), services.clock()):
            raise PageError("admin_link_invalid", status=410)
        tx.admins.set_password(USERNAME, hashed)
        tx.audit.write("admin.password_set", services.clock())
    return _session(services)


def sign_in(services: Services, *, password: str, address: str) -> str:
    """Raises PageError: ``login_failed``, ``too_many_attempts``."""
    limits = {f"admin:{throttle.network(address)}": 5, "admin": 30}
    with services.store.begin() as tx:
        attempts = throttle.attempt(services, tx, limits, 900)
        stored = tx.admins.password_hash(USERNAME)
    if not services.passwords.verify(password, stored):
        raise PageError("admin_login_failed", status=401)
    with services.store.begin() as tx:
        tx.throttle.forgive(attempts)
    return _session(services)


def is_admin(services: Services, token: str | None) -> bool:
    if not token:
        return False
    with services.store.read() as tx:
        return tx.admins.session(hash_secret(token), services.clock()) is not None


def sign_out(services: Services, token: str) -> None:
    with services.store.begin() as tx:
        tx.admins.remove_session(hash_secret(token))


def overview(services: Services) -> Overview:
    day_ago = services.clock() - 24 * 3600
    with services.store.read() as tx:
        return Overview(
            tx.accounts.count(),
            tx.enrolments.count_since(day_ago),
            tuple(tx.enrolments.in_state("waiting")),
            tuple(tx.clients.all()),
        )


def review(services: Services, enrolment_id: str, *, accepted: bool, reason: str) -> None:
    """An officer's decision on a waiting enrolment, with a reason from the list, on the record."""
    if reason not in (ACCEPT_REASONS if accepted else REJECT_REASONS):
        raise PageError("invalid_request", status=422)
    with services.store.begin() as tx:
        enrolment = tx.enrolments.get(enrolment_id)
        if enrolment is None or enrolment.state != "waiting":
            raise PageError("step_out_of_order", status=409)
        tx.audit.write(
            "review.accepted" if accepted else "review.rejected",
            services.clock(),
            enrolment_id=enrolment_id,
            reason=reason,
            by=USERNAME,
        )
    if accepted:
        seen = replace(enrolment, level=max(enrolment.level, OFFICER_LEVEL))
        accept(services, seen, lifetime=ACCEPTED_LIFETIME)
        return
    with services.store.begin() as tx:
        tx.enrolments.update(
            replace(enrolment, state="refused", code="review_rejected", profile=None), was="waiting"
        )
    services.checker.discard(enrolment.check_id)


def _session(services: Services) -> str:
    token = new_secret("o")
    with services.store.begin() as tx:
        tx.admins.add_session(hash_secret(token), USERNAME, services.clock() + SESSION_LIFETIME)
    return token
