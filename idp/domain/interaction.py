"""Which prompt comes next: login and consent are checks with reasons, in order.

A step-up to a higher eKYC level becomes one more entry of ``PROMPTS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from idp.domain import acr
from idp.domain.consent import items
from idp.domain.errors import OAuthError
from idp.domain.models import Account, AuthorizationRequest, Client, Grant, Interaction, Session


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the policy looks at. ``now`` in Unix seconds; ``subject``: the account's ``sub`` there."""

    request: AuthorizationRequest
    client: Client
    interaction: Interaction | None
    session: Session | None
    account: Account | None
    grants: tuple[Grant, ...]
    now: int
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A page the citizen must pass. ``error`` is what ``prompt=none`` answers instead."""

    name: str
    reason: str
    error: str


def _login(situation: Situation) -> str | None:
    request, session, interaction = situation.request, situation.session, situation.interaction
    if session is None or situation.account is None:
        return "no_session"
    fresh = interaction is not None and interaction.authenticated_at is not None
    if request.subject is not None and request.subject != situation.subject:
        if fresh:  # someone else signed in than the client asked for (Core, section 3.1.2.1)
            raise OAuthError("login_required", "another person signed in than id_token_hint names")
        return "another_person"
    if fresh:
        return None
    if "login" in request.prompt or "select_account" in request.prompt or "create" in request.prompt:
        return "asked_by_client"
    age = situation.now - session.auth_time
    if request.max_age is not None and (age > request.max_age or request.max_age == 0):
        return "max_age"  # 0 is the same as prompt=login
    return None


def _assurance(situation: Situation) -> str | None:
    """Unmet where no page can help (OpenID Connect Unmet Authentication Requirements 1.0)."""
    level = situation.account.level if situation.account else 0
    if not acr.is_met(level, situation.request.essential_acr):
        raise OAuthError("unmet_authentication_requirements", "the citizen has no such level")
    return None


def _consent(situation: Situation) -> str | None:
    request, client = situation.request, situation.client
    if "consent" in request.prompt:
        return "asked_by_client"
    granted: set[str] = set()
    for grant in situation.grants:
        same_operator = grant.operator is not None and grant.operator == client.operator
        if grant.client_id == client.client_id or same_operator:
            granted |= grant.scope
    return None if items(request) <= granted else "not_granted"


PROMPTS: tuple[tuple[str, Callable[[Situation], str | None], str], ...] = (
    ("login", _login, "login_required"),
    ("step-up", _assurance, "interaction_required"),
    ("consent", _consent, "consent_required"),
)


def next_prompt(situation: Situation) -> Prompt | None:
    """The first unmet prompt, or None when a code may be issued.

    Raises OAuthError when ``prompt=none`` forbids the page (OpenID Connect Core, section 3.1.2.6).
    """
    for name, check, error in PROMPTS:
        reason = check(situation)
        if reason is None:
            continue
        if "none" in situation.request.prompt:
            raise OAuthError(error, f"{name} is needed: {reason}")
        return Prompt(name, reason, error)
    return None
