"""Cards with barcode of 2016, which stay valid until their printed date.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHECK = "ck_cards_kind"


def upgrade() -> None:
    with op.batch_alter_table("cards") as table:
        table.drop_constraint(op.f(_CHECK), type_="check")
        table.alter_column("kind", existing_type=sa.String(9), type_=sa.String(12), existing_nullable=False)
        table.create_check_constraint(op.f(_CHECK), "kind IN ('cccd_barcode', 'cccd_chip', 'can_cuoc')")


def downgrade() -> None:
    op.execute("DELETE FROM people WHERE number IN (SELECT number FROM cards WHERE kind = 'cccd_barcode')")
    with op.batch_alter_table("cards") as table:
        table.drop_constraint(op.f(_CHECK), type_="check")
        table.alter_column("kind", existing_type=sa.String(12), type_=sa.String(9), existing_nullable=False)
        table.create_check_constraint(op.f(_CHECK), "kind IN ('cccd_chip', 'can_cuoc')")
