"""The app's tables."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

tables = MetaData()

reports = Table(
    "reports",
    tables,
    Column("id", Integer, primary_key=True),
    Column("code", String, nullable=False, unique=True),
    Column("sub", String, nullable=False, index=True),
    Column("reporter", String, nullable=False),
    Column("once", String, nullable=False),
    Column("category", String, nullable=False),
    Column("description", String, nullable=False),
    Column("commune", String, nullable=False),
    Column("place", String, nullable=False),
    Column("visibility", String, nullable=False),
    UniqueConstraint("sub", "once"),
)
steps = Table(
    "steps",
    tables,
    Column("report", ForeignKey("reports.id"), primary_key=True),
    Column("state", String, primary_key=True),
    Column("at", Float, nullable=False),
)
photos = Table(
    "photos",
    tables,
    Column("id", String, primary_key=True),
    Column("sub", String, nullable=False, index=True),
    Column("report", ForeignKey("reports.id"), unique=True),
    Column("at", Float, nullable=False),
    Column("jpeg", LargeBinary, nullable=False),
)
