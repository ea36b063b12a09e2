"""A MOCK chip: its files signed by a MOCK document signer, and the key it answers with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ekyc.chip import algorithms as alg
from ekyc.chip.files import SOD, TAGS, group_number
from ekyc.chip.sod import CONTENT_TYPE, LDS_OBJECT, MESSAGE_DIGEST, SIGNED_DATA
from ekyc.chip.specimen import groups
from ekyc.chip.specimen.authority import (
    Holder,
    KeyKind,
    PrivateKey,
    explicit_key,
    new_key,
    new_signer,
    sign,
    with_explicit_parameters,
)
from ekyc.chip.tlv import OCTET_STRING, sequence
from ekyc.chip.tlv_write import integer, null, oid, seq, set_of, tlv
from ekyc.registry.person import Person

_DIGEST_IDS = {name: dotted for dotted, name in alg.DIGESTS.items()}
_SIGNATURE_IDS = {value: dotted for dotted, value in alg.SIGNATURES.items()}


@dataclass(frozen=True, slots=True)
class Profile:
    """How a specimen is made. active: kind of the chip's own key, None for a chip that cannot sign."""

    signer: KeyKind = "p256"
    digest: alg.DigestName = "sha256"
    pss: bool = False
    explicit: bool = False  # the curves' numbers are spelled out
    active: KeyKind | None = "p256"
    picture: groups.Picture = "jpeg"


@dataclass(frozen=True, slots=True)
class SpecimenChip:
    """files: as a phone reads them. key: what stays inside the chip."""

    files: dict[str, bytes]
    key: PrivateKey | None
    signer: Holder


def issue_chip(
    person: Person,
    csca: Holder,
    profile: Profile | None = None,
    signer: Holder | None = None,
    *,
    now: datetime | None = None,
) -> SpecimenChip:
    """The chip of this person's card. signer: an existing one instead of a new one, made at ``now``."""
    how = profile or Profile()
    signer = signer or new_signer(csca, how.signer, now=now)
    key = new_key(how.active) if how.active else None
    files = {
        "dg1": groups.dg1(person),
        "dg2": groups.dg2(groups.coded_portrait(person, how.picture), how.picture),
        "dg13": groups.dg13(person),
    }
    if key is not None:
        elliptic = isinstance(key, ec.EllipticCurvePrivateKey)
        files["dg14"] = groups.dg14(_SIGNATURE_IDS["plain", "sha256"] if elliptic else None)
        files["dg15"] = tlv(TAGS["dg15"], _public(key, how.explicit))
    certificate = signer.encoded
    if how.explicit and isinstance(signer.key, ec.EllipticCurvePrivateKey):
        certificate = with_explicit_parameters(signer, csca)
    files[SOD] = security_object(files, signer, certificate, how)
    return SpecimenChip(files, key, signer)


def security_object(files: Mapping[str, bytes], signer: Holder, certificate: bytes, how: Profile) -> bytes:
    """EF.SOD over these data groups (ICAO Doc 9303 part 10, 4.6.2)."""
    digest = seq(oid(_DIGEST_IDS[how.digest]), null())
    hashes = [
        seq(integer(group_number(name)), tlv(OCTET_STRING, hashlib.new(how.digest, data).digest()))
        for name, data in files.items()
        if name != SOD
    ]
    content = seq(integer(0), digest, seq(*hashes))
    attributes = set_of(
        seq(oid(CONTENT_TYPE), set_of(oid(LDS_OBJECT))),
        seq(oid(MESSAGE_DIGEST), set_of(tlv(OCTET_STRING, hashlib.new(how.digest, content).digest()))),
    )
    body = sequence(sequence(certificate)[0].encoded)
    info = seq(
        integer(1),
        seq(body[3].encoded, body[1].encoded),
        digest,
        b"\xa0" + attributes[1:],
        _signature_identifier(signer.key, how),
        tlv(OCTET_STRING, sign(signer.key, attributes, how.digest, pss=how.pss)),
    )
    signed = seq(
        integer(3),
        set_of(digest),
        seq(oid(LDS_OBJECT), tlv(0xA0, tlv(OCTET_STRING, content))),
        tlv(0xA0, certificate),
        set_of(info),
    )
    return tlv(TAGS[SOD], seq(oid(SIGNED_DATA), tlv(0xA0, signed)))


def _signature_identifier(key: PrivateKey, how: Profile) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return seq(oid(_SIGNATURE_IDS["ecdsa", how.digest]))
    if not how.pss:
        return seq(oid(_SIGNATURE_IDS["pkcs1", how.digest]), null())
    digest = seq(oid(_DIGEST_IDS[how.digest]), null())
    salt = hashlib.new(how.digest).digest_size
    parameters = seq(tlv(0xA0, digest), tlv(0xA1, seq(oid(alg.MGF1), digest)), tlv(0xA2, integer(salt)))
    return seq(oid(alg.PSS), parameters)


def _public(key: PrivateKey, explicit: bool) -> bytes:
    if explicit and isinstance(key, ec.EllipticCurvePrivateKey):
        return explicit_key(key.public_key())
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
