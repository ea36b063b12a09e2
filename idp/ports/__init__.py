"""What the use cases need from outside. Owned here, implemented in ``store/`` and ``adapters/``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from idp.domain.contact import Channel
from idp.domain.models import (
    AccessToken,
    Account,
    Authorization,
    AuthorizationCode,
    Client,
    Delivery,
    DeviceCode,
    Enrolment,
    Grant,
    Interaction,
    LogoutDelivery,
    Passkey,
    PingDelivery,
    Profile,
    Proofing,
    PushedRequest,
    RefreshToken,
    Session,
)
from idp.ports.checker import CheckOutcome as CheckOutcome
from idp.ports.checker import FrameProgress as FrameProgress
from idp.ports.checker import IdentityChecker as IdentityChecker
from idp.ports.checker import StartedCheck as StartedCheck
from idp.ports.ciba import BackchannelRequests as BackchannelRequests
from idp.ports.ciba import PingSender as PingSender
from idp.ports.ciba import SilencedApps as SilencedApps
from idp.ports.ciba import Subjects as Subjects
from idp.ports.contact import ContactCodes as ContactCodes
from idp.ports.contact import Messages as Messages
from idp.ports.contact import Messenger as Messenger
from idp.ports.uploads import Answers as Answers
from idp.ports.uploads import Uploads as Uploads

Result = TypeVar("Result")
Queued = TypeVar("Queued", bound=Delivery)


class Clock(Protocol):
    def __call__(self) -> int:
        """Unix seconds."""
        ...


class Clients(Protocol):
    def get(self, client_id: str) -> Client | None: ...
    def add(self, client: Client, now: int) -> None: ...
    def update(self, client: Client, *, was: str | None = None) -> bool:
        """``was``: only where that is the hash of the current registration access token."""
        ...

    def remove(self, client_id: str) -> None: ...
    def all(self) -> list[Client]: ...
    def public_redirect_uris(self) -> list[str]:
        """Of every client without a secret or key of its own."""
        ...


class Accounts(Protocol):
    def get(self, account_id: str) -> Account | None: ...
    def by_number(self, number: str) -> Account | None: ...
    def add(self, account: Account) -> bool:
        """False when the personal number already has an account; nothing is written then."""
        ...

    def prove(self, account_id: str, profile: Profile, level: int, proofing: Proofing) -> None:
        """The identity was proven again: replaces what was known of it."""
        ...

    def set_contact(self, account_id: str, channel: Channel, value: str | None) -> None:
        """A proven address; None forgets it."""
        ...

    def set_password(self, account_id: str, password_hash: str) -> None: ...
    def password_hash(self, account_id: str) -> str | None: ...
    def add_passkey(self, passkey: Passkey, now: int) -> None: ...
    def passkey(self, credential_id: bytes) -> Passkey | None: ...
    def passkeys(self, account_id: str) -> list[Passkey]: ...
    def used_passkey(self, credential_id: bytes, sign_count: int) -> None: ...
    def remove_credentials(self, account_id: str) -> None:
        """Forgets the password and every passkey (recovery by re-proofing)."""
        ...

    def count(self) -> int: ...


class Interactions(Protocol):
    def add(self, interaction: Interaction) -> None: ...
    def get(self, interaction_id: str) -> Interaction | None: ...
    def change_request(self, interaction: Interaction) -> None:
        """Keeps the interaction's request as it is now."""
        ...

    def mark_authenticated(self, interaction_id: str, at: int) -> None: ...
    def finish(self, interaction_id: str, lost: Exception) -> None:
        """Raises ``lost``, at the latest when the transaction ends, for all but one caller."""
        ...


class Sessions(Protocol):
    def add(self, session: Session, token_hash: str) -> None: ...
    def by_token(self, token_hash: str) -> Session | None: ...
    def touch(self, sid: str, now: int) -> None: ...
    def of_account(self, account_id: str) -> list[Session]:
        """Newest use first."""
        ...

    def renew(self, session: Session, token_hash: str) -> None:
        """The same ``sid`` under a new token: the citizen proved themselves again in this browser."""
        ...

    def remove(self, sid: str) -> bool:
        """True for the one caller that ends it."""
        ...

    def over(self, *, created_before: int, seen_before: int, limit: int) -> list[Session]:
        """Sessions past their idle or absolute limit."""
        ...


class Authorizations(Protocol):
    def add(self, authorization: Authorization) -> None: ...
    def get(self, authorization_id: str) -> Authorization | None: ...
    def of_session(self, sid: str) -> list[Authorization]: ...
    def with_details(self, account_id: str, now: int) -> list[Authorization]:
        """Those with authorization_details that a token can still use, newest first."""
        ...

    def revoke(self, authorization_id: str, now: int) -> bool:
        """Ends it with every token on it; True when it was live."""
        ...

    def revoke_for_client(self, account_id: str, client_id: str, now: int) -> None: ...
    def revoke_for_account(self, account_id: str, now: int) -> None: ...
    def add_code(self, code: AuthorizationCode) -> None: ...
    def code(self, code_hash: str) -> tuple[AuthorizationCode, bool] | None:
        """And whether it was used."""
        ...

    def use_code(self, code_hash: str, now: int, lost: Exception) -> None:
        """Raises ``lost``, at the latest when the transaction ends, for all but one caller."""
        ...


class DeviceCodes(Protocol):
    def add(self, code: DeviceCode, now: int) -> bool:
        """False when the user code is taken."""
        ...

    def get(self, device_code_hash: str) -> DeviceCode | None: ...
    def pending(self, user_code: str, now: int) -> DeviceCode | None: ...
    def decide(self, user_code: str, now: int, *, authorization_id: str | None) -> bool:
        """Approves, or denies without an authorization; True for the one caller that decides."""
        ...

    def polled(self, device_code_hash: str, now: int, interval: int) -> None: ...
    def use(self, device_code_hash: str) -> bool:
        """True for the one caller that gets the tokens."""
        ...


class IssuedTokens(Protocol):
    def add_access(self, token: AccessToken) -> None: ...
    def access(self, token_id: str, now: int) -> tuple[AccessToken, Authorization] | None:
        """A live access token: not over, not revoked, nor its authorization; and that."""
        ...

    def revoke_access(self, token_id: str, now: int) -> None: ...
    def add_refresh(self, token: RefreshToken) -> None: ...
    def refresh(self, token_hash: str) -> tuple[RefreshToken, Authorization] | None:
        """Used, over or revoked ones too."""
        ...

    def use_refresh(self, token_hash: str, now: int, lost: Exception) -> None:
        """Raises ``lost``, at the latest when the transaction ends, for all but one caller."""
        ...

    def replace_lost(self, token: RefreshToken) -> bool:
        """True once for a rotated token whose successor was never used; the successor is used up by it."""
        ...


class PushedRequests(Protocol):
    def add(self, request: PushedRequest) -> None: ...
    def get(self, request_uri_hash: str, now: int) -> PushedRequest | None:
        """One that is neither used nor over."""
        ...

    def use(self, request_uri_hash: str, now: int) -> bool:
        """True for the one caller that completes it."""
        ...


class Grants(Protocol):
    def of(self, account_id: str) -> tuple[Grant, ...]: ...
    def add(self, grant: Grant) -> None:
        """Adds to the scopes granted before."""
        ...

    def revoke(self, account_id: str, *, client_id: str | None, operator: str | None) -> None: ...


class Enrolments(Protocol):
    def add(self, enrolment: Enrolment) -> None: ...
    def get(self, enrolment_id: str) -> Enrolment | None: ...
    def open_of(self, browser_hash: str, now: int) -> Enrolment | None: ...
    def update(self, enrolment: Enrolment, *, was: str) -> bool:
        """Writes it when its state is still ``was``: False for whoever comes second."""
        ...

    def in_state(self, state: str) -> list[Enrolment]: ...
    def count_since(self, since: int) -> int: ...
    def expired(self, now: int, limit: int) -> list[Enrolment]:
        """Those that nobody finished in time and that still hold something."""
        ...


class Challenges(Protocol):
    """Single-use values: WebAuthn challenges and assertion identifiers."""

    def put(self, key: str, challenge: bytes, expires_at: int) -> None: ...
    def take(self, key: str, now: int) -> bytes | None: ...
    def claim(self, key: str, expires_at: int) -> bool:
        """True for the first caller of this key only (single-use identifiers such as ``jti``)."""
        ...


class RegistrationTokens(Protocol):
    """Initial access tokens (RFC 7591, section 1.2)."""

    def add(self, token_hash: str, uses: int, constraints: dict[str, Any], expires_at: int) -> None: ...
    def constraints(self, token_hash: str, now: int) -> dict[str, Any] | None:
        """Of a live token; None for any other."""
        ...

    def use(self, token_hash: str, now: int) -> bool:
        """True when a use was left for this caller."""
        ...


class Deliveries(Protocol[Queued]):
    """Messages to clients: the queue and its log."""

    def due(self, now: int) -> bool: ...
    def claim(self, now: int, lease: int) -> Queued | None:
        """One due delivery for exactly one caller, its attempt counted; due again after ``lease`` seconds
        unless settled, so that a process that dies in between loses nothing."""
        ...

    def settle(
        self, delivery: Delivery, *, state: str, result: str, next_attempt_at: int, now: int
    ) -> None: ...
    def log(self, client_id: str | None, limit: int = 100) -> list[Queued]:
        """Newest first."""
        ...


class LogoutDeliveries(Deliveries[LogoutDelivery], Protocol):
    def add(self, client_id: str, account_id: str, sid: str, now: int) -> None: ...


class PingDeliveries(Deliveries[PingDelivery], Protocol):
    def add(self, client_id: str, auth_req_id_hash: str, now: int) -> None: ...


class Throttle(Protocol):
    def attempt(self, limits: Mapping[str, int], since: int, now: int) -> list[int] | None:
        """Records one failure under each key, of two at the same time one after the other; the records' ids.
        None, and nothing recorded, where a key has as many as its limit."""
        ...

    def lock(self, key: str) -> None:
        """Until the end of the transaction nobody else gets past the lock of this key."""
        ...

    def failures(self, key: str, since: int) -> int: ...
    def record(self, key: str, now: int) -> int:
        """The record's id, for ``forgive``."""
        ...

    def forgive(self, ids: list[int]) -> None: ...
    def clear(self, key: str) -> None: ...


class Expired(Protocol):
    """What is over. ``kind`` is a table's name, ``before`` Unix seconds."""

    def find(self, kind: str, before: int, limit: int) -> list[Any]:
        """Keys of rows that were over before then."""
        ...

    def delete(self, kind: str, before: int, found: list[Any]) -> int:
        """Those of them that are still over; how many."""
        ...


class Admins(Protocol):
    def exists(self) -> bool: ...
    def password_hash(self, username: str) -> str | None: ...
    def set_password(self, username: str, password_hash: str) -> None: ...
    def add_link(self, token_hash: str, expires_at: int) -> None: ...
    def link_is_open(self, token_hash: str, now: int) -> bool: ...
    def use_link(self, token_hash: str, now: int) -> bool: ...
    def add_session(self, token_hash: str, username: str, expires_at: int) -> None: ...
    def session(self, token_hash: str, now: int) -> str | None: ...
    def remove_session(self, token_hash: str) -> None: ...


class Audit(Protocol):
    def write(self, kind: str, now: int, *, account_id: str | None = None, **detail: Any) -> None:
        """Appends one event. ``detail`` never holds personal data."""
        ...


class Transaction(Protocol):
    """One unit of work: everything commits together, or nothing does."""

    def ahead(self, now: int = 0, /, **wanted: str | None) -> None:
        """What will be read (names in ``store/ahead.py``): where each message has a price, one asks for all
        of it. Changes no answer."""
        ...

    @property
    def clients(self) -> Clients: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def interactions(self) -> Interactions: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def authorizations(self) -> Authorizations: ...

    @property
    def device_codes(self) -> DeviceCodes: ...
    @property
    def backchannel(self) -> BackchannelRequests: ...
    @property
    def silenced(self) -> SilencedApps: ...
    @property
    def subjects(self) -> Subjects: ...
    @property
    def tokens(self) -> IssuedTokens: ...
    @property
    def registration_tokens(self) -> RegistrationTokens: ...
    @property
    def deliveries(self) -> LogoutDeliveries: ...
    @property
    def pings(self) -> PingDeliveries: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def pushed(self) -> PushedRequests: ...
    @property
    def enrolments(self) -> Enrolments: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def challenges(self) -> Challenges: ...
    @property
    def contact_codes(self) -> ContactCodes: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def throttle(self) -> Throttle: ...
    @property
    def admins(self) -> Admins: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def expired(self) -> Expired: ...


class WouldBlock(Exception):
    """What was begun on the event loop has to wait for something: do it again in a worker thread.

    Raised before anything is committed.
    """


class Store(Protocol):
    def begin(self) -> AbstractContextManager[Transaction]:
        """A transaction that commits when the block ends and rolls back on an exception."""
        ...

    def read(self) -> AbstractContextManager[Transaction]:
        """The same for reading only: never waits for a writer."""
        ...


class ImmediateStore(Store, Protocol):
    """A store for the event loop: its transactions never block it. They may raise WouldBlock."""

    async def run(self, step: Callable[[], Result]) -> Result:
        """The result of ``step``, which may open transactions of this store."""
        ...

    def tend(self) -> bool:
        """Upkeep, every second or so, in a thread of its own; False: there is nothing to repeat at once."""
        ...


class Signer(Protocol):
    def sign(self, claims: dict[str, Any], *, alg: str, typ: str = "JWT") -> str: ...
    def verify(self, token: str, *, typ: str, audience: str | None, leeway: int = 0) -> dict[str, Any]:
        """Claims of one of our own tokens. Raises ValueError."""
        ...

    def jwks(self) -> dict[str, Any]: ...
    def algorithms(self) -> list[str]: ...
    def rotate(self, alg: str | None = None) -> list[str]:
        """New signing keys, of one algorithm or of all; their kids. The old ones still verify."""
        ...

    def stale(self) -> bool:
        """True when ``refresh`` may find something new."""
        ...

    def refresh(self) -> None: ...


class LogoutSender(Protocol):
    def send(self, uri: str, logout_token: str) -> str:
        """Posts it, bounded in time: the HTTP status as text, or the name of a network failure."""
        ...


class Tasks(Protocol):
    """Work after the answer. In process today; a task queue implements the same."""

    def start(self, step: Callable[[], bool]) -> None:
        """``step`` does one piece of work; False when there is none."""
        ...

    def wake(self) -> None:
        """Says that work was committed; cheap, never blocks."""
        ...

    def stop(self) -> None:
        """Lets the steps under way end; what is left stays in the store."""
        ...


class Fetcher(Protocol):
    def fetch(self, uri: str, *, accept: str = "application/json") -> bytes:
        """The body of a 200 answer from a client's address, bounded in time and length.

        Raises ValueError for anything else.
        """
        ...


class KeySets(Protocol):
    def keys(self, uri: str, kid: str | None) -> list[dict[str, Any]]:
        """The JWKs that a client publishes; asked for again when ``kid`` is unknown. Raises ValueError."""
        ...


class PasswordHasher(Protocol):
    quick: bool  # takes no longer than a statement, so that the event loop may wait for it

    def hash(self, password: str) -> str: ...
    def verify(self, password: str, stored: str | None) -> bool:
        """Takes as long for an unknown account (``stored`` None) as for a known one."""
        ...


class PasskeyVerifier(Protocol):
    """WebAuthn Level 2 ceremonies. ``options`` are the JSON forms that browsers parse."""

    def creation_options(self, user_id: bytes, name: str, exclude: Iterable[bytes]) -> tuple[str, bytes]: ...
    def verify_creation(self, credential: dict[str, Any], challenge: bytes) -> tuple[bytes, bytes, int]:
        """(credential id, public key, sign count). Raises ValueError."""
        ...

    def request_options(self) -> tuple[str, bytes]: ...
    def verify_request(self, credential: dict[str, Any], challenge: bytes, passkey: Passkey) -> int:
        """The new sign count. Raises ValueError."""
        ...
