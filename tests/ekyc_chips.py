"""Specimen chips for tests: issued once a run, the parts of one authority."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache

from ekyc.chip.anchors import Anchors, Revocations
from ekyc.chip.certificate import parse_certificate
from ekyc.chip.read import read_chip
from ekyc.chip.reading import ChipReading
from ekyc.chip.specimen.answer import answer_nonce
from ekyc.chip.specimen.authority import Holder, new_csca
from ekyc.chip.specimen.issue import Profile, SpecimenChip, issue_chip
from ekyc.policy import ChipPolicy
from ekyc.registry.person import Card, Person
from tests.ekyc_samples import citizen

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
NONCE = bytes(range(8))
SHA1 = ChipPolicy(accept_sha1=True)


@cache
def person(sample: str = "04") -> Person:
    """An invented citizen with an address of more than 127 bytes and the sample's portrait."""
    return Person(
        number="019304000127",
        full_name="Nguyễn Thị Mai Đào",
        date_of_birth=date(2004, 3, 15),
        sex="female",
        nationality="Việt Nam",
        place_of_origin="Phường Phan Đình Phùng, Thành phố Thái Nguyên, Thái Nguyên",
        place_of_birth="Thái Nguyên",
        place_of_residence="Tổ dân phố số 5, đường Hoàng Văn Thụ, Phường Phan Đình Phùng, Thành phố "
        "Thái Nguyên, tỉnh Thái Nguyên, Việt Nam",
        card=Card("cccd_chip", date(2022, 5, 10), date(2029, 3, 15), "valid"),
        portrait=citizen(sample).portrait(),
    )


@cache
def csca() -> Holder:
    return new_csca(now=NOW)


@cache
def chip(profile: Profile | None = None) -> SpecimenChip:
    return issue_chip(person(), csca(), profile, now=NOW)


def anchors(*holders: Holder, revoked: tuple[Holder, ...] = ()) -> Anchors:
    """These authorities, or the usual one; ``revoked``: signers on its list."""
    certificates = tuple(parse_certificate(holder.encoded) for holder in holders or (csca(),))
    serials = frozenset(holder.certificate.serial_number for holder in revoked)
    return Anchors(certificates, (Revocations(certificates[0].subject, serials),))


def read(
    made: SpecimenChip | None = None,
    *,
    files: Mapping[str, bytes] | None = None,
    answer: bytes | None = None,
    nonce: bytes | None = NONCE,
    trusted: Anchors | None = None,
    policy: ChipPolicy | None = None,
    now: datetime = NOW,
) -> ChipReading:
    """Read a chip as the service does; by default an honest one that answers."""
    made = made or chip()
    if answer is None:
        answer = answer_nonce(made.key, nonce) if made.key and nonce else b""
    return read_chip(
        files if files is not None else made.files,
        nonce=nonce,
        answer=answer,
        anchors=trusted if trusted is not None else anchors(),
        policy=policy or ChipPolicy(),
        now=now,
    )
