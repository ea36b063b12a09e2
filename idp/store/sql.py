"""The store over SQLAlchemy: one transaction, every repository on its connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from idp.store.accounts import SqlAccounts
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
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self.clients = SqlClients(connection)
        self.accounts = SqlAccounts(connection, cipher)
        self.interactions = SqlInteractions(connection, cipher)
        self.sessions = SqlSessions(connection)
        self.authorizations = SqlAuthorizations(connection)
        self.device_codes = SqlDeviceCodes(connection)
        self.backchannel = SqlBackchannelRequests(connection, cipher)
        self.silenced = SqlSilencedApps(connection)
        self.subjects = SqlSubjects(connection)
        self.tokens = SqlIssuedTokens(connection)
        self.registration_tokens = SqlRegistrationTokens(connection)
        self.deliveries = SqlLogoutDeliveries(connection)
        self.pings = SqlPingDeliveries(connection)
        self.pushed = SqlPushedRequests(connection, cipher)
        self.grants = SqlGrants(connection)
        self.enrolments = SqlEnrolments(connection, cipher)
        self.uploads = SqlUploads(connection, cipher)
        self.answers = SqlAnswers(connection)
        self.challenges = SqlChallenges(connection)
        self.contact_codes = SqlContactCodes(connection, cipher)
        self.messages = SqlMessages(connection, cipher)
        self.throttle = SqlThrottle(connection, cipher)
        self.admins = SqlAdmins(connection)
        self.audit = SqlAudit(connection)
        self.expired = SqlExpired(connection)


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
