"""A client's TLS certificate as a reverse proxy passes it on (RFC 8705; RFC 9440)."""

from __future__ import annotations

import hashlib
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from idp.domain.errors import OAuthError


@dataclass(frozen=True, slots=True)
class Certificate:
    """``subject_dn`` as in RFC 4514, ``dns_names`` from the subject alternative name."""

    der: bytes
    subject_dn: str
    dns_names: tuple[str, ...]

    @property
    def thumbprint(self) -> str:
        """``x5t#S256`` (RFC 8705, section 3.1)."""
        return urlsafe_b64encode(hashlib.sha256(self.der).digest()).rstrip(b"=").decode()


def parse(header: str) -> Certificate:
    """``:base64 DER:`` (RFC 9440, section 2.1) or percent-encoded PEM, as nginx and Apache write it.

    Raises OAuthError("invalid_request").
    """
    try:
        if header.startswith(":") and header.endswith(":"):
            certificate = x509.load_der_x509_certificate(b64decode(header[1:-1], validate=True))
        else:
            certificate = x509.load_pem_x509_certificate(unquote(header).encode())
        subject = certificate.subject.rfc4514_string()
        names = _dns_names(certificate)
    except ValueError:
        raise OAuthError("invalid_request", "the client certificate is malformed") from None
    return Certificate(certificate.public_bytes(Encoding.DER), subject, names)


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(extension.value.get_values_for_type(x509.DNSName))
