"""How Alembic runs our migrations: on the connection that storage.migrate hands over."""

from alembic import context


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is one of ours to compare; SQLite keeps the full-text indexes, and theirs, as tables."""
    return kind != "table" or "_search" not in (name or "")


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes["metadata"],
    include_name=is_ours,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
