"""Alembic runs the schema's steps on the connection that the ledger hands it."""

from alembic import context

from xlcheck.county.ledger.ledger_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
