"""Key pairs of the signature algorithms: made, parsed, published as JWK (RFC 7517, RFC 8037)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ALGORITHMS = ("ES256", "RS256", "PS256", "EdDSA")  # RS256 is mandatory (OpenID Connect Core, section 15.1)
_FAMILIES: dict[str, Any] = {
    "ES256": ECAlgorithm,
    "RS256": RSAAlgorithm,
    "PS256": RSAAlgorithm,
    "EdDSA": OKPAlgorithm,
}


@dataclass(frozen=True, slots=True)
class KeyPair:
    """``retired_at`` once it only verifies; times in Unix seconds."""

    kid: str
    alg: str
    private: Any
    public: Any
    jwk: dict[str, Any]
    created_at: int
    retired_at: int | None


def new_pem(alg: str) -> bytes:
    """A new private key, PKCS#8."""
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    if alg == "ES256":
        key = ec.generate_private_key(ec.SECP256R1())
    elif alg == "EdDSA":
        key = ed25519.Ed25519PrivateKey.generate()
    else:
        key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_pair(kid: str, alg: str, pem: bytes, created_at: int, retired_at: int | None) -> KeyPair:
    # Checking an RSA key takes 20 ms; nobody but us can have sealed this one.
    private: Any = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    public = private.public_key()
    jwk = json.loads(_FAMILIES[alg].to_jwk(public))
    jwk.pop("key_ops", None)
    published = jwk | {"kid": kid, "alg": alg, "use": "sig"}
    return KeyPair(kid, alg, private, public, published, created_at, retired_at)
