"""CIBA: requests that reach nobody, pings on their way, silenced apps, subjects that clients know."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("backchannel_requests") as table:
        table.alter_column("account_id", existing_type=sa.String(64), nullable=True)
    op.create_table(
        "silenced_apps",
        sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.account_id"), primary_key=True),
        sa.Column("client_id", sa.String(64), _client(), primary_key=True),
        sa.Column("silenced_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "subjects",
        sa.Column("client_id", sa.String(64), _client(), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.account_id"), nullable=False),
    )
    op.create_table(
        "ping_deliveries",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("client_id", sa.String(64), _client(), nullable=False, index=True),
        sa.Column("auth_req_id_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_result", sa.String(64)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger, nullable=False),
        sa.Column("delivered_at", sa.BigInteger),
        sa.Index("ix_ping_deliveries_due", "state", "next_attempt_at"),
    )


def _client() -> sa.ForeignKey:
    return sa.ForeignKey("clients.client_id", ondelete="CASCADE")


def downgrade() -> None:
    for name in ("ping_deliveries", "subjects", "silenced_apps"):
        op.drop_table(name)
