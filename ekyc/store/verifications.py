"""The repository of verifications; implements ``usecases.record.VerificationStore``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ekyc.chip.reading import ChipReading
from ekyc.document.serialise import from_dict, to_dict
from ekyc.liveness.progress import Progress
from ekyc.store import tables as t
from ekyc.store.engine import READ_ONLY
from ekyc.store.webhooks import forget_messages, queue
from ekyc.types import Side, SideReading
from ekyc.usecases.record import CaptureKind, ChipState, Closing, Conflict, FaceSample, Record


class SqlVerificationStore:
    """Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def insert(self, record: Record) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(t.verifications).values(id=record.id, **_row(record)))
            _write_sides(connection, record)
            _write_faces(connection, record)
            _write_chip(connection, record)

    def load(self, record_id: str) -> Record | None:
        with self._reading() as connection:
            query = select(t.verifications).where(t.verifications.c.id == record_id)
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            parts = _read_sides(connection, record_id), _read_faces(connection, record_id)
            return _record(row, *parts, _read_chip(connection, record_id))

    def save(
        self,
        before: Record,
        after: Record,
        *,
        captures: Mapping[CaptureKind, bytes] | None = None,
        drop_captures: bool = False,
        closing: Closing | None = None,
    ) -> Record:
        """See the protocol. Only the parts that changed are written."""
        values = {**_row(after), "version": before.version + 1}
        here = (t.verifications.c.id == before.id) & (t.verifications.c.version == before.version)
        with self._engine.begin() as connection:
            if connection.execute(update(t.verifications).where(here).values(values)).rowcount == 0:
                raise Conflict
            if after.sides is not before.sides:
                _write_sides(connection, after)
            if after.faces is not before.faces:
                _write_faces(connection, after)
            if after.chip is not before.chip:
                _write_chip(connection, after)
            kinds = list(captures or {}) if not drop_captures else None
            _write_captures(connection, before.id, captures or {}, kinds)
            if closing is not None:
                self._remember_policy(connection, closing)
                queue(connection, before.tenant, closing.message, closing.at)
        return replace(after, version=before.version + 1)

    def policy(self, version: str) -> dict[str, Any] | None:
        query = select(t.policies.c.settings).where(t.policies.c.version == version)
        with self._reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def owner(self, record_id: str) -> str | None:
        query = select(t.verifications.c.tenant).where(t.verifications.c.id == record_id)
        with self._reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def captures(self, record_id: str) -> dict[CaptureKind, bytes]:
        query = select(t.captures).where(t.captures.c.verification_id == record_id)
        with self._reading() as connection:
            return {row.kind: row.image for row in connection.execute(query)}

    def claim_frames(self, record_id: str, digests: Sequence[str], at: datetime) -> bool:
        """See the protocol. The primary key decides when two verifications race."""
        if not digests:
            return True
        # sorted, so that two transactions never wait for each other's rows
        rows = [
            {"sha256": digest, "verification_id": record_id, "seen_at": at} for digest in sorted(set(digests))
        ]
        foreign = (
            select(func.count())
            .select_from(t.frame_digests)
            .where(t.frame_digests.c.sha256.in_(digests), t.frame_digests.c.verification_id != record_id)
        )
        with self._engine.begin() as connection:
            connection.execute(self._dialect.insert(t.frame_digests).on_conflict_do_nothing(), rows)
            return connection.execute(foreign).scalar_one() == 0

    def delete(self, record_id: str) -> bool:
        with self._engine.begin() as connection:
            gone = connection.execute(delete(t.verifications).where(t.verifications.c.id == record_id))
            return gone.rowcount > 0

    def note_failure(self, digest: str, at: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(t.face_failures).values(number_digest=digest, failed_at=at))

    def failures_since(self, digest: str, since: datetime) -> int:
        mine = (t.face_failures.c.number_digest == digest) & (t.face_failures.c.failed_at >= since)
        with self._reading() as connection:
            return connection.execute(
                select(func.count()).select_from(t.face_failures).where(mine)
            ).scalar_one()

    def purge(
        self,
        now: datetime,
        *,
        undecided: datetime,
        decided: datetime,
        frames: datetime,
        failures: datetime,
        expired: Callable[[str], str],
    ) -> int:
        table = t.verifications
        late = (table.c.created_at < undecided) & table.c.outcome.is_(None)
        kept = (table.c.created_at < decided) & table.c.outcome.is_not(None)
        with self._engine.begin() as connection:
            gone = connection.execute(delete(table).where(late).returning(table.c.id, table.c.tenant)).all()
            for record_id, tenant in gone:
                queue(connection, tenant, expired(record_id), now)
            old = connection.execute(delete(table).where(kept))
            connection.execute(delete(t.frame_digests).where(t.frame_digests.c.seen_at < frames))
            connection.execute(delete(t.face_failures).where(t.face_failures.c.failed_at < failures))
            forget_messages(connection, decided)
        return len(gone) + old.rowcount

    def ping(self) -> None:
        with self._reading() as connection:
            connection.execute(select(1))

    def close(self) -> None:
        self._engine.dispose()

    @property
    def _dialect(self) -> Any:
        return postgresql if self._engine.dialect.name == "postgresql" else sqlite

    def _remember_policy(self, connection: Connection, closing: Closing) -> None:
        row = {"version": closing.policy_version, "settings": closing.policy_settings}
        insert_new = self._dialect.insert(t.policies).on_conflict_do_nothing()
        connection.execute(insert_new, row | {"first_used_at": closing.at})

    def _reading(self) -> Connection:
        return self._engine.connect().execution_options(**READ_ONLY)


def _row(record: Record) -> dict[str, object]:
    return {
        "version": record.version,
        "created_at": record.created_at,
        "attempts": record.attempts,
        "photos": record.photos,
        "failures": list(record.failures),
        "progress": record.progress.to_dict(),
        "outcome": record.outcome,
        "tenant": record.tenant,
    }


def _record(
    row: RowMapping, sides: dict[Side, SideReading], faces: tuple[FaceSample, ...], chip: ChipState
) -> Record:
    created: datetime = row["created_at"]
    return Record(
        id=row["id"],
        created_at=created if created.tzinfo else created.replace(tzinfo=UTC),  # SQLite drops the zone
        progress=Progress.from_dict(row["progress"]),
        version=row["version"],
        attempts=row["attempts"],
        failures=tuple(row["failures"]),
        photos=row["photos"],
        sides=sides,
        faces=faces,
        chip=chip,
        outcome=row["outcome"],
        tenant=row["tenant"],
    )


def _read_sides(connection: Connection, record_id: str) -> dict[Side, SideReading]:
    query = select(t.sides).where(t.sides.c.verification_id == record_id).order_by(t.sides.c.side.desc())
    return {row.side: from_dict(row.reading) for row in connection.execute(query)}


def _read_faces(connection: Connection, record_id: str) -> tuple[FaceSample, ...]:
    table = t.face_samples
    query = select(table).where(table.c.verification_id == record_id).order_by(table.c.position)
    return tuple(
        FaceSample(row.kind, np.frombuffer(row.embedding, dtype="<f8")) for row in connection.execute(query)
    )


def _read_chip(connection: Connection, record_id: str) -> ChipState:
    row = connection.execute(select(t.chips).where(t.chips.c.verification_id == record_id)).first()
    if row is None:
        return ChipState()
    reading = ChipReading.from_dict(row.reading) if row.reading else None
    return ChipState(row.nonce, row.spent, row.readings, tuple(row.failures), reading)


def _write_sides(connection: Connection, record: Record) -> None:
    connection.execute(delete(t.sides).where(t.sides.c.verification_id == record.id))
    rows = [
        {"verification_id": record.id, "side": side, "reading": to_dict(reading)}
        for side, reading in record.sides.items()
    ]
    if rows:
        connection.execute(insert(t.sides), rows)


def _write_faces(connection: Connection, record: Record) -> None:
    connection.execute(delete(t.face_samples).where(t.face_samples.c.verification_id == record.id))
    rows = [
        {
            "verification_id": record.id,
            "position": position,
            "kind": sample.kind,
            "embedding": np.asarray(sample.embedding, dtype="<f8").tobytes(),
        }
        for position, sample in enumerate(record.faces)
    ]
    if rows:
        connection.execute(insert(t.face_samples), rows)


def _write_chip(connection: Connection, record: Record) -> None:
    connection.execute(delete(t.chips).where(t.chips.c.verification_id == record.id))
    if record.chip == ChipState():
        return
    values = {
        "verification_id": record.id,
        "nonce": record.chip.nonce,
        "spent": record.chip.spent,
        "readings": record.chip.readings,
        "failures": list(record.chip.failures),
        "reading": record.chip.reading.to_dict() if record.chip.reading else None,
    }
    connection.execute(insert(t.chips), values)


def _write_captures(
    connection: Connection,
    record_id: str,
    pictures: Mapping[CaptureKind, bytes],
    kinds: Sequence[CaptureKind] | None,
) -> None:
    """Delete the pictures of these kinds (None: all), then write the new ones."""
    gone = t.captures.c.verification_id == record_id
    if kinds is None:
        connection.execute(delete(t.captures).where(gone))
    elif kinds:
        connection.execute(delete(t.captures).where(gone, t.captures.c.kind.in_(kinds)))
    rows = [{"verification_id": record_id, "kind": k, "image": image} for k, image in pictures.items()]
    if rows:
        connection.execute(insert(t.captures), rows)
