"""Tokens bound to a key of the client: DPoP (RFC 9449) and mutual TLS (RFC 8705)."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from idp.domain import dpop
from idp.domain.certificates import Certificate
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Presented:
    """An access token as a resource of ours receives it. ``scheme``: ``bearer`` or ``dpop``."""

    token: str
    scheme: str
    method: str
    url: str
    proof: str | None = None
    certificate: Certificate | None = None


_NONCE_WINDOW = 300  # seconds; a nonce is good in its own window and the next one


def current_nonce(services: Services) -> str:
    """The nonce to hand out now (RFC 9449, section 8). Computed, so every process knows it."""
    return _nonce(services, services.clock() // _NONCE_WINDOW)


def accept_proof(
    services: Services,
    tx: Transaction,
    proof: str,
    *,
    method: str,
    url: str,
    access_token: str | None = None,
) -> str:
    """The thumbprint of the key behind a proof that comes for the first time.

    Raises OAuthError: ``invalid_dpop_proof``, ``use_dpop_nonce``.
    """
    checked = dpop.check_proof(proof, method=method, url=url, now=services.clock(), access_token=access_token)
    if checked.nonce is None and services.dpop_nonce_required:
        raise OAuthError("use_dpop_nonce", "send the nonce of the DPoP-Nonce header")
    if checked.nonce is not None and not _is_good(services, checked.nonce):
        raise OAuthError("use_dpop_nonce", "the nonce is over: send that of the DPoP-Nonce header")
    key = f"dpop:{checked.jkt}:{hash_secret(checked.jti)[:40]}"
    if not tx.challenges.claim(key, checked.expires_at):
        raise OAuthError("invalid_dpop_proof", "the proof was used before")
    return checked.jkt


def confirm(
    services: Services,
    tx: Transaction,
    client: Client,
    *,
    proof: str | None,
    certificate: Certificate | None,
    url: str,
) -> dict[str, Any] | None:
    """``cnf`` of the tokens to be issued (RFC 7800); None for bearer tokens.

    Raises OAuthError: ``invalid_dpop_proof``, ``use_dpop_nonce``, ``invalid_request`` where the client is
    registered for bound tokens and sends nothing to bind them to.
    """
    if proof is not None:
        return {"jkt": accept_proof(services, tx, proof, method="POST", url=url)}
    if client.dpop_bound_access_tokens:
        raise OAuthError("invalid_dpop_proof", "this client's tokens are bound: a DPoP proof is required")
    if client.tls_client_certificate_bound_access_tokens:
        if certificate is None:
            raise OAuthError("invalid_request", "this client's tokens are bound: use mutual TLS")
        return {"x5t#S256": certificate.thumbprint}
    if client.fapi2:
        raise OAuthError("invalid_dpop_proof", "this client's tokens are bound to a key: send a DPoP proof")
    return None


def check_possession(
    services: Services, tx: Transaction, cnf: dict[str, Any] | None, presented: Presented
) -> None:
    """Whoever presents a bound token holds its key (RFC 9449, section 7; RFC 8705, section 3).

    Raises OAuthError: ``invalid_token``, ``invalid_dpop_proof``, ``use_dpop_nonce``.
    """
    bound = cnf or {}
    if ("jkt" in bound) != (presented.scheme == "dpop"):
        raise OAuthError("invalid_token", "bound tokens go with the scheme DPoP, others do not", status=401)
    if "jkt" in bound:
        if presented.proof is None:
            raise OAuthError("invalid_dpop_proof", "a DPoP proof is required")
        jkt = accept_proof(
            services,
            tx,
            presented.proof,
            method=presented.method,
            url=presented.url,
            access_token=presented.token,
        )
        if jkt != bound["jkt"]:
            raise OAuthError("invalid_token", "the token is bound to another key", status=401)
    expected = bound.get("x5t#S256")
    if expected and (presented.certificate is None or presented.certificate.thumbprint != expected):
        raise OAuthError("invalid_token", "the token is bound to another certificate", status=401)


def _nonce(services: Services, window: int) -> str:
    digest = hmac.new(services.nonce_key, f"dpop:{window}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:18]).decode()


def _is_good(services: Services, nonce: str) -> bool:
    window = services.clock() // _NONCE_WINDOW
    return any(
        hmac.compare_digest(nonce.encode(), _nonce(services, number).encode())
        for number in (window, window - 1)
    )
