"""A card photo that comes in pieces. It belongs to one enrolment and one side; a new one replaces it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from idp.domain.errors import CheckRefused, PageError
from idp.domain.upload import LIFETIME, MAX_LENGTH, MAX_PARTS, MAX_TOTAL, Upload
from idp.tokens import new_id
from idp.usecases.enrol import find, photo
from idp.usecases.once import once
from idp.usecases.services import Services

Side = Literal["front", "back"]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who may touch an upload: the browser of the enrolment, on the page of the side that is due."""

    interaction_id: str
    side: Side
    browser: str


class OffsetMismatch(PageError):
    """The piece does not begin where the server's copy ends; ``upload`` says where that is."""

    def __init__(self, upload: Upload) -> None:
        super().__init__("upload_offset", status=409)
        self.upload = upload


def begin(services: Services, owner: Owner, *, key: str, length: int) -> Upload:
    """A new upload, or the one of the same key as far as it has come.

    Raises PageError: ``image_too_large``, ``busy``, ``step_out_of_order``, ``enrolment_expired``.
    """
    enrolment = find.require(services, owner.interaction_id, owner.side, browser=owner.browser)
    if not 0 < length <= MAX_LENGTH:
        raise PageError("image_too_large", status=413)
    now = services.clock()
    with services.store.begin() as tx:
        known = tx.uploads.of(enrolment.enrolment_id, now)
        if known and (known.side, known.key, known.length) == (owner.side, key, length):
            return known
        tx.uploads.remove_of(enrolment.enrolment_id)
        if tx.uploads.total(now) > MAX_TOTAL:
            raise PageError("busy", status=503, retry_after=60)
        begun = Upload(new_id(), enrolment.enrolment_id, owner.side, key, length, 0, 0, now + LIFETIME)
        tx.uploads.add(begun)
    return begun


def get(services: Services, owner: Owner, upload_id: str) -> Upload:
    """Raises PageError ``not_found`` for anybody else's too."""
    enrolment = find.require(services, owner.interaction_id, owner.side, browser=owner.browser)
    with services.store.read() as tx:
        upload = tx.uploads.get(upload_id, services.clock())
    if upload is None or (upload.enrolment_id, upload.side) != (enrolment.enrolment_id, owner.side):
        raise PageError("not_found", status=404)
    return upload


def append(services: Services, owner: Owner, upload_id: str, *, offset: int, data: bytes) -> Upload:
    """The upload with this piece. Raises OffsetMismatch, PageError ``image_too_large``, ``not_found``."""
    upload = get(services, owner, upload_id)
    if offset != upload.received:
        raise OffsetMismatch(upload)
    if len(data) > upload.length - offset or upload.parts >= MAX_PARTS:
        raise PageError("image_too_large", status=413)
    if not data:
        return upload
    expires_at = services.clock() + LIFETIME
    with services.store.begin() as tx:
        grown = tx.uploads.append(upload, data, expires_at)
    if not grown:
        raise OffsetMismatch(get(services, owner, upload_id))
    return replace(upload, received=offset + len(data), parts=upload.parts + 1, expires_at=expires_at)


def use(services: Services, owner: Owner, upload_id: str) -> str | None:
    """Hands the whole photo to the engine, once; the code of its refusal, or None when it went well.

    Raises PageError: ``upload_incomplete``, ``step_out_of_order``; CheckRefused where trying again helps.
    """
    enrolment = find.get(services, owner.interaction_id, browser=owner.browser)
    if enrolment is None:
        raise PageError("enrolment_expired", status=410)

    def read() -> dict[str, Any]:
        upload = get(services, owner, upload_id)
        if not upload.complete:
            raise PageError("upload_incomplete", status=409)
        with services.store.read() as tx:
            image = tx.uploads.content(upload)
        code = None
        try:
            photo.add_photo(services, owner.interaction_id, owner.side, image, browser=owner.browser)
        except CheckRefused as refusal:
            if refusal.status == 503:
                raise
            code = refusal.code
        with services.store.begin() as tx:
            tx.uploads.remove_of(enrolment.enrolment_id)
        return {"code": code}

    code: str | None = once(services, f"photo:{enrolment.enrolment_id}:{upload_id}", read)["code"]
    return code
