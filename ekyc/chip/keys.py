"""Public keys of certificates and chips (SubjectPublicKeyInfo, RFC 5280, 4.1.2.7), and what they verify."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from ekyc.chip import algorithms as alg
from ekyc.chip.curves import named_curve
from ekyc.chip.tlv import Malformed, Tlv, bits, integer, members, oid, sequence
from ekyc.errors import EkycError

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
_EC = "1.2.840.10045.2.1"
_MAX_RSA_BITS = 4096
_MAX_EXPONENT_BITS = 64  # a longer one only costs time
HASHES: dict[alg.DigestName, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303  policy decides where it counts
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def public_key(info: bytes) -> PublicKey:
    """Load a key. Raises Malformed, EkycError chip_algorithm_not_supported."""
    algorithm, key = sequence(info, least=2)[:2]
    name, *parameters = members(algorithm, least=1)
    kind = oid(name)
    if kind in (alg.RSA, alg.PSS):
        return _rsa(bits(key))
    if kind == _EC and parameters:
        return _elliptic(parameters[0], bits(key))
    raise EkycError("chip_algorithm_not_supported", f"key {kind}")


def strength(key: PublicKey) -> int:
    """Bits of the modulus or of the curve."""
    return key.key_size


def verifies(key: PublicKey, how: alg.SignatureAlgorithm, signature: bytes, data: bytes) -> bool:
    """Is this the key's signature over ``data``? False for a key of another kind, too."""
    digest = HASHES[how.digest]
    try:
        if isinstance(key, rsa.RSAPublicKey):
            if how.scheme not in ("pkcs1", "pss"):
                return False
            key.verify(signature, data, _padding(how), digest)
        else:
            if how.scheme == "plain":
                signature = _der_signature(signature)
            elif how.scheme != "ecdsa":
                return False
            key.verify(signature, data, ec.ECDSA(digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def _padding(how: alg.SignatureAlgorithm) -> padding.AsymmetricPadding:
    if how.scheme == "pkcs1":
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(HASHES[how.mgf]), how.salt)


def _der_signature(plain: bytes) -> bytes:
    """r and s side by side, as the DER that the library takes. Raises ValueError."""
    half, odd = divmod(len(plain), 2)
    if odd or not 0 < half <= 66:
        raise ValueError("signature of a forbidden size")
    return encode_dss_signature(int.from_bytes(plain[:half]), int.from_bytes(plain[half:]))


def _rsa(key: bytes) -> rsa.RSAPublicKey:
    modulus, exponent = (integer(part) for part in sequence(key, least=2)[:2])
    if modulus < 0 or exponent < 0:
        raise Malformed("RSA key of negative numbers")
    if not 1024 <= modulus.bit_length() <= _MAX_RSA_BITS or exponent.bit_length() > _MAX_EXPONENT_BITS:
        raise EkycError("chip_algorithm_not_supported", f"RSA of {modulus.bit_length()} bits")
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        raise Malformed("RSA key of impossible numbers") from error


def _elliptic(parameters: Tlv, point: bytes) -> ec.EllipticCurvePublicKey:
    curve = named_curve(parameters)
    if curve is None:
        raise EkycError("chip_algorithm_not_supported", "curve")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve.implementation, point)
    except ValueError as error:
        raise Malformed("point that is not on its curve") from error
