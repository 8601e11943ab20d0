"""What the last morning note said, so that the next says something new.

Rules of migrations: one change each; never edit one that has landed; no import of our own tables, which will
have changed by the time this runs; safe on SQLite and PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    lines = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("morning_notes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said", lines, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("news_on", sa.Date(), nullable=True))
