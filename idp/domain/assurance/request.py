"""``verified_claims`` in the claims parameter (OpenID Connect for Identity Assurance 1.0, section 5)."""

from __future__ import annotations

from typing import Any

from idp.domain.claims_request import check_wish

_CONSTRAINTS = ("value", "values", "max_age", "essential")


def check(wanted: Any) -> None:
    """One request or an array of them. Raises ValueError with a sentence for the client's developer."""
    requests = each(wanted)
    if not requests:
        raise ValueError("verified_claims must not be empty")
    for request in requests:
        _request(request)


def each(wanted: Any) -> list[Any]:
    """The single requests: an array is answered entry by entry (section 5.6)."""
    return wanted if isinstance(wanted, list) else [wanted]


def _request(request: Any) -> None:
    if not isinstance(request, dict):
        raise ValueError("verified_claims must be an object or an array of objects")
    verification, claims = request.get("verification"), request.get("claims")
    if not isinstance(verification, dict) or "trust_framework" not in verification:
        raise ValueError("verified_claims: verification needs trust_framework")
    if not isinstance(claims, dict) or not claims:
        raise ValueError("verified_claims: claims must name at least one claim")
    for name, wish in claims.items():
        check_wish(name, wish)
    _template(verification, "verification")
    evidence = verification.get("evidence")
    if evidence is not None and not isinstance(evidence, list):
        raise ValueError("verified_claims: evidence must be an array")
    for entry in evidence or []:
        kind = entry.get("type")
        if not isinstance(kind, dict) or not isinstance(kind.get("value"), str) or "values" in kind:
            raise ValueError("verified_claims: an evidence entry needs type with one value")


def _template(wanted: Any, name: str) -> None:
    """A tree of objects and arrays of objects whose leaves are null or constraints."""
    if wanted is None:
        return
    if isinstance(wanted, list):
        if not wanted or not all(isinstance(entry, dict) for entry in wanted):
            raise ValueError(f"verified_claims: {name} must be an array of objects")
        for entry in wanted:
            _template(entry, name)
    elif not isinstance(wanted, dict):
        raise ValueError(f"verified_claims: {name} must be null or an object")
    elif is_constraint(wanted):
        check_wish(name, wanted)
        age = wanted.get("max_age", 0)
        if not isinstance(age, int) or isinstance(age, bool) or age < 0:
            raise ValueError(f"verified_claims: max_age of {name} must be a number of seconds")
    else:
        for member, wish in wanted.items():
            _template(wish, member)


def is_constraint(wanted: dict[str, Any]) -> bool:
    """Whether an object limits a value, rather than naming members."""
    return all(name in _CONSTRAINTS for name in wanted)


def claim_names(wanted: Any) -> frozenset[str]:
    """The claims that are asked for as verified."""
    return frozenset(name for request in each(wanted) for name in request["claims"])


def without(wanted: Any, unwanted: frozenset[str]) -> Any:
    """The same requests without some claims; None when nothing is left."""
    kept = [
        request | {"claims": claims}
        for request in each(wanted)
        if (claims := {name: wish for name, wish in request["claims"].items() if name not in unwanted})
    ]
    if not kept:
        return None
    return kept if isinstance(wanted, list) else kept[0]
