"""Weeks of a programme are told in the space of its run.

Rules of migrations: one change each; never edit one that has landed; no import of our own tables, which will
have changed by the time this runs; safe on SQLite and PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

from storage.base import UTCDateTime

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('week', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('week_due_at', UTCDateTime(), nullable=True))
        batch_op.create_index('ix_cohorts_week_due_at', ['workspace', 'week_due_at'], unique=False)
