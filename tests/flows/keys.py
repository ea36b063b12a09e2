"""What a client makes itself: keys, DPoP proofs, assertions."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from idp.domain.dpop import thumbprint
from tests.flows.conftest import ISSUER


class ProofKey:
    """A P-256 key that signs DPoP proofs (RFC 9449) and client assertions (RFC 7523)."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.jwk: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(self.private.public_key()))

    @property
    def jkt(self) -> str:
        return thumbprint(self.jwk)

    def proof(
        self,
        path: str = "/token",
        *,
        method: str = "POST",
        token: str | None = None,
        header: dict[str, Any] | None = None,
        **changes: Any,
    ) -> str:
        """A proof for an endpoint; a claim changed to None is left out."""
        claims: dict[str, Any] = {
            "jti": secrets.token_urlsafe(8),
            "htm": method,
            "htu": ISSUER + path,
            "iat": int(time.time()),
        }
        if token is not None:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        fields = {"typ": "dpop+jwt", "jwk": self.jwk} | (header or {})
        return jwt.encode(claims, self.private, algorithm="ES256", headers=fields)

    def headers(self, path: str = "/token", **changes: Any) -> dict[str, str]:
        return {"DPoP": self.proof(path, **changes)}

    def assertion(self, client_id: str, **changes: Any) -> str:
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": ISSUER,
            "jti": secrets.token_urlsafe(8),
            "exp": int(time.time()) + 60,
        }
        return jwt.encode(claims | changes, self.private, algorithm="ES256")
