"""Signs and verifies our own tokens. Keys are made at first start and parsed once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from idp.tokens import new_id

ALGORITHMS = ("ES256", "RS256")  # RS256 is mandatory (OpenID Connect Core, section 15.1)


class KeyStore(Protocol):
    def all(self) -> list[tuple[str, str, bytes]]: ...
    def add(self, kid: str, alg: str, pem: bytes, now: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Key:
    kid: str
    alg: str
    private: Any
    public: Any
    jwk: dict[str, Any]


class JwtSigner:
    """Implements ``ports.Signer``. The newest key of an algorithm signs; all of them verify."""

    def __init__(self, store: KeyStore, *, issuer: str, now: int) -> None:
        self._issuer = issuer
        present = {alg for _, alg, _ in store.all()}
        for alg in ALGORITHMS:
            if alg not in present:
                store.add(new_id(), alg, _new_pem(alg), now)
        self._keys = [_load(*row) for row in store.all()]
        self._by_kid = {key.kid: key for key in self._keys}
        self._signing = {key.alg: key for key in self._keys}

    def sign(self, claims: dict[str, Any], *, alg: str, typ: str = "JWT") -> str:
        key = self._signing[alg]
        return jwt.encode(claims, key.private, algorithm=alg, headers={"kid": key.kid, "typ": typ})

    def verify(self, token: str, *, typ: str, audience: str | None, leeway: int = 0) -> dict[str, Any]:
        """``audience`` None skips that check. Raises ValueError for anything but a token we signed."""
        try:
            header = jwt.get_unverified_header(token)
            key = self._by_kid[header["kid"]]
            if header.get("typ") != typ:
                raise ValueError("another kind of token")
            options = {"require": ["exp", "iat", "iss"], "verify_aud": audience is not None}
            claims: dict[str, Any] = jwt.decode(
                token,
                key.public,
                algorithms=[key.alg],
                audience=audience,
                issuer=self._issuer,
                leeway=leeway,
                options=options,  # type: ignore[arg-type]
            )
        except (jwt.PyJWTError, KeyError) as error:
            raise ValueError("not a valid token of ours") from error
        return claims

    def jwks(self) -> dict[str, Any]:
        return {"keys": [key.jwk for key in self._keys]}

    def algorithms(self) -> list[str]:
        return list(self._signing)


def _new_pem(alg: str) -> bytes:
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = (
        ec.generate_private_key(ec.SECP256R1()) if alg == "ES256" else rsa.generate_private_key(65537, 2048)
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _load(kid: str, alg: str, pem: bytes) -> _Key:
    private = load_pem_private_key(pem, None)
    public = private.public_key()
    family = ECAlgorithm if alg == "ES256" else RSAAlgorithm
    jwk = json.loads(family.to_jwk(public))  # type: ignore[arg-type]
    jwk.pop("key_ops", None)
    return _Key(kid, alg, private, public, jwk | {"kid": kid, "alg": alg, "use": "sig"})
