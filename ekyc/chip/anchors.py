"""The country's signing certificates (CSCA) and revocation lists that an operator has put into a folder."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ekyc.chip.algorithms import signature_algorithm
from ekyc.chip.certificate import SYNTAX_ERRORS, Certificate, parse_certificate
from ekyc.chip.keys import verifies
from ekyc.chip.tlv import Malformed, bits, sequence
from ekyc.errors import EkycError

_LOG = logging.getLogger(__name__)
_CERTIFICATES = (".cer", ".crt", ".der", ".pem")
_LIST = ".crl"
_PEM = b"-----BEGIN"


class AnchorError(ValueError):
    """A file of the folder is of no use. The text names it."""


@dataclass(frozen=True, slots=True)
class Revocations:
    """One revocation list whose signature was checked against its CSCA."""

    issuer: bytes
    serials: frozenset[int]


@dataclass(frozen=True, slots=True)
class Anchors:
    """Every certificate here is trusted as it stands, whoever signed it."""

    certificates: tuple[Certificate, ...] = ()
    revocations: tuple[Revocations, ...] = ()

    def issuers_of(self, signer: Certificate) -> tuple[Certificate, ...]:
        """Configured certificates that the signer names as its issuer; the signature is not looked at."""
        return tuple(anchor for anchor in self.certificates if anchor.is_issuer_of(signer))

    def revoked(self, signer: Certificate, issuer: Certificate) -> bool:
        return any(
            signer.serial in revocations.serials
            for revocations in self.revocations
            if revocations.issuer == issuer.subject
        )


@dataclass
class AnchorFolder:
    """Reads the folder when it has changed, so that a new revocation list counts without a restart.

    None is an operator without any CSCA certificate.
    """

    folder: Path | None
    _seen: tuple[tuple[str, int], ...] | None = None
    _anchors: Anchors = field(default_factory=Anchors)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Anchors:
        """Raises AnchorError at the first reading; later a broken file leaves the anchors as they were."""
        if self.folder is None:
            return self._anchors
        with self._lock:
            try:
                seen = tuple((path.name, path.stat().st_mtime_ns) for path in _files(self.folder))
                if seen != self._seen:
                    self._anchors, self._seen = load_anchors(self.folder), seen
            except (AnchorError, OSError) as error:
                if self._seen is None:
                    raise
                _LOG.error("the CSCA certificates stay as they were: %s", error)
            return self._anchors


def load_anchors(folder: Path) -> Anchors:
    """Every certificate (.cer, .crt, .der, .pem) and list (.crl) of a folder. Raises AnchorError."""
    certificates: list[Certificate] = []
    lists: list[Revocations] = []
    for path in _files(folder):  # certificates sort before lists
        try:
            if path.suffix.lower() == ".crl":
                lists.append(_revocations(path.read_bytes(), certificates))
            else:
                certificates.extend(_certificates(path.read_bytes()))
        except (*SYNTAX_ERRORS, OSError, Malformed, EkycError) as error:
            raise AnchorError(f"{path.name}: {error}") from error
    return Anchors(tuple(certificates), tuple(lists))


def _files(folder: Path) -> list[Path]:
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() in (*_CERTIFICATES, _LIST)]
    except OSError as error:
        raise AnchorError(f"{folder}: {error.strerror}") from error
    return sorted(found, key=lambda path: (path.suffix.lower() == _LIST, path.name))


def _certificates(data: bytes) -> list[Certificate]:
    """One certificate in DER, or any number in PEM. Raises ValueError for one that is no authority's."""
    found = [data]
    if data.lstrip().startswith(_PEM):
        found = [c.public_bytes(Encoding.DER) for c in x509.load_pem_x509_certificates(data)]
    parsed = [parse_certificate(encoded) for encoded in found]
    if not all(certificate.is_authority for certificate in parsed):
        raise ValueError("not the certificate of an authority")
    return parsed


def _revocations(data: bytes, certificates: Sequence[Certificate]) -> Revocations:
    """A list that one of the certificates has signed. Raises Malformed, ValueError, EkycError."""
    pem = data.lstrip().startswith(_PEM)
    loaded = x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
    signed, algorithm, signature = sequence(loaded.public_bytes(Encoding.DER), least=3)
    how = signature_algorithm(algorithm)
    for certificate in certificates:
        if verifies(certificate.key, how, bits(signature), signed.encoded):
            return Revocations(certificate.subject, frozenset(entry.serial_number for entry in loaded))
    raise ValueError("no certificate in the folder has signed this list")
