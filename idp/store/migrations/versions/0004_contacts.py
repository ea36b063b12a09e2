"""E-mail addresses and phone numbers of accounts, the codes that prove them, messages on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("email", sa.LargeBinary()))
    op.add_column("accounts", sa.Column("phone", sa.LargeBinary()))
    op.create_table(
        "contact_codes",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_messages_next_attempt_at", "messages", ["next_attempt_at"])
