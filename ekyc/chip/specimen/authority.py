"""MOCK country signing authority (CSCA) and document signer, both marked SPECIMEN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ekyc.chip.algorithms import DigestName
from ekyc.chip.curves import CURVES
from ekyc.chip.keys import HASHES
from ekyc.chip.tlv import OCTET_STRING, bits, members, oid, sequence
from ekyc.chip.tlv_write import bits as bit_string
from ekyc.chip.tlv_write import integer as number
from ekyc.chip.tlv_write import oid as object_id
from ekyc.chip.tlv_write import seq, tlv

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
KeyKind = Literal["rsa1024", "rsa2048", "rsa3072", "p256", "p384", "p521", "brainpool256", "brainpool384"]
_CURVES: dict[str, ec.EllipticCurve] = {
    "p256": ec.SECP256R1(),
    "p384": ec.SECP384R1(),
    "p521": ec.SECP521R1(),
    "brainpool256": ec.BrainpoolP256R1(),
    "brainpool384": ec.BrainpoolP384R1(),
}
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and its private key."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def encoded(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def new_key(kind: KeyKind) -> PrivateKey:
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key(_CURVES[kind])


def new_csca(kind: KeyKind = "rsa2048", *, now: datetime | None = None, name: str = "CSCA") -> Holder:
    """A self-signed authority, good for fifteen years from now."""
    key = new_key(kind)
    subject = _name(name)
    builder = _builder(subject, subject, key, now or datetime.now(UTC), 15 * _YEAR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    return Holder(key, builder.sign(key, hashes.SHA256()))


def new_signer(
    csca: Holder,
    kind: KeyKind = "p256",
    *,
    now: datetime | None = None,
    valid: timedelta = 10 * _YEAR,
    signs: bool = True,
    country: str = "VN",
) -> Holder:
    """A document signer of this authority. signs False: a certificate for something else."""
    key = new_key(kind)
    issuer = csca.certificate.subject
    builder = _builder(_name("Document Signer", country), issuer, key, now or datetime.now(UTC), valid)
    builder = builder.add_extension(_usage(signs=signs), critical=True)
    own = x509.AuthorityKeyIdentifier.from_issuer_public_key(csca.key.public_key())
    return Holder(key, builder.add_extension(own, critical=False).sign(csca.key, hashes.SHA256()))


def revocation_list(csca: Holder, revoked: Sequence[Holder], now: datetime | None = None) -> bytes:
    """DER of the authority's list."""
    today = now or datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(csca.certificate.subject)
    builder = builder.last_update(today).next_update(today + timedelta(days=30))
    for holder in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(today).build())
    return builder.sign(csca.key, hashes.SHA256()).public_bytes(Encoding.DER)


def with_explicit_parameters(holder: Holder, csca: Holder) -> bytes:
    """DER of the holder's certificate with its curve's numbers spelled out, signed anew."""
    body, algorithm, _ = sequence(holder.encoded, least=3)
    parts = [part.encoded for part in members(body)]
    parts[6] = explicit_key(holder.key.public_key())
    signed = seq(*parts)
    return seq(signed, algorithm.encoded, bit_string(sign(csca.key, signed, "sha256")))


def explicit_key(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    """SubjectPublicKeyInfo with SpecifiedECDomain (SEC 1, C.2) instead of the curve's name."""
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    algorithm, point = sequence(info)
    kind, named = members(algorithm)
    curve = next(known for known in CURVES if known.oid == oid(named))

    def field(value: int) -> bytes:
        return value.to_bytes(curve.size)

    parameters = seq(
        number(1),
        seq(object_id("1.2.840.10045.1.1"), number(curve.p)),
        seq(tlv(OCTET_STRING, field(curve.a)), tlv(OCTET_STRING, field(curve.b))),
        tlv(OCTET_STRING, b"\x04", field(curve.x), field(curve.y)),
        number(curve.n),
        number(1),
    )
    return seq(seq(kind.encoded, parameters), bit_string(bits(point)))


def sign(key: PrivateKey, data: bytes, digest: DigestName, *, pss: bool = False) -> bytes:
    """RSA PKCS #1 v1.5 or PSS, or ECDSA in DER."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(HASHES[digest]))
    if pss:
        return key.sign(
            data, padding.PSS(padding.MGF1(HASHES[digest]), HASHES[digest].digest_size), HASHES[digest]
        )
    return key.sign(data, padding.PKCS1v15(), HASHES[digest])


def _name(common: str, country: str = "VN") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "SPECIMEN"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, f"SPECIMEN {common}"),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PrivateKey, now: datetime, valid: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + valid)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return builder.add_extension(own, critical=False)


def _usage(*, authority: bool = False, signs: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs and not authority,
        content_commitment=False,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
