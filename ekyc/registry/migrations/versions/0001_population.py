"""The population: people, cards, portraits, the sample citizens, and the access log.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("caller", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index(op.f("ix_access_log_at"), "access_log", ["at"], unique=False)
    op.create_index(op.f("ix_access_log_number_hash"), "access_log", ["number_hash"], unique=False)
    op.create_table(
        "people",
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("full_name", sa.String(length=100), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=6), nullable=False),
        sa.Column("nationality", sa.String(length=50), nullable=False),
        sa.Column("place_of_origin", sa.String(length=200), nullable=False),
        sa.Column("place_of_birth", sa.String(length=200), nullable=False),
        sa.Column("place_of_residence", sa.String(length=200), nullable=False),
        sa.Column("life_status", sa.String(length=8), nullable=False),
        sa.Column("old_number", sa.String(length=12), nullable=True),
        sa.Column("guardian_number", sa.String(length=12), nullable=True),
        sa.CheckConstraint("life_status IN ('alive', 'deceased')", name=op.f("ck_people_life_status")),
        sa.CheckConstraint("sex IN ('male', 'female')", name=op.f("ck_people_sex")),
        sa.CheckConstraint("length(number) = 12", name=op.f("ck_people_number_length")),
        sa.ForeignKeyConstraint(
            ["guardian_number"], ["people.number"], name=op.f("fk_people_guardian_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_people")),
    )
    op.create_table(
        "seedings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seedings")),
    )
    op.create_table(
        "cards",
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("date_of_issue", sa.Date(), nullable=False),
        sa.Column("date_of_expiry", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.CheckConstraint("kind IN ('cccd_chip', 'can_cuoc')", name=op.f("ck_cards_kind")),
        sa.CheckConstraint(
            "status IN ('valid', 'expired', 'cancelled', 'replaced')", name=op.f("ck_cards_status")
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["people.number"], name=op.f("fk_cards_number"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cards")),
    )
    op.create_table(
        "portraits",
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["people.number"], name=op.f("fk_portraits_number"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_portraits")),
    )
    op.create_table(
        "sample_citizens",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["people.number"], name=op.f("fk_sample_citizens_number"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_citizens")),
        sa.UniqueConstraint("number", name=op.f("uq_sample_citizens_number")),
    )


def downgrade() -> None:
    op.drop_table("sample_citizens")
    op.drop_table("portraits")
    op.drop_table("cards")
    op.drop_table("seedings")
    op.drop_table("people")
    op.drop_index(op.f("ix_access_log_number_hash"), table_name="access_log")
    op.drop_index(op.f("ix_access_log_at"), table_name="access_log")
    op.drop_table("access_log")
