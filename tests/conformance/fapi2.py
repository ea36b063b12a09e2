"""What a client of the FAPI 2.0 plans does: proves itself, pushes, binds its tokens, signs its requests."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, query_of
from tests.flows.keys import ProofKey
from tests.flows.test_mutual_tls import HEADER, certificate, pem

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
RSA_JWK = json.loads(RSAAlgorithm.to_jwk(RSA.public_key()))
PREFIX = "urn:ietf:params:oauth:request_uri:"
Headers = dict[str, str]


@dataclass(frozen=True)
class Variant:
    """``client_auth_type`` and ``sender_constrain`` of the plans."""

    auth: str
    binding: str

    def __str__(self) -> str:
        return f"{self.auth}-{self.binding}"


PRIVATE_KEY_JWT_DPOP = Variant("private_key_jwt", "dpop")
VARIANTS = (
    PRIVATE_KEY_JWT_DPOP,
    Variant("private_key_jwt", "mtls"),
    Variant("mtls", "dpop"),
    Variant("mtls", "mtls"),
)


class Fapi:
    """One client. Every claim and parameter of a request may be changed, or left out by None."""

    signs_requests = False
    profile = "fapi2"

    def __init__(self, provider: Provider, browser: Browser, variant: Variant, **metadata: Any) -> None:
        self.browser, self.http, self.variant = browser, browser.http, variant
        self.key, self.proofs = ProofKey(), ProofKey()
        name = secrets.token_hex(8)
        self.tls = {HEADER: pem(certificate(name))} if "mtls" in (variant.auth, variant.binding) else {}
        draft: dict[str, Any] = {
            "auth_method": "tls_client_auth" if variant.auth == "mtls" else "private_key_jwt",
            "jwks": {"keys": [self.key.jwk, RSA_JWK]},
            "profile": self.profile,
            "grant_types": ("authorization_code", "refresh_token"),
            "tls_client_certificate_bound_access_tokens": variant.binding == "mtls",
            "tls_client_auth_subject_dn": f"CN={name}" if variant.auth == "mtls" else None,
        }
        self.client_id = provider.add_client(**draft | metadata)[0]

    # What is sent

    def assertion(self, *, key: Any = None, alg: str = "ES256", **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": ISSUER,
            "jti": secrets.token_urlsafe(8),
            "iat": now,
            "nbf": now,
            "exp": now + 60,
        }
        return jwt.encode(_kept(claims | changes), key or self.key.private, algorithm=alg)

    def credentials(self, assertion: str | None = None) -> dict[str, str]:
        if self.variant.auth == "mtls":
            return {"client_id": self.client_id}
        return {"client_assertion_type": ASSERTION, "client_assertion": assertion or self.assertion()}

    def proof(self, path: str = "/token", key: ProofKey | None = None, **changes: Any) -> Headers:
        """Of possession: the headers that a request with bound tokens carries."""
        dpop = (key or self.proofs).headers(path, **changes) if self.variant.binding == "dpop" else {}
        return self.tls | dpop

    def params(self, **changes: Any) -> dict[str, str]:
        """An authorization request."""
        return self.browser.params(client_id=self.client_id, **changes)

    def request_object(self, *, key: Any = None, alg: str = "ES256", claims: Any = (), **changes: Any) -> str:
        """The request signed (RFC 9101), with ``claims`` of the JWT changed."""
        now = int(time.time())
        frame = {"iss": self.client_id, "aud": ISSUER, "iat": now, "nbf": now, "exp": now + 300}
        body = self.params(**changes) | _kept(frame | dict(claims))
        signer = None if alg == "none" else key or self.key.private
        return jwt.encode(body, signer, algorithm=alg, headers={"typ": "oauth-authz-req+jwt"})

    # The way through

    def push(
        self, *, form: dict[str, str] | None = None, headers: Headers | None = None, **changes: Any
    ) -> httpx.Response:
        if form is None:
            form = {"request": self.request_object(**changes)} if self.signs_requests else None
        form = self.params(**changes) if form is None else form
        return self.http.post("/par", data=form | self.credentials(), headers=headers or self.tls)

    def pushed(self, **changes: Any) -> str:
        answer = self.push(**changes)
        assert answer.status_code == 201, answer.text
        uri: str = answer.json()["request_uri"]
        return uri

    def authorize(self, request_uri: str, **extra: str) -> httpx.Response:
        params = {"client_id": self.client_id, "request_uri": request_uri} | extra
        return self.http.get("/authorize?" + urlencode(params))

    def finish(self, answer: httpx.Response, decision: str = "allow") -> dict[str, str]:
        """Signs in, decides, and reads what comes back to the client."""
        for _ in range(4):
            target = answer.headers["location"]
            if target.startswith(REDIRECT):
                return self.read(target)
            if target.endswith("/sign-in"):
                answer = self.browser.sign_in(target)
            elif target.endswith("/consent"):
                answer = self.browser.submit(target, decision=decision)
            else:
                answer = self.http.get(target)
        raise AssertionError(target)

    def read(self, target: str) -> dict[str, str]:
        """The authorization response; ``iss`` is always in it (RFC 9207)."""
        fields = query_of(target)
        assert fields["iss"] == ISSUER
        return fields

    def code(self, **changes: Any) -> str:
        return self.finish(self.authorize(self.pushed(**changes)))["code"]

    def post(self, form: dict[str, Any], headers: Headers | None = None, **changes: Any) -> httpx.Response:
        """At the token endpoint."""
        data = _kept(form | self.credentials() | changes)
        return self.http.post("/token", data=data, headers=self.proof() if headers is None else headers)

    def exchange(self, code: str, headers: Headers | None = None, **changes: Any) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": self.browser.verifier,
        }
        return self.post(form, headers, **changes)

    def refresh(self, token: str, headers: Headers | None = None, **changes: Any) -> httpx.Response:
        return self.post({"grant_type": "refresh_token", "refresh_token": token}, headers, **changes)

    def tokens(self, **changes: Any) -> dict[str, Any]:
        answer = self.exchange(self.code(**changes))
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def userinfo(self, token: str, scheme: str | None = None, **changes: Any) -> httpx.Response:
        dpop = self.variant.binding == "dpop"
        headers = {"Authorization": f"{scheme or ('DPoP' if dpop else 'Bearer')} {token}"}
        return self.http.get(
            "/userinfo", headers=headers | self.proof("/userinfo", method="GET", token=token, **changes)
        )

    def claims(self, id_token: str) -> dict[str, Any]:
        """Of the ID token, verified; signed as section 5.4.1 of the profile has it."""
        keys = jwt.PyJWKSet.from_dict(self.http.get("/jwks").json())
        header = jwt.get_unverified_header(id_token)
        assert header["alg"] in ("PS256", "ES256", "EdDSA")
        claims: dict[str, Any] = jwt.decode(
            id_token, keys[header["kid"]], algorithms=[header["alg"]], audience=self.client_id, issuer=ISSUER
        )
        return claims


class SigningFapi(Fapi):
    """One client of Message Signing: signed requests, signed answers (JARM)."""

    signs_requests = True
    profile = "fapi2_message_signing"

    def params(self, **changes: Any) -> dict[str, str]:
        return super().params(**{"response_mode": "jwt"} | changes)

    def read(self, target: str) -> dict[str, str]:
        fields = query_of(target)
        assert list(fields) == ["response"]
        claims = self.claims(fields["response"])
        assert claims["exp"] - time.time() <= 600
        return claims


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def refused(answer: httpx.Response, *codes: str) -> None:
    """400 or 401 with one of the codes."""
    assert answer.status_code in (400, 401), answer.text
    assert answer.json()["error"] in codes, answer.text
