"""Starting, and starting over: the old attempt's pictures are deleted at once."""

from __future__ import annotations

from dataclasses import replace

from idp.domain.errors import PageError
from idp.domain.models import Enrolment
from idp.tokens import hash_secret, new_id
from idp.usecases import throttle
from idp.usecases.authorize import find as find_interaction
from idp.usecases.enrol.find import open_enrolment
from idp.usecases.services import Services

# A community team enrols a whole hamlet from one phone; a flood comes from a script.
WINDOW = 15 * 60  # seconds
PER_BROWSER = 20
PER_NETWORK = 200


def start(services: Services, interaction_id: str, *, agreed: bool, browser: str, address: str) -> Enrolment:
    """A new enrolment. Raises PageError: ``consent_required_document`` without both consents,
    ``too_many_attempts``."""
    if not agreed:
        raise PageError("consent_required_document", status=422)
    limits = {f"enrol:{browser}": PER_BROWSER, f"enrol:{throttle.network(address)}": PER_NETWORK}
    with services.store.begin() as tx:
        throttle.attempt(services, tx, limits, WINDOW)
    discard(services, interaction_id, browser=browser)
    check = services.checker.start()
    now = services.clock()
    enrolment = Enrolment(
        enrolment_id=new_id(),
        browser_hash=hash_secret(browser),
        check_id=check.check_id,
        state="front",
        challenge=check.challenge,
        created_at=now,
        expires_at=now + services.lifetimes.enrolment,
    )
    with services.store.begin() as tx:
        tx.enrolments.add(enrolment)
        tx.audit.write(
            "enrolment.started",
            now,
            enrolment_id=enrolment.enrolment_id,
            consents=["document", "face"],
        )
    return enrolment


def discard(services: Services, interaction_id: str, *, browser: str) -> None:
    """Ends the browser's open enrolment, if any, and deletes what the engine holds."""
    with services.store.begin() as tx:
        find_interaction(services, tx, interaction_id, browser)
        old = open_enrolment(services, tx, browser)
        if old is None:
            return
        if not tx.enrolments.update(
            replace(old, state="done", profile=None, code="started_over"), was=old.state
        ):
            return
        tx.uploads.remove_of(old.enrolment_id)
    services.checker.discard(old.check_id)
