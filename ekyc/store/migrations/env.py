"""Run the engine's migrations on the connection that ``open_engine`` hands over."""

from __future__ import annotations

from alembic import context

from ekyc.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="ekyc_version",
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
