"""Verifications, their sides, pictures and face samples, and the digests of frames.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _owner(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("verification_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["verification_id"],
            ["verifications.id"],
            name=op.f(f"fk_{table}_verification_id_verifications"),
            ondelete="CASCADE",
        ),
    )


def upgrade() -> None:
    op.create_table(
        "verifications",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("failures", sa.JSON(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    op.create_index(op.f("ix_verifications_created_at"), "verifications", ["created_at"])
    op.create_table(
        "sides",
        *_owner("sides"),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("verification_id", "side", name=op.f("pk_sides")),
    )
    op.create_table(
        "captures",
        *_owner("captures"),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("verification_id", "kind", name=op.f("pk_captures")),
    )
    op.create_table(
        "face_samples",
        *_owner("face_samples"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("embedding", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("verification_id", "position", name=op.f("pk_face_samples")),
    )
    op.create_table(
        "frame_digests",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("verification_id", sa.String(length=40), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_frame_digests")),
    )
    op.create_index(op.f("ix_frame_digests_seen_at"), "frame_digests", ["seen_at"])


def downgrade() -> None:
    for table in ("frame_digests", "face_samples", "captures", "sides", "verifications"):
        op.drop_table(table)
