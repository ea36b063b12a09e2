"""What a client gets because it asked by name: single claims and verified claims."""

from __future__ import annotations

from typing import Any

from idp.domain import claims_request
from idp.domain.assurance import match
from idp.domain.assurance.build import build
from idp.domain.claims import all_claims
from idp.domain.models import Account, Authorization


def requested_claims(
    account: Account, authorization: Authorization, place: claims_request.Place, *, issuer: str, now: int
) -> dict[str, Any]:
    """The claims that the citizen agreed to give by name, for the ID token or userinfo

    (OpenID Connect Core, section 5.5; OpenID Connect for Identity Assurance 1.0, section 5).
    """
    asked = authorization.claims.get(place)
    if not asked:
        return {}
    answer = claims_request.answer(authorization.claims, place, all_claims(account))
    wanted = asked.get("verified_claims")
    known = build(account, issuer) if wanted is not None else None
    verified = match.answer(wanted, known, now) if known is not None else None
    return answer | ({"verified_claims": verified} if verified is not None else {})
