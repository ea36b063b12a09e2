"""The calls on a verification, and the one-off calls. Plain functions: they run in worker threads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Form, Header, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ekyc.errors import EkycError, catalogue
from ekyc.registry.matching import FieldName
from ekyc.registry.store import today_in_vietnam
from ekyc.registry.wire import person_to_json
from ekyc.service import openapi
from ekyc.service.deps import Caller, OwnId, RawBody, TheServices, at_work, operator_only
from ekyc.types import Side
from ekyc.workers.calls import match_photos

_CHIP_FILE = "bytes of the file, tag and length included"


def chip_files(
    dg1: Annotated[UploadFile, File(description=_CHIP_FILE)],
    dg2: Annotated[UploadFile, File(description=_CHIP_FILE)],
    sod: Annotated[UploadFile, File(description=_CHIP_FILE)],
    dg13: Annotated[UploadFile | None, File(description=_CHIP_FILE)] = None,
    dg14: Annotated[UploadFile | None, File(description=_CHIP_FILE)] = None,
    dg15: Annotated[UploadFile | None, File(description=_CHIP_FILE)] = None,
    answer: Annotated[UploadFile | None, File(description="what the chip signed of the nonce")] = None,
) -> tuple[dict[str, bytes], bytes]:
    """The parts of the form that are there, each whole."""
    sent = {"dg1": dg1, "dg2": dg2, "dg13": dg13, "dg14": dg14, "dg15": dg15, "sod": sod}
    files = {name: part.file.read() for name, part in sent.items() if part is not None}
    return files, answer.file.read() if answer else b""


ChipFiles = Annotated[tuple[dict[str, bytes], bytes], Depends(chip_files)]

router = APIRouter(prefix="/v1", dependencies=[Depends(at_work)], responses=openapi.problems())

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Up to 255 signs without spaces, new for each request: a repeated call is done once "
        "(24 hours). 409 while the first is at work, 422 when it belongs to another request.",
    ),
]

_IMAGE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png", "image/webp")
        },
    }
}


class NumberRequest(BaseModel):
    """Whose record."""

    model_config = ConfigDict(extra="forbid")
    number: str = Field(max_length=40)


class MatchRequest(NumberRequest):
    """What to compare: field name -> value; dates ISO 8601, "" for no expiry."""

    fields: dict[FieldName, Annotated[str, Field(max_length=200)]] = Field(min_length=1)


class StartRequest(BaseModel):
    """Nothing, or a face step with an officer beside a person who cannot do the movements.

    assisted_by: the officer's id in the caller's own books, kept with the decision.
    """

    model_config = ConfigDict(extra="forbid")
    liveness: Literal["challenge", "assisted"] = "challenge"
    assisted_by: str = Field(default="", max_length=80, pattern=r"^[A-Za-z0-9._@:-]*$")

    @model_validator(mode="after")
    def _both_or_none(self) -> StartRequest:
        if (self.liveness == "assisted") != bool(self.assisted_by):
            raise ValueError("assisted liveness and assisted_by go together")
        return self


_START_BODY = {"requestBody": {"content": {"application/json": {"schema": StartRequest.model_json_schema()}}}}


@router.post(
    "/verifications",
    status_code=201,
    openapi_extra=_START_BODY,
    responses=openapi.example(openapi.STARTED, 201),
)
def start(the: TheServices, who: Caller, body: RawBody, key: IdempotencyKey = None) -> dict[str, Any]:
    """Start a verification: its id and the challenge, some actions in order.

    Assisted (only the operator's key may): no actions, the decision is a review at best.
    """
    try:
        asked = StartRequest.model_validate_json(body) if body.strip() else StartRequest()
    except ValidationError as error:
        raise EkycError("usage", "body of a new verification") from error
    if asked.assisted_by:
        operator_only(who)

    def work() -> dict[str, Any]:
        the.tenants.count_call(who)
        return the.verifications.start(who.id, asked.assisted_by).to_json()

    return the.idempotency.once(who.id, key, b"start\n" + body, work)


@router.put(
    "/verifications/{verification_id}/documents/{side}",
    openapi_extra=_IMAGE_BODY,
    responses=openapi.example(openapi.DOCUMENT),
)
def add_document(verification_id: OwnId, side: Side, image: RawBody, the: TheServices) -> dict[str, Any]:
    """Read one side of the card; after both, fuse and cross-check. Answers the fields read so far."""
    return the.verifications.add_document(verification_id, side, image).to_json()


@router.post("/verifications/{verification_id}/chip/nonce")
def chip_nonce(verification_id: OwnId, the: TheServices) -> dict[str, str]:
    """A new nonce for another reading of the chip; the one before is void."""
    return {"chip_nonce": the.verifications.chip_nonce(verification_id)}


@router.put("/verifications/{verification_id}/chip")
def add_chip(verification_id: OwnId, parts: ChipFiles, the: TheServices) -> dict[str, Any]:
    """Check the files of the card's chip and what it signed. Answers the outcome and its fields.

    ``verified``: issued by an authority the operator has configured. ``integrity_only``: the files belong
    together, no more. Anything else is an error whose code says why. The nonce is void afterwards.
    """
    files, answer = parts
    return the.verifications.add_chip(verification_id, files, answer).as_json()


@router.post("/verifications/{verification_id}/frames", responses=openapi.example(openapi.FACE))
def add_frames(
    verification_id: OwnId,
    frames: Annotated[list[UploadFile], File(description="JPEG, in order, up to 16")],
    at: Annotated[list[int], Form(description="milliseconds since the camera started, one per frame")],
    the: TheServices,
) -> dict[str, Any]:
    """Judge camera frames of the face step; says what comes next."""
    if len(frames) != len(at):
        raise EkycError("usage", "one time per frame")
    pairs = [(moment, frame.file.read()) for moment, frame in zip(at, frames, strict=True)]
    return the.verifications.add_frames(verification_id, pairs).to_json()


@router.post("/verifications/{verification_id}/challenge", responses=openapi.example(openapi.RENEWED))
def restart_face(verification_id: OwnId, the: TheServices) -> dict[str, Any]:
    """Give a new challenge after a failed one; a handful of times."""
    return the.verifications.restart_face(verification_id).to_json()


@router.post("/verifications/{verification_id}/decision", responses=openapi.example(openapi.DECIDED))
def decide(
    verification_id: OwnId, the: TheServices, who: Caller, body: RawBody, key: IdempotencyKey = None
) -> dict[str, Any]:
    """Decide; asked again, the same answer, with a key or without."""

    def work() -> dict[str, Any]:
        return the.verifications.decide(verification_id).to_json()

    # its answer holds what the registry says: it is kept with the verification and nowhere else
    request = f"decide {verification_id}\n".encode() + body
    return the.idempotency.once(who.id, key, request, work, keep=False)


@router.get("/verifications/{verification_id}", responses=openapi.example(openapi.STATUS))
def get(verification_id: OwnId, the: TheServices) -> dict[str, Any]:
    """Which parts are there."""
    return the.verifications.get(verification_id).to_json()


@router.delete("/verifications/{verification_id}", status_code=204)
def delete(
    verification_id: OwnId,
    the: TheServices,
    enrolled: Annotated[bool, Query(description="it has become an account: keep the face template")] = False,
) -> None:
    """Delete the verification, its pictures and templates at once."""
    the.verifications.delete(verification_id, enrolled=enrolled)


@router.post("/read", responses=openapi.example(openapi.READ))
def read(
    the: TheServices,
    who: Caller,
    front: Annotated[UploadFile, File()],
    back: Annotated[UploadFile | None, File()] = None,
    no_qr: Annotated[bool, Form()] = False,
) -> dict[str, Any]:
    """Read a card without keeping anything; the same as ``ekyc read``."""
    the.tenants.count_call(who)
    pictures = front.file.read(), back.file.read() if back else None
    first = the.reader.read_side(pictures[0], None)
    second = None if pictures[1] is None else the.reader.read_side(pictures[1], None)
    return the.reader.fuse(first, second, use_qr=not no_qr, today=today_in_vietnam()).as_json()


@router.post("/match", responses=openapi.example(openapi.MATCH))
def match_faces(
    a: Annotated[UploadFile, File()], b: Annotated[UploadFile, File()], the: TheServices, who: Caller
) -> dict[str, Any]:
    """Compare the faces in two photos; the same as ``ekyc match``."""
    the.tenants.count_call(who)
    found = match_photos(the.runner, a.file.read(), b.file.read())
    return {
        "distance": round(found.distance, 4),
        "same_person": found.same_person,
        "engine": found.engine,
        "threshold": found.threshold,
    }


@router.post("/people/match", dependencies=[Depends(operator_only)])
def match_person(body: MatchRequest, the: TheServices) -> dict[str, Any]:
    """Registry match for officer-assisted enrolment; the right values never leave."""
    given = {str(name): value for name, value in body.fields.items()}
    result = the.verifications.match_for_officer(body.number, given)
    return {"fields": {name: "match" if same else "mismatch" for name, same in result.items()}}


@router.post("/people/lookup", dependencies=[Depends(operator_only)])
def lookup_person(body: NumberRequest, the: TheServices) -> dict[str, Any]:
    """The registry's record for officer-assisted enrolment."""
    return person_to_json(the.verifications.person_for_officer(body.number))


@router.post("/people/forget", status_code=204, dependencies=[Depends(operator_only)])
def forget_person(body: NumberRequest, the: TheServices) -> None:
    """The account under this number is gone: delete its face templates."""
    the.verifications.forget(body.number)


@router.get("/messages")
def messages() -> dict[str, dict[str, str]]:
    """Every sentence for a citizen: language -> code -> sentence."""
    return {locale: catalogue(locale) for locale in ("vi", "en")}
