"""Answers kept under the caller's key; claiming one is a single conditional write."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, select, update

from idp.store.tables import answers
from idp.store.upsert import add_if_missing


class SqlAnswers:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def claim(self, key: str, now: int, *, lease: int, expires_at: int) -> bool:
        fresh = {"answer": None, "claimed_at": now, "expires_at": expires_at}
        if add_if_missing(self._db, answers, key=key, **fresh):
            return True
        abandoned = (
            (answers.c.key == key) & answers.c.answer.is_(None) & (answers.c.claimed_at <= now - lease)
        )
        return self._db.execute(update(answers).where(abandoned).values(fresh)).rowcount == 1

    def get(self, key: str) -> dict[str, Any] | None:
        return self._db.execute(select(answers.c.answer).where(answers.c.key == key)).scalar_one_or_none()

    def keep(self, key: str, answer: dict[str, Any]) -> None:
        self._db.execute(update(answers).where(answers.c.key == key).values(answer=answer))

    def release(self, key: str) -> None:
        unanswered = (answers.c.key == key) & answers.c.answer.is_(None)
        self._db.execute(delete(answers).where(unanswered))
