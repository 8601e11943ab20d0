"""Direct messages that may become entries.

Rules of migrations: one change each; never edit one that has landed; no import of our own tables, which will
have changed by the time this runs; safe on SQLite and PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("entry_parts", sa.Column("person", sa.String(length=64), nullable=True))
    op.add_column("entry_parts", sa.Column("root", sa.String(length=32), nullable=True))
    op.add_column(
        "entry_parts", sa.Column("state", sa.String(length=255), server_default="kept", nullable=False)
    )
    op.create_index("ix_entry_parts_person", "entry_parts", ["workspace", "person", "state"])
