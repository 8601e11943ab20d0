"""Ids that spaces had once, so that what comes late under one of them still arrives.

Rules of migrations: one change each; never edit one that has landed; no import of our own tables, which will
have changed by the time this runs; safe on SQLite and PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table('former_ids',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('old', sa.String(length=64), nullable=False),
    sa.Column('new', sa.String(length=64), nullable=False),
    sa.Column('event_ts', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_former_ids_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'old', name=op.f('pk_former_ids'))
    )
