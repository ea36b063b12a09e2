"""Tables of the registry's own database (SQLAlchemy Core)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

people = Table(
    "people",
    metadata,
    Column("number", String(12), primary_key=True),
    Column("full_name", String(100), nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("sex", String(6), nullable=False),
    Column("nationality", String(50), nullable=False),
    Column("place_of_origin", String(200), nullable=False),
    Column("place_of_birth", String(200), nullable=False),
    Column("place_of_residence", String(200), nullable=False),
    Column("life_status", String(8), nullable=False),
    Column("old_number", String(12)),
    Column("guardian_number", String(12), ForeignKey("people.number")),
    CheckConstraint("length(number) = 12", name="number_length"),
    CheckConstraint("sex IN ('male', 'female')", name="sex"),
    CheckConstraint("life_status IN ('alive', 'deceased')", name="life_status"),
)

# one row a person: the card last issued
cards = Table(
    "cards",
    metadata,
    Column("number", String(12), ForeignKey("people.number", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("date_of_issue", Date, nullable=False),
    Column("date_of_expiry", Date),
    Column("status", String(9), nullable=False),
    CheckConstraint("kind IN ('cccd_barcode', 'cccd_chip', 'can_cuoc')", name="kind"),
    CheckConstraint("status IN ('valid', 'expired', 'cancelled', 'replaced')", name="status"),
)

portraits = Table(
    "portraits",
    metadata,
    Column("number", String(12), ForeignKey("people.number", ondelete="CASCADE"), primary_key=True),
    Column("jpeg", LargeBinary, nullable=False),
)

sample_citizens = Table(
    "sample_citizens",
    metadata,
    Column("id", String(8), primary_key=True),
    Column(
        "number", String(12), ForeignKey("people.number", ondelete="CASCADE"), nullable=False, unique=True
    ),
)

# what the population was made from, so that seeding again with the same arguments does nothing
seedings = Table(
    "seedings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
)

# who asked for whom, when and why; the number itself is not kept here
access_log = Table(
    "access_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("caller", String(100), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("operation", String(20), nullable=False),
    Column("number_hash", String(64), nullable=False, index=True),
    Column("found", Boolean, nullable=False),
)
