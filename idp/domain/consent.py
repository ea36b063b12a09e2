"""What a citizen has to agree to: the scopes, and the claims that go beyond them."""

from __future__ import annotations

from idp.domain import claims_request
from idp.domain.assurance.request import claim_names
from idp.domain.claims import SCOPE_CLAIMS, supported_claims
from idp.domain.contact import CHANNELS, Channel
from idp.domain.models import Account, AuthorizationRequest

CLAIM = "claim:"  # how a single claim is written among the scopes of a consent


def claims_beyond_scope(request: AuthorizationRequest) -> tuple[str, ...]:
    """Claims asked for by name that no scope of the request releases, in our order; at the end

    ``verified_claims`` where the proof of the identity is asked for."""
    covered = {claim for name in request.scope for claim in SCOPE_CLAIMS.get(name, ())}
    wanted = claims_request.verified(request.claims)
    asked = claims_request.names(request.claims).union(*map(claim_names, wanted)) - covered
    named = [name for name in supported_claims() if name in asked and name != "sub"]
    return (*named, *(["verified_claims"] if wanted else []))


def items(request: AuthorizationRequest) -> frozenset[str]:
    """What the consent must cover."""
    return frozenset(request.scope) | {CLAIM + name for name in claims_beyond_scope(request)}


def missing(request: AuthorizationRequest, account: Account) -> tuple[Channel, ...]:
    """Addresses that are asked for, by scope or by name, and that the citizen has not proven."""
    asked = set(request.scope) | {name.partition("_")[0] for name in claims_beyond_scope(request)}
    return tuple(channel for channel in CHANNELS if channel in asked and not getattr(account, channel))


def claims_of(granted: frozenset[str]) -> frozenset[str]:
    """The single claims in a consent."""
    return frozenset(item.removeprefix(CLAIM) for item in granted if item.startswith(CLAIM))
