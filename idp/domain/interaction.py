"""Which prompt comes next: login, step-up and consent are checks with reasons, in order."""

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


def _choice(situation: Situation) -> str | None:
    """Whether somebody else may be meant than who is signed in here (Core, section 3.1.2.1)."""
    request, account = situation.request, situation.account
    if account is None or _fresh(situation) or request.subject not in (None, situation.subject):
        return None  # the sign-in page decides
    if "select_account" in request.prompt:
        return "asked_by_client"
    signs_in = "login" in request.prompt or "create" in request.prompt
    if request.login_hint is None or signs_in:
        return None
    # An app that the citizen never agreed to must not learn from prompt=none whose number it is.
    stranger = "none" in request.prompt and _consent(situation) is not None
    return "another_person_hinted" if stranger or request.login_hint != account.profile.number else None


def _fresh(situation: Situation) -> bool:
    """Signed in within this very interaction."""
    return situation.interaction is not None and situation.interaction.authenticated_at is not None


def _login(situation: Situation) -> str | None:
    request, session = situation.request, situation.session
    if session is None or situation.account is None:
        return "no_session"
    fresh = _fresh(situation)
    if request.subject is not None and request.subject != situation.subject:
        if fresh:  # someone else signed in than the client asked for (Core, section 3.1.2.1)
            raise OAuthError("login_required", "another person signed in than id_token_hint names")
        return "another_person"
    if fresh:
        return None
    if "login" in request.prompt or "create" in request.prompt:
        return "asked_by_client"
    age = situation.now - session.auth_time
    if request.max_age is not None and (age > request.max_age or request.max_age == 0):
        return "max_age"  # 0 is the same as prompt=login
    return None


def _assurance(situation: Situation) -> str | None:
    """Whether more proof of identity is due. Essential and out of reach is an error for the client

    (OpenID Connect Core, section 5.5.1.1; Unmet Authentication Requirements 1.0); a mere wish is not.
    """
    request = situation.request
    level = situation.account.level if situation.account else 0
    wanted = request.essential_acr or request.acr_values
    if acr.is_met(level, wanted):
        return None
    within_reach = acr.reachable(level, wanted) is not None
    if request.essential_acr and not within_reach:
        raise OAuthError("unmet_authentication_requirements", "the citizen cannot reach such a level here")
    if not within_reach or ("none" in request.prompt and not request.essential_acr):
        return None
    return "level_too_low"


def _consent(situation: Situation) -> str | None:
    request, client = situation.request, situation.client
    if "consent" in request.prompt:
        return "asked_by_client"
    if request.authorization_details:  # each is about one thing, so no earlier consent covers it
        return "authorization_details"
    granted: set[str] = set()
    for grant in situation.grants:
        same_operator = grant.operator is not None and grant.operator == client.operator
        if grant.client_id == client.client_id or same_operator:
            granted |= grant.scope
    return None if items(request) <= granted else "not_granted"


PROMPTS: tuple[tuple[str, Callable[[Situation], str | None], str], ...] = (
    ("select-account", _choice, "account_selection_required"),
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
