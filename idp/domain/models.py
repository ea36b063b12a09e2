"""The provider's nouns, frozen. Times are Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from idp.domain.response import ResponseMode

AuthMethod = Literal[
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
    "none",
]
PROFILES = ("fapi2", "fapi2_message_signing")
EnrolmentState = Literal[
    "front", "back", "face", "review", "credential", "waiting", "refused", "exists", "done"
]


@dataclass(frozen=True, slots=True)
class Client:
    """A registered relying party (RFC 7591 names). ``operator`` groups the province's own apps."""

    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    auth_method: AuthMethod
    post_logout_redirect_uris: tuple[str, ...] = ()
    secret_hash: str | None = None
    secret_seed: str | None = None  # of client_secret_jwt: see usecases/client_assertion.py
    jwks: dict[str, Any] | None = None
    operator: str | None = None
    id_token_signed_response_alg: str = "ES256"
    grant_types: tuple[str, ...] = ("authorization_code",)
    scope: tuple[str, ...] | None = None  # None: every scope
    subject_type: Literal["pairwise", "public"] = "pairwise"
    sector_identifier_uri: str | None = None
    jwks_uri: str | None = None
    id_token_encrypted_response_alg: str | None = None
    id_token_encrypted_response_enc: str | None = None
    userinfo_signed_response_alg: str | None = None
    userinfo_encrypted_response_alg: str | None = None
    userinfo_encrypted_response_enc: str | None = None
    introspection_signed_response_alg: str | None = None
    introspection_encrypted_response_alg: str | None = None
    introspection_encrypted_response_enc: str | None = None
    authorization_signed_response_alg: str | None = None  # None: RS256 (JARM, section 3)
    authorization_encrypted_response_alg: str | None = None
    authorization_encrypted_response_enc: str | None = None
    token_endpoint_auth_signing_alg: str | None = None
    request_object_signing_alg: str | None = None
    request_uris: tuple[str, ...] = ()
    require_signed_request_object: bool = False
    require_pushed_authorization_requests: bool = False
    require_pkce: bool = True  # see decision 9
    dpop_bound_access_tokens: bool = False
    tls_client_certificate_bound_access_tokens: bool = False
    tls_client_auth_subject_dn: str | None = None
    tls_client_auth_san_dns: str | None = None
    access_token_format: Literal["jwt", "opaque"] = "jwt"
    access_token_signing_alg: str = "ES256"  # of those in JWT format; an admin's choice
    resources: tuple[str, ...] = ()  # resource indicators that the client may ask for (RFC 8707)
    authorization_details_types: tuple[str, ...] = ()
    profile: Literal["fapi2", "fapi2_message_signing"] | None = None
    default_max_age: int | None = None
    default_acr_values: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    backchannel_logout_session_required: bool = False
    frontchannel_logout_uri: str | None = None
    frontchannel_logout_session_required: bool = False
    backchannel_token_delivery_mode: Literal["poll", "ping"] | None = None
    backchannel_client_notification_endpoint: str | None = None
    backchannel_authentication_request_signing_alg: str | None = None
    client_uri: str | None = None
    logo_uri: str | None = None
    policy_uri: str | None = None
    tos_uri: str | None = None
    languages: dict[str, str] = field(default_factory=dict)  # client_name#vi and the like
    contacts: tuple[str, ...] = ()
    software_id: str | None = None
    software_version: str | None = None
    registration_token_hash: str | None = None  # of the registration access token (RFC 7592)
    self_registered: bool = False  # without an initial access token
    software_statement: str | None = None  # what it says stays (RFC 7591, section 2.3)
    allowed_scope: tuple[str, ...] | None = None  # by the initial access token; None: every scope

    @property
    def fapi2(self) -> bool:
        """Held to the FAPI 2.0 Security Profile."""
        return self.profile is not None

    @property
    def message_signing(self) -> bool:
        """Held to FAPI 2.0 Message Signing on top of it."""
        return self.profile == "fapi2_message_signing"


@dataclass(frozen=True, slots=True)
class Profile:
    """What the population registry vouches for, stored encrypted."""

    number: str
    full_name: str
    birthdate: date
    sex: str
    nationality: str
    place_of_birth: str
    place_of_origin: str
    place_of_residence: str
    card_issued: date | None = None
    card_expires: date | None = None


@dataclass(frozen=True, slots=True)
class Proofing:
    """How an identity was proven: the checks that passed, by the engine's names. ``at`` is its time,
    ``transaction`` its identifier for clients, ``reviewed`` whether an officer also compared."""

    procedure: Literal["remote-unattended", "in-person"]
    at: int
    transaction: str
    checks: tuple[str, ...] = ()
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """One citizen. ``level`` is the eKYC level 0..3 reached, ``proofing`` how.

    ``email`` and ``phone`` (E.164) are there only once a code proved them.
    """

    account_id: str
    profile: Profile
    level: int
    created_at: int
    proofing: Proofing | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Passkey:
    credential_id: bytes
    account_id: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that passed every rule in ``domain/checks``.

    ``subject``: the only ``sub`` that the client accepts (id_token_hint, or ``sub`` in ``claims``).
    ``claims``: the claims parameter (Core, section 5.5). ``essential_acr``: one of them must be met.
    ``code_challenge`` is empty for a client that was let off PKCE and sent none.
    """

    client_id: str
    redirect_uri: str
    scope: tuple[str, ...]
    state: str | None
    nonce: str | None
    code_challenge: str
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    acr_values: tuple[str, ...] = ()
    ui_locales: tuple[str, ...] = ()
    login_hint: str | None = None
    response_mode: ResponseMode = "query"
    subject: str | None = None
    resources: tuple[str, ...] = ()  # RFC 8707
    dpop_jkt: str | None = None  # the code is bound to this key (RFC 9449, section 10)
    device: str | None = None  # user code of the device that asks, instead of an app (RFC 8628)
    backchannel: str | None = None  # hash of the auth_req_id of an app that waits (CIBA)
    claims: dict[str, Any] = field(default_factory=dict)
    essential_acr: tuple[str, ...] = ()
    pushed: str | None = None  # hash of the request_uri that stood for it (RFC 9126)
    authorization_details: tuple[dict[str, Any], ...] = ()  # RFC 9396

    @property
    def waits(self) -> bool:
        """A device (RFC 8628) or an app (CIBA) waits elsewhere: it asks again by itself, and gets no code."""
        return self.device is not None or self.backchannel is not None


@dataclass(frozen=True, slots=True)
class PushedRequest:
    """The parameters of an authorization request that its client sent beforehand (RFC 9126)."""

    request_uri_hash: str
    client_id: str
    params: dict[str, str]
    expires_at: int


@dataclass(frozen=True, slots=True)
class Interaction:
    """One visit to the sign-in pages, one per tab, bound to the browser that started it.

    ``request`` is None for the provider's own pages, then ``return_to`` is a path here.
    ``authenticated_at`` is when the citizen proved themselves inside this interaction.
    """

    interaction_id: str
    browser_hash: str
    request: AuthorizationRequest | None
    return_to: str
    created_at: int
    expires_at: int
    authenticated_at: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``sid`` is public to clients, the cookie's token is stored only as a hash."""

    sid: str
    account_id: str
    auth_time: int
    amr: tuple[str, ...]
    created_at: int
    last_seen: int
    device: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """Consent: to one client, or to every app of an operator (``client_id`` None)."""

    account_id: str
    client_id: str | None
    operator: str | None
    scope: frozenset[str]
    granted_at: int


@dataclass(frozen=True, slots=True)
class Authorization:
    """What was granted once: codes, access and refresh tokens hang on it and die with it.

    ``account_id`` and ``sid`` are None for a client acting for itself.
    """

    authorization_id: str
    client_id: str
    account_id: str | None
    sid: str | None
    scope: tuple[str, ...]
    auth_time: int
    amr: tuple[str, ...]
    acr: str
    created_at: int
    nonce: str | None = None
    claims: dict[str, Any] = field(default_factory=dict)  # the claims parameter (Core, section 5.5)
    resources: tuple[str, ...] = ()  # RFC 8707
    authorization_details: tuple[dict[str, Any], ...] = ()  # RFC 9396
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """One way to redeem an authorization; the code itself is stored only as a hash."""

    code_hash: str
    authorization_id: str
    redirect_uri: str
    code_challenge: str
    expires_at: int
    dpop_jkt: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A device that waits for a citizen (RFC 8628). ``request``: scope, resources and
    authorization_details, as lists."""

    device_code_hash: str
    user_code: str
    client_id: str
    request: dict[str, list[Any]]
    interval: int
    expires_at: int
    state: Literal["pending", "approved", "denied", "used"] = "pending"
    authorization_id: str | None = None
    polled_at: int | None = None


@dataclass(frozen=True, slots=True)
class Ping:
    """What a ping carries (CIBA, section 10.2): the identifier, and the client's own bearer token."""

    auth_req_id: str
    token: str


@dataclass(frozen=True, slots=True)
class BackchannelRequest:
    """An app that waits for a citizen elsewhere (CIBA). ``account_id`` is None where it reaches nobody, which
    the app is not told; ``ping`` is None where the app only polls."""

    auth_req_id_hash: str
    client_id: str
    account_id: str | None
    request: AuthorizationRequest
    binding_message: str | None
    ping: Ping | None
    interval: int
    created_at: int
    expires_at: int
    state: Literal["pending", "approved", "denied", "failed", "used"] = "pending"
    authorization_id: str | None = None
    polled_at: int | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The record of an access token. ``token_id`` is the jti of a JWT, the hash of an opaque token.

    ``cnf`` binds it to a key (RFC 7800), ``act`` names who acts (RFC 8693). ``authorization_details`` None:
    all of the authorization's (RFC 9396).
    """

    token_id: str
    authorization_id: str
    scope: tuple[str, ...]
    audience: tuple[str, ...]
    issued_at: int
    expires_at: int
    cnf: dict[str, Any] | None = None
    act: dict[str, Any] | None = None
    authorization_details: tuple[dict[str, Any], ...] | None = None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """The record of a refresh token; ``used_at`` once it was rotated."""

    token_hash: str
    authorization_id: str
    issued_at: int
    expires_at: int
    cnf: dict[str, Any] | None = None
    used_at: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way to one client.

    ``attempts`` counts those begun; ``last_result`` is an HTTP status or the name of a network failure.
    """

    id: int
    client_id: str
    state: Literal["pending", "sending", "delivered", "failed"]
    attempts: int
    last_result: str | None
    created_at: int
    next_attempt_at: int
    delivered_at: int | None


@dataclass(frozen=True, slots=True)
class LogoutDelivery(Delivery):
    """A logout token (Back-Channel Logout 1.0, section 2.5)."""

    account_id: str
    sid: str


@dataclass(frozen=True, slots=True)
class PingDelivery(Delivery):
    """The news that a request was decided (CIBA, section 10.2)."""

    auth_req_id_hash: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A citizen on the way to an account. ``check_id`` is the eKYC engine's verification."""

    enrolment_id: str
    browser_hash: str
    check_id: str
    state: EnrolmentState
    challenge: tuple[str, ...]
    created_at: int
    expires_at: int
    code: str | None = None
    profile: Profile | None = None
    level: int = 0
    account_id: str | None = None
    decision: dict[str, Any] = field(default_factory=dict)
