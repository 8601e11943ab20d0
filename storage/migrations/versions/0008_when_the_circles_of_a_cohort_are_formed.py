"""When the circles of a cohort are formed.

Rules of migrations: one change each; never edit one that has landed; no import of our own tables, which will
have changed by the time this runs; safe on SQLite and PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

from storage.base import UTCDateTime

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('circles_at', UTCDateTime(), nullable=True))
