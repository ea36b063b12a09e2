"""Failed face steps, counted under a keyed hash of the personal number.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "face_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number_digest", sa.String(length=64), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_failures")),
    )
    op.create_index(op.f("ix_face_failures_number_digest"), "face_failures", ["number_digest"])


def downgrade() -> None:
    op.drop_table("face_failures")
