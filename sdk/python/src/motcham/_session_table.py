"""The table of ``stores.SqlStore``."""

from sqlalchemy import Column, Float, MetaData, String, Table, Text

sessions = Table(
    "motcham_sessions",
    MetaData(),
    Column("key", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("sub", String(64), nullable=False, index=True),
    Column("sid", String(64), index=True),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False, index=True),
)
