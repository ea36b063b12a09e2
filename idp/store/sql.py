"""The store over SQLAlchemy: one transaction, every repository on its connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Connection, Engine

from idp.store.accounts import SqlAccounts, number_hash
from idp.store.admins import SqlAdmins
from idp.store.answers import SqlAnswers
from idp.store.audit import SqlAudit, SqlThrottle
from idp.store.authorizations import SqlAuthorizations
from idp.store.backchannel_requests import SqlBackchannelRequests
from idp.store.clients import SqlClients
from idp.store.contact import SqlContactCodes, SqlMessages
from idp.store.deliveries import SqlLogoutDeliveries, SqlPingDeliveries
from idp.store.device_codes import SqlDeviceCodes
from idp.store.enrolments import SqlEnrolments
from idp.store.expired import SqlExpired
from idp.store.grants import SqlGrants
from idp.store.interactions import SqlChallenges, SqlInteractions
from idp.store.issued_tokens import SqlIssuedTokens
from idp.store.links import KeptLinks, Links, PooledLinks
from idp.store.profiles import Cipher
from idp.store.pushed_requests import SqlPushedRequests
from idp.store.registration_tokens import SqlRegistrationTokens
from idp.store.sessions import SqlSessions
from idp.store.silenced_apps import SqlSilencedApps
from idp.store.subjects import SqlSubjects
from idp.store.uploads import SqlUploads


class SqlTransaction:
    """Its repositories are made when they are asked for: most transactions need a few of them."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def ahead(self, now: int = 0, /, **wanted: str | None) -> None:
        if self._db.dialect.is_async:
            from idp.store import ahead  # loads its driver only where it is used

            if number := wanted.get("number"):
                wanted["number"] = number_hash(self._cipher, number)
            ahead.ask(cast(Any, self._db), wanted, now)

    @cached_property
    def clients(self) -> SqlClients:
        return SqlClients(self._db)

    @cached_property
    def accounts(self) -> SqlAccounts:
        return SqlAccounts(self._db, self._cipher)

    @cached_property
    def interactions(self) -> SqlInteractions:
        return SqlInteractions(self._db, self._cipher)

    @cached_property
    def sessions(self) -> SqlSessions:
        return SqlSessions(self._db)

    @cached_property
    def authorizations(self) -> SqlAuthorizations:
        return SqlAuthorizations(self._db)

    @cached_property
    def device_codes(self) -> SqlDeviceCodes:
        return SqlDeviceCodes(self._db)

    @cached_property
    def backchannel(self) -> SqlBackchannelRequests:
        return SqlBackchannelRequests(self._db, self._cipher)

    @cached_property
    def silenced(self) -> SqlSilencedApps:
        return SqlSilencedApps(self._db)

    @cached_property
    def subjects(self) -> SqlSubjects:
        return SqlSubjects(self._db)

    @cached_property
    def tokens(self) -> SqlIssuedTokens:
        return SqlIssuedTokens(self._db)

    @cached_property
    def registration_tokens(self) -> SqlRegistrationTokens:
        return SqlRegistrationTokens(self._db)

    @cached_property
    def deliveries(self) -> SqlLogoutDeliveries:
        return SqlLogoutDeliveries(self._db)

    @cached_property
    def pings(self) -> SqlPingDeliveries:
        return SqlPingDeliveries(self._db)

    @cached_property
    def pushed(self) -> SqlPushedRequests:
        return SqlPushedRequests(self._db, self._cipher)

    @cached_property
    def grants(self) -> SqlGrants:
        return SqlGrants(self._db)

    @cached_property
    def enrolments(self) -> SqlEnrolments:
        return SqlEnrolments(self._db, self._cipher)

    @cached_property
    def uploads(self) -> SqlUploads:
        return SqlUploads(self._db, self._cipher)

    @cached_property
    def answers(self) -> SqlAnswers:
        return SqlAnswers(self._db)

    @cached_property
    def challenges(self) -> SqlChallenges:
        return SqlChallenges(self._db)

    @cached_property
    def contact_codes(self) -> SqlContactCodes:
        return SqlContactCodes(self._db, self._cipher)

    @cached_property
    def messages(self) -> SqlMessages:
        return SqlMessages(self._db, self._cipher)

    @cached_property
    def throttle(self) -> SqlThrottle:
        return SqlThrottle(self._db, self._cipher)

    @cached_property
    def admins(self) -> SqlAdmins:
        return SqlAdmins(self._db)

    @cached_property
    def audit(self) -> SqlAudit:
        return SqlAudit(self._db)

    @cached_property
    def expired(self) -> SqlExpired:
        return SqlExpired(self._db)


class SqlStore:
    """Every transaction is ended before anything that it wrote is handed on."""

    def __init__(self, source: Engine | Links, cipher: Cipher) -> None:
        if isinstance(source, Engine):
            source = KeptLinks(source) if source.dialect.name == "sqlite" else PooledLinks(source)
        self._links = source
        self._cipher = cipher

    @contextmanager
    def begin(self) -> Iterator[SqlTransaction]:
        with self._links.begin() as connection:
            yield SqlTransaction(connection, self._cipher)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        with self._links.read() as connection:
            yield SqlTransaction(connection, self._cipher)
