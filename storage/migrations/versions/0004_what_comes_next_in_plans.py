"""Plans and their items know what comes next in them.

Rules of migrations: one change each; never edit one that has landed; no import of our own tables, which will
have changed by the time this runs; safe on SQLite and PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

from storage.base import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("plan_items", sa.Column("nudged_for", sa.Date(), nullable=True))
    op.add_column("plan_items", sa.Column("step", sa.String(length=255), server_default="", nullable=False))
    op.add_column("plans", sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True))
    op.add_column("plans", sa.Column("step", sa.String(length=255), server_default="", nullable=False))
