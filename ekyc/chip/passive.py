"""Passive authentication (ICAO Doc 9303 part 11, 5.1): the files are what an issuer signed.

Each way to fail has a code of its own; failing is raising. What passes is ``verified`` where a configured
CSCA certificate stands behind the signer, else ``integrity_only``: the files belong together, no more.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from ekyc.chip.algorithms import DigestName
from ekyc.chip.anchors import Anchors
from ekyc.chip.certificate import Certificate, parse_certificate
from ekyc.chip.files import SOD, Files, group_number, unreadable
from ekyc.chip.keys import PublicKey, strength, verifies
from ekyc.chip.lds import GroupHashes, parse_lds
from ekyc.chip.reading import Trust
from ekyc.chip.sod import SecurityObject, parse_sod
from ekyc.chip.tlv import Malformed
from ekyc.errors import EkycError
from ekyc.policy import ChipPolicy

_GUARDED = {"dg14": 14, "dg15": 15}  # without them a copy looks like the original


@dataclass(frozen=True, slots=True)
class Passive:
    """digest: of the groups. signer, issuer: SHA-256 of certificates, "" for an unknown issuer."""

    trust: Trust
    digest: DigestName
    signer: str
    issuer: str


def authenticate(files: Files, anchors: Anchors, policy: ChipPolicy, now: datetime) -> Passive:
    """Every group in ``files`` is vouched for by the SOD in it.

    Raises EkycError: chip_unreadable, chip_algorithm_not_supported, chip_algorithm_weak, chip_hash_mismatch,
    chip_group_unsigned, chip_downgraded, chip_signature_invalid, chip_signer_untrusted, chip_signer_expired,
    chip_signer_revoked.
    """
    try:
        sod = parse_sod(files[SOD])
        groups = parse_lds(sod.content)
        signer = _signer(sod)
    except Malformed as error:
        raise unreadable(SOD, error) from error
    _require_digests(sod, groups, policy)
    _require_signature(sod, signer, policy)
    _require_groups(files, groups)
    issuer = _issuer(signer, anchors, policy, now)
    return Passive(
        "verified" if issuer else "integrity_only",
        groups.digest,
        signer.sha256,
        issuer.sha256 if issuer else "",
    )


def _signer(sod: SecurityObject) -> Certificate:
    """The certificate that the signer info names."""
    for encoded in sod.certificates:
        certificate = parse_certificate(encoded)
        if sod.signer in ((certificate.issuer, certificate.serial), certificate.key_id):
            return certificate
    raise Malformed("the certificate is not the signer's")


def _require_digests(sod: SecurityObject, groups: GroupHashes, policy: ChipPolicy) -> None:
    used = {sod.digest, sod.algorithm.digest, groups.digest}
    if "sha1" in used and not policy.accept_sha1:
        raise EkycError("chip_algorithm_weak", "SHA-1")


def _require_signature(sod: SecurityObject, signer: Certificate, policy: ChipPolicy) -> None:
    """RFC 5652, 5.6: the content's digest is among the signed attributes, and they are signed."""
    _require_strength(signer.key, policy)
    if not hmac.compare_digest(hashlib.new(sod.digest, sod.content).digest(), sod.content_digest):
        raise EkycError("chip_signature_invalid", "digest of the security object")
    if not verifies(signer.key, sod.algorithm, sod.signature, sod.signed):
        raise EkycError("chip_signature_invalid", "signature of the security object")


def _require_groups(files: Files, groups: GroupHashes) -> None:
    for name, data in files.items():
        if name == SOD:
            continue
        expected = groups.hashes.get(group_number(name))
        if expected is None:
            raise EkycError("chip_group_unsigned", name)
        if not hmac.compare_digest(hashlib.new(groups.digest, data).digest(), expected):
            raise EkycError("chip_hash_mismatch", name)
    withheld = [name for name, number in _GUARDED.items() if number in groups.hashes and name not in files]
    if withheld:
        raise EkycError("chip_downgraded", ", ".join(withheld))


def _issuer(signer: Certificate, anchors: Anchors, policy: ChipPolicy, now: datetime) -> Certificate | None:
    """The configured certificate behind the signer; None where nobody configured its issuer."""
    named = anchors.issuers_of(signer)
    if not named:
        return None
    issuer = next((anchor for anchor in named if anchor.issued(signer)), None)
    if issuer is None:
        raise EkycError("chip_signer_untrusted", "the issuer's key does not verify the certificate")
    _require_strength(issuer.key, policy)
    if signer.algorithm.digest == "sha1" and not policy.accept_sha1:
        raise EkycError("chip_algorithm_weak", "SHA-1 in the certificate")
    _require_profile(signer, issuer, policy)
    for certificate, who in ((signer, "signer"), (issuer, "CSCA")):
        if not certificate.not_before <= now <= certificate.not_after:
            raise EkycError("chip_signer_expired", who)
    if anchors.revoked(signer, issuer):
        raise EkycError("chip_signer_revoked")
    return issuer


def _require_profile(signer: Certificate, issuer: Certificate, policy: ChipPolicy) -> None:
    """ICAO Doc 9303 part 12, 7.1.1: what each of the two certificates may be used for."""
    if not issuer.is_authority or (issuer.key_usage and not issuer.key_usage.key_cert_sign):
        raise EkycError("chip_signer_untrusted", "the issuer may not sign certificates")
    if signer.is_authority or signer.key_usage is None or not signer.key_usage.digital_signature:
        raise EkycError("chip_signer_untrusted", "the signer may not sign documents")
    if signer.country != policy.country:
        raise EkycError("chip_signer_untrusted", f"signer of {signer.country or 'no country'}")


def _require_strength(key: PublicKey, policy: ChipPolicy) -> None:
    least = policy.min_rsa_bits if strength(key) >= 1024 else policy.min_ec_bits
    if strength(key) < least:
        raise EkycError("chip_algorithm_weak", f"key of {strength(key)} bits")
