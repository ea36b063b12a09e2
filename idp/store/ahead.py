"""Statements that are asked before their turn, several in one message, where a message has a price.

Each is one that a repository asks anyway, or finds by what is known already the row that one will ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, Table, bindparam, select

from idp.store import accounts as account_rows
from idp.store import authorizations as authorization_rows
from idp.store import clients as client_rows
from idp.store import enrolments as enrolment_rows
from idp.store import grants as grant_rows
from idp.store import interactions as interaction_rows
from idp.store import issued_tokens as token_rows
from idp.store import sessions as session_rows
from idp.store.loop_link import Ahead, Link
from idp.store.prepared import Prepared
from idp.store.tables import (
    access_tokens,
    accounts,
    authorizations,
    clients,
    codes,
    grants,
    interactions,
    passwords,
    sessions,
)


def _rows_of(table: Table, key: Any, found: Any) -> Select[Any]:
    """The columns of ``table`` and its key once more, for ``Ahead.serves``."""
    return select(table, key.label("of")).where(key == found.scalar_subquery())


_OF_SESSION = select(sessions.c.account_id).where(sessions.c.token_hash == bindparam("hash"))
_OF_TOKEN = (
    select(authorizations.c.account_id, authorizations.c.client_id)
    .join(access_tokens)
    .where(access_tokens.c.token_id == bindparam("id"))
)
_CLIENT_OF_INTERACTION = Prepared(
    _rows_of(
        clients,
        clients.c.client_id,
        select(interactions.c.request["client_id"].as_string()).where(
            interactions.c.interaction_id == bindparam("id")
        ),
    )
)
_ACCOUNT_OF_SESSION = Prepared(_rows_of(accounts, accounts.c.account_id, _OF_SESSION))
_GRANTS_OF_SESSION = Prepared(_rows_of(grants, grants.c.account_id, _OF_SESSION))
_ACCOUNT_OF_TOKEN = Prepared(
    _rows_of(accounts, accounts.c.account_id, _OF_TOKEN.with_only_columns(authorizations.c.account_id))
)
_CLIENT_OF_TOKEN = Prepared(
    _rows_of(clients, clients.c.client_id, _OF_TOKEN.with_only_columns(authorizations.c.client_id))
)
_AUTHORIZATION_OF_CODE = Prepared(
    _rows_of(
        authorizations,
        authorizations.c.authorization_id,
        select(codes.c.authorization_id).where(codes.c.code_hash == bindparam("hash")),
    )
)
_PASSWORD_OF_NUMBER = Prepared(
    select(passwords.c.hash, passwords.c.account_id)
    .join(accounts, accounts.c.account_id == passwords.c.account_id)
    .where(accounts.c.number_hash == bindparam("hash"))
)


def _ahead(
    statement: Prepared, serves: Prepared | None = None, *, many: bool = False, **values: Any
) -> Ahead:
    own, other = statement.compiled(Link.dialect), (serves or statement).compiled(Link.dialect)
    return Ahead(own.sql, own.sent(values), len(own.names), other.sql, many)


def _client(client_id: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(client_rows.GET, id=client_id)


def _interaction(interaction_id: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(interaction_rows.GET, id=interaction_id)


def _client_of(interaction_id: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(_CLIENT_OF_INTERACTION, client_rows.GET, id=interaction_id)


def _session(token_hash: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(session_rows.BY_TOKEN, hash=token_hash)
    yield _ahead(_ACCOUNT_OF_SESSION, account_rows.GET, hash=token_hash)
    yield _ahead(_GRANTS_OF_SESSION, grant_rows.OF, many=True, hash=token_hash)


def _old_session(token_hash: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(session_rows.BY_TOKEN, hash=token_hash)


def _number(number_hash: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(account_rows.BY_NUMBER, hash=number_hash)
    yield _ahead(_PASSWORD_OF_NUMBER, account_rows.PASSWORD, hash=number_hash)


def _account(account_id: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(account_rows.GET, id=account_id)
    yield _ahead(grant_rows.OF, many=True, id=account_id)


def _browser(browser_hash: str, now: int) -> Iterator[Ahead]:
    yield _ahead(enrolment_rows.OPEN_OF, browser=browser_hash, now=now)


def _code(code_hash: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(authorization_rows.CODE, hash=code_hash)
    yield _ahead(_AUTHORIZATION_OF_CODE, authorization_rows.GET, hash=code_hash)


def _access_token(token_id: str, now: int) -> Iterator[Ahead]:
    yield _ahead(token_rows.ACCESS, id=token_id, now=now)
    yield _ahead(_CLIENT_OF_TOKEN, client_rows.GET, id=token_id)
    yield _ahead(_ACCOUNT_OF_TOKEN, account_rows.GET, id=token_id)


def _known_token(token_id: str, now: int) -> Iterator[Ahead]:
    yield _ahead(token_rows.ACCESS, id=token_id, now=now)


def _refresh_token(token_hash: str, _now: int) -> Iterator[Ahead]:
    yield _ahead(token_rows.REFRESH, hash=token_hash)


_KINDS = {
    "client": _client,
    "interaction": _interaction,
    "client_of": _client_of,
    "session": _session,
    "old_session": _old_session,
    "number": _number,
    "account": _account,
    "browser": _browser,
    "code": _code,
    "access_token": _access_token,
    "known_token": _known_token,
    "refresh_token": _refresh_token,
}


def ask(link: Link, wanted: dict[str, str | None], now: int) -> None:
    """``wanted``: kind -> value by which it is found."""
    given = ((kind, value) for kind, value in wanted.items() if value)
    asked = [one for kind, value in given for one in _KINDS[kind](value, now)]
    if len(asked) > 1:
        link.ahead(asked)
