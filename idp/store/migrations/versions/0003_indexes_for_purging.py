"""Deleting an authorization finds what hangs on it."""

from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = ("codes", "device_codes", "backchannel_requests")


def upgrade() -> None:
    for table in _TABLES:
        op.create_index(f"ix_{table}_authorization_id", table, ["authorization_id"])
