"""Faces of everyone enrolled, for the search for duplicates.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    head = op.create_table(
        "enrolled_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolled_head")),
    )
    op.bulk_insert(head, [{"id": 1, "position": 0}])
    op.create_table(
        "enrolled_faces",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("verification_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_enrolled_faces")),
    )
    op.create_index(op.f("ix_enrolled_faces_verification_id"), "enrolled_faces", ["verification_id"])
    op.create_index(op.f("ix_enrolled_faces_person"), "enrolled_faces", ["person"])
    op.create_table(
        "removed_faces",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("face", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_removed_faces")),
    )


def downgrade() -> None:
    for table in ("removed_faces", "enrolled_faces", "enrolled_head"):
        op.drop_table(table)
