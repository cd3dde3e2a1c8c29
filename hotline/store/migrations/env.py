"""Alembic's environment: it runs on the connection that `migrate` hands it, in that connection's transaction."""

from __future__ import annotations

from alembic import context

from hotline.store.migrate import compared
from hotline.store.tables import METADATA


def run() -> None:
    """Run the revisions that were asked for."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        include_object=compared(connection.dialect.name),
    )
    with context.begin_transaction():
        context.run_migrations()


run()
