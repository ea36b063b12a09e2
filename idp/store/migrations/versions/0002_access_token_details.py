"""The authorization_details of a token that was asked for with fewer than were granted (RFC 9396)."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_tokens", sa.Column("authorization_details", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("access_tokens", "authorization_details")
