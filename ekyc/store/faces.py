"""The faces of everyone enrolled; implements ``duplicates.ports.FaceStore``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    cast,
    delete,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from ekyc.duplicates.ports import Change, EnrolledFace
from ekyc.store.engine import READ_ONLY
from ekyc.store.tables import enrolled_faces as faces
from ekyc.store.tables import enrolled_head as head
from ekyc.store.tables import removed_faces as removed


class SqlFaceStore:
    """Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, face: EnrolledFace) -> int:
        values = {name: getattr(face, name) for name in face.__slots__}
        with self._engine.begin() as connection:
            _remove(connection, faces.c.verification_id == face.verification_id)
            position = _next(connection)
            connection.execute(insert(faces).values(position=position, **values))
        return position

    def keep(self, verification_id: str) -> None:
        mine = faces.c.verification_id == verification_id
        with self._engine.begin() as connection:
            person = connection.execute(select(faces.c.person).where(mine)).scalar_one_or_none()
            if person is not None:
                _remove(connection, (faces.c.person == person) & faces.c.kept & ~mine)
                connection.execute(update(faces).where(mine).values(kept=True))

    def remove(self, verification_id: str) -> None:
        with self._engine.begin() as connection:
            _remove(connection, (faces.c.verification_id == verification_id) & ~faces.c.kept)

    def forget(self, person: str) -> None:
        with self._engine.begin() as connection:
            _remove(connection, faces.c.person == person)

    def purge(self, before: datetime) -> None:
        with self._engine.begin() as connection:
            _remove(connection, (faces.c.created_at < before) & ~faces.c.kept)

    def changes(self, after: int, engine: str, most: int) -> list[Change]:
        added = select(
            faces.c.position, faces.c.position.label("face"), faces.c.verification_id, faces.c.template
        ).where(faces.c.position > after, faces.c.engine == engine)
        gone = select(
            removed.c.position,
            removed.c.face,
            literal("").label("verification_id"),
            cast(null(), LargeBinary).label("template"),
        ).where(removed.c.position > after)
        # one statement, so that both tables are seen at one moment
        both = union_all(added, gone).order_by("position").limit(most)
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            return [Change(*row) for row in connection.execute(both)]

    def owners(self, positions: Sequence[int]) -> dict[int, tuple[str, str]]:
        query = select(faces.c.position, faces.c.verification_id, faces.c.person)
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            rows = connection.execute(query.where(faces.c.position.in_(positions)))
            return {row.position: (row.verification_id, row.person) for row in rows}


def _remove(connection: Connection, which: ColumnElement[bool]) -> None:
    for position in connection.execute(select(faces.c.position).where(which)).scalars().all():
        connection.execute(insert(removed).values(position=_next(connection), face=position))
        connection.execute(delete(faces).where(faces.c.position == position))


def _next(connection: Connection) -> int:
    """The row stays locked until the commit, so positions become visible in their order."""
    taken = update(head).where(head.c.id == 1).values(position=head.c.position + 1)
    return int(connection.execute(taken.returning(head.c.position)).scalar_one())
