"""``claims`` asks for single claims (OpenID Connect Core, section 5.5); ``sub`` and ``acr`` in it are
conditions of the sign-in (sections 5.5.1 and 5.5.1.1)."""

from idp.domain import claims_request
from idp.domain.assurance import request
from idp.domain.assurance.build import VERIFIED_CLAIMS
from idp.domain.checks.context import Context
from idp.domain.claims import SCOPE_CLAIMS
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    text = context.params.get("claims")
    if text is None:
        return
    try:
        claims = claims_request.parse(text)
        for wanted in claims_request.verified(claims):
            request.check(wanted)
    except ValueError as error:
        raise OAuthError("invalid_request", str(error)) from None
    unwanted = _beyond(context)
    context.claims = claims_request.without(claims, unwanted)
    for members in context.claims.values():
        wanted = members.get("verified_claims")
        if wanted is not None:
            never = request.claim_names(wanted) - set(VERIFIED_CLAIMS)
            members["verified_claims"] = request.without(wanted, unwanted | never)
    _subject(context)
    wanted, essential = claims_request.wanted_values(claims, "id_token", "acr")
    if wanted and essential:
        context.essential_acr = wanted
    elif wanted:
        context.acr_values = wanted


def _beyond(context: Context) -> frozenset[str]:
    """Claims of scopes that the client may not have are not to be had by name either."""
    allowed = context.client.scope if context.client else None
    if allowed is None:
        return frozenset()
    reachable = {claim for name in (*allowed, "openid") for claim in SCOPE_CLAIMS.get(name, ())}
    return frozenset(c for names in SCOPE_CLAIMS.values() for c in names) - reachable


def _subject(context: Context) -> None:
    wanted = {
        wish["value"]
        for place in claims_request.PLACES
        if isinstance(wish := claims_request.wishes(context.claims, place).get("sub"), dict)
        and isinstance(wish.get("value"), str)
    } | ({context.subject} if context.subject else set())
    if len(wanted) > 1:
        raise OAuthError("invalid_request", "claims and id_token_hint name different subjects")
    context.subject = wanted.pop() if wanted else None
