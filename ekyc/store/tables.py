"""Tables of the engine. The pictures and templates stand apart, so that they can go at once."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)


def _verification() -> Column[str]:
    return Column("verification_id", ForeignKey("verifications.id", ondelete="CASCADE"), primary_key=True)


# every policy that a decision was made under, so that it can be weighed again
policies = Table(
    "policies",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("settings", JSON, nullable=False),
    Column("first_used_at", DateTime(timezone=True), nullable=False),
)

verifications = Table(
    "verifications",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("failures", JSON, nullable=False),
    Column("progress", JSON, nullable=False),
    Column("outcome", JSON(none_as_null=True)),
    Column("tenant", String(40), nullable=False, server_default=""),
)

sides = Table(
    "sides",
    metadata,
    _verification(),
    Column("side", String(5), primary_key=True),
    Column("reading", JSON, nullable=False),
)

captures = Table(
    "captures",
    metadata,
    _verification(),
    Column("kind", String(5), primary_key=True),
    Column("image", LargeBinary, nullable=False),
)

face_samples = Table(
    "face_samples",
    metadata,
    _verification(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(8), nullable=False),
    Column("embedding", LargeBinary, nullable=False),
)

chips = Table(
    "chips",
    metadata,
    _verification(),
    Column("nonce", String(32), nullable=False),
    Column("spent", Boolean, nullable=False),
    Column("readings", Integer, nullable=False),
    Column("failures", JSON, nullable=False),
    Column("reading", JSON(none_as_null=True)),
)

# outlives its verification, so that its pictures cannot be shown again: a digest is no picture
frame_digests = Table(
    "frame_digests",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("verification_id", String(40), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False, index=True),
)

# outlives its verification too: starting over does not reset the count
face_failures = Table(
    "face_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number_digest", String(64), nullable=False, index=True),
    Column("failed_at", DateTime(timezone=True), nullable=False),
)

tenants = Table(
    "tenants",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("per_day", Integer),
    Column("concurrent", Integer),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)

tenant_days = Table(
    "tenant_days",
    metadata,
    Column("tenant_id", ForeignKey("tenants.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("calls", Integer, nullable=False),
)

idempotent_calls = Table(
    "idempotent_calls",
    metadata,
    Column("tenant", String(40), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("answer", JSON(none_as_null=True)),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

# the signing secret is made of the salt and a key that is not in the database
webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(40), nullable=False, index=True),
    Column("url", String(2000), nullable=False),
    Column("salt", String(64), nullable=False),
    Column("old_salt", String(64)),
    Column("old_until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("failing_since", DateTime(timezone=True)),
    Column("disabled_at", DateTime(timezone=True)),
)

# the queue and its log
webhook_messages = Table(
    "webhook_messages",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("endpoint_id", ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("body", String(500), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("next_attempt_at", DateTime(timezone=True), nullable=False),
    Column("delivered_at", DateTime(timezone=True)),
    Column("last_result", String(64), nullable=False, server_default=""),
    Index("ix_webhook_messages_due", "state", "next_attempt_at"),
)

# one row: the last position given out; whoever takes the next holds it until the commit
enrolled_head = Table(
    "enrolled_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)

# outlives its verification once it has become an account; the template is encrypted
enrolled_faces = Table(
    "enrolled_faces",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("verification_id", String(40), nullable=False, index=True),
    Column("person", String(64), nullable=False, index=True),
    Column("engine", String(80), nullable=False),
    Column("template", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("kept", Boolean, nullable=False),
)

# tells the indexes of other processes; nothing personal
removed_faces = Table(
    "removed_faces",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("face", BigInteger, nullable=False),
)
