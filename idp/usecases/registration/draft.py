"""From a metadata document to a checked draft: software statement, rules, sector."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from idp.domain import registration
from idp.domain.claims import SCOPE_CLAIMS
from idp.domain.errors import IdpError
from idp.domain.grant_types import GRANT_TYPES
from idp.domain.models import Client
from idp.domain.registration import metadata, profile, sector
from idp.domain.registration.offered import Offered
from idp.usecases.authenticate_client import methods
from idp.usecases.client_keys import ALGORITHMS
from idp.usecases.registration.software_statement import kept_claims, statement_claims
from idp.usecases.services import Services


def offered_by(services: Services) -> Offered:
    """What the rules compare with."""
    return Offered(
        auth_methods=tuple(methods(services)),
        grant_types=tuple(GRANT_TYPES),
        signing_algs=tuple(services.signer.algorithms()),
        accepted_algs=tuple(ALGORITHMS),
        scopes=tuple(SCOPE_CLAIMS),
        details_types=tuple(services.details_types),
    )


def draft_of(
    services: Services, document: dict[str, Any], constraints: dict[str, Any], kept: str | None = None
) -> Client:
    """A client without ``client_id`` and credentials; may fetch, so no transaction is open.

    ``constraints``: of the initial access token. ``kept``: the client's software statement so far.
    Raises IdpError with a code of RFC 7591, section 3.2.2.
    """
    sent = document.get("software_statement")
    statement = kept if sent is None else sent
    fixed = kept_claims(kept) if kept and statement == kept else statement_claims(services, statement)
    document = document | fixed  # what a statement says goes before what the client says (section 2.3)
    subjects = constraints.get("subject_type", "pairwise")
    draft = metadata.read({"subject_type": subjects} | document)
    if draft.subject_type not in ("pairwise", subjects):
        raise IdpError("invalid_client_metadata", "subject_type public is the admin's to allow")
    draft = profile.apply(
        replace(
            draft,
            operator=constraints.get("operator"),
            profile=constraints.get("profile"),
            require_pkce=constraints.get("require_pkce", True),
            self_registered=constraints.get("self_registered", False),
            software_statement=statement,
        )
    )
    allowed = constraints.get("scope")
    if allowed is not None:
        wanted = tuple(allowed) if draft.scope is None else draft.scope
        if not set(wanted) <= set(allowed):
            raise IdpError("invalid_client_metadata", "a scope that the initial access token does not allow")
        draft = replace(draft, scope=wanted, allowed_scope=tuple(allowed))
    registration.check(draft, offered_by(services))
    sector.check_hosts(draft)
    if draft.sector_identifier_uri is not None:
        sector.check_document(draft, _fetch(services, draft.sector_identifier_uri))
    return draft


def _fetch(services: Services, uri: str) -> bytes:
    try:
        return services.fetcher.fetch(uri)
    except ValueError as error:
        raise IdpError("invalid_client_metadata", f"sector_identifier_uri: {error}") from None
