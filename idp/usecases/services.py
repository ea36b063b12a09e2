"""Everything that the use cases are wired with."""

from __future__ import annotations

from dataclasses import dataclass

from idp.ports import Clock, IdentityChecker, PasskeyVerifier, PasswordHasher, Signer, Store


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
