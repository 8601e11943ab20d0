"""A fact that failed says whose words it holds, so that they can be forgotten.

Rules of migrations: one change each; never edit one that has landed; no import of our own tables, which will
have changed by the time this runs; safe on SQLite and PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("failed_facts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("whose", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("wordless", sa.Text(), nullable=True))
