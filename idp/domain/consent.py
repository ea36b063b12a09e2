"""What a citizen has to agree to: the scopes, and the claims that go beyond them."""

from __future__ import annotations

from idp.domain import claims_request
from idp.domain.claims import SCOPE_CLAIMS, supported_claims
from idp.domain.models import AuthorizationRequest

CLAIM = "claim:"  # how a single claim is written among the scopes of a consent


def claims_beyond_scope(request: AuthorizationRequest) -> tuple[str, ...]:
    """Claims asked for by name that no scope of the request releases, in our order."""
    covered = {claim for name in request.scope for claim in SCOPE_CLAIMS.get(name, ())}
    asked = claims_request.names(request.claims) - covered
    return tuple(name for name in supported_claims() if name in asked and name != "sub")


def items(request: AuthorizationRequest) -> frozenset[str]:
    """What the consent must cover."""
    return frozenset(request.scope) | {CLAIM + name for name in claims_beyond_scope(request)}


def claims_of(granted: frozenset[str]) -> frozenset[str]:
    """The single claims in a consent."""
    return frozenset(item.removeprefix(CLAIM) for item in granted if item.startswith(CLAIM))
