"""Everything that the use cases are wired with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from idp.domain.contact import Channel
from idp.domain.details.types import Types
from idp.ports import (
    Clock,
    Fetcher,
    IdentityChecker,
    ImmediateStore,
    KeySets,
    Messenger,
    PasskeyVerifier,
    PasswordHasher,
    Signer,
    Store,
    Tasks,
)
from idp.usecases.blocked import Blocked


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Seconds; see ``settings.py``."""

    code: int
    access_token: int
    id_token: int
    interaction: int
    enrolment: int
    session_idle: int
    session_absolute: int
    refresh_idle: int = 30 * 24 * 3600
    refresh_absolute: int = 365 * 24 * 3600
    refresh_grace: int = 30
    device_code: int = 600
    backchannel_request: int = 300
    pushed_request: int = 90
    logout_log: int = 90 * 24 * 3600


@dataclass(frozen=True, slots=True)
class RegistrationPolicy:
    """``open``: nobody needs an initial access token. ``statement_issuers``: issuer to JWK Set address."""

    open: bool = False
    per_hour: int = 300  # registrations from one address, where it is open
    statement_issuers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Services:
    issuer: str
    store: Store
    signer: Signer
    passwords: PasswordHasher
    passkeys: PasskeyVerifier
    checker: IdentityChecker
    clock: Clock
    lifetimes: Lifetimes
    subject_salt: bytes
    nonce_key: bytes  # of DPoP nonces
    secret_key: bytes  # of the secrets of client_secret_jwt clients
    dpop_nonce_required: bool
    client_cert_header: str  # set by the proxy in front; empty: no mutual TLS
    tasks: Tasks
    fetcher: Fetcher
    key_sets: KeySets
    registration: RegistrationPolicy
    immediate: ImmediateStore  # the same records, for use cases that run on the event loop
    blocked: Blocked = field(default_factory=Blocked)
    details_types: Types = field(default_factory=dict)  # RFC 9396
    session_management: bool = True
    messengers: Mapping[Channel, Messenger] = field(default_factory=dict)  # by what they reach people over
    on_loop: bool = False  # this use case runs there: it must not ask another server

    def for_loop(self) -> Services:
        """The same for a use case on the event loop."""
        return replace(self, store=self.immediate, on_loop=True)
