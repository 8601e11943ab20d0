"""The first tables.

Rules of migrations: one change each; never edit one that has landed; no import of our own tables, which will
have changed by the time this runs; safe on SQLite and PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op
from storage.base import UTCDateTime
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


# The full-text index follows the messages by triggers (SQLite) or as a generated column (PostgreSQL).
SQLITE_DDL = (
    "CREATE VIRTUAL TABLE message_search USING fts5"
    "(text, content='messages', content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER message_search_added AFTER INSERT ON messages BEGIN"
    " INSERT INTO message_search (rowid, text) VALUES (new.id, new.text); END",
    "CREATE TRIGGER message_search_removed AFTER DELETE ON messages BEGIN"
    " INSERT INTO message_search (message_search, rowid, text) VALUES ('delete', old.id, old.text); END",
    # One trigger for both steps: SQLite promises no order between two.
    "CREATE TRIGGER message_search_changed AFTER UPDATE OF text ON messages WHEN old.text <> new.text BEGIN"
    " INSERT INTO message_search (message_search, rowid, text) VALUES ('delete', old.id, old.text);"
    " INSERT INTO message_search (rowid, text) VALUES (new.id, new.text); END",
    # Title, text and challenge of a form need not all stand in the message that it became.
    "CREATE VIRTUAL TABLE contribution_search USING fts5(title, text, challenge,"
    " content='contributions', content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER contribution_search_added AFTER INSERT ON contributions BEGIN"
    " INSERT INTO contribution_search (rowid, title, text, challenge)"
    " VALUES (new.id, new.title, new.text, new.challenge); END",
    "CREATE TRIGGER contribution_search_removed AFTER DELETE ON contributions BEGIN"
    " INSERT INTO contribution_search (contribution_search, rowid, title, text, challenge)"
    " VALUES ('delete', old.id, old.title, old.text, old.challenge); END",
    "CREATE TRIGGER contribution_search_changed AFTER UPDATE OF title, text, challenge ON contributions BEGIN"
    " INSERT INTO contribution_search (contribution_search, rowid, title, text, challenge)"
    " VALUES ('delete', old.id, old.title, old.text, old.challenge);"
    " INSERT INTO contribution_search (rowid, title, text, challenge)"
    " VALUES (new.id, new.title, new.text, new.challenge); END",
)
# PostgreSQL's own parser takes `List.map` for a host, `<…>` for a tag and leaves accents on: search_words makes of
# a text what SQLite's tokenizer sees in it. storage.search.fold does the same to what people look for.
POSTGRESQL_DDL = (
    r"""
CREATE FUNCTION search_words(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN normalize(
    regexp_replace(
        normalize(
            translate(
                words,
                '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~¡§«¶·»¿‐‑‒–—―‘’‚“”„†‡•…‰′″‹›€™←↑→↓−≤≥⇒、。「」『』【】！（），：；？',
                repeat(' ', 100)
            ),
            NFD
        ),
        '([A-Za-z])[\u0300-\u036f]+', '\1', 'g'
    ),
    NFC
)
""",
    "ALTER TABLE messages ADD COLUMN search tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', search_words(text))) STORED",
    "CREATE INDEX ix_messages_search ON messages USING gin (search)",
    "ALTER TABLE contributions ADD COLUMN search tsvector GENERATED ALWAYS AS"
    " (to_tsvector('simple', search_words(title || ' ' || text || ' ' || challenge))) STORED",
    "CREATE INDEX ix_contributions_search ON contributions USING gin (search)",
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table('workspaces',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('enterprise', sa.String(length=64), nullable=True),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('bot_user', sa.String(length=64), nullable=True),
    sa.Column('bot_id', sa.String(length=64), nullable=True),
    sa.Column('app_id', sa.String(length=64), nullable=True),
    sa.Column('token', sa.Text(), nullable=True),
    sa.Column('scopes', sa.Text(), nullable=False),
    sa.Column('installed_by', sa.String(length=64), nullable=True),
    sa.Column('installed_at', UTCDateTime(), nullable=True),
    sa.Column('uninstalled_at', UTCDateTime(), nullable=True),
    sa.Column('heard_at', UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workspaces'))
    )
    op.create_table('failed_facts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('rule', sa.String(length=255), nullable=False),
    sa.Column('fact', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('failed_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_failed_facts_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_failed_facts'))
    )
    op.create_table('inbox',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('seen_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_inbox_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'key', name='heard_once')
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index('ix_inbox_seen_at', ['seen_at'], unique=False)

    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=255), nullable=False),
    sa.Column('method', sa.String(length=255), nullable=False),
    sa.Column('conversation', sa.String(length=64), nullable=False),
    sa.Column('recipient', sa.String(length=64), nullable=True),
    sa.Column('payload', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('once', sa.String(length=255), nullable=True),
    sa.Column('slot', sa.String(length=255), nullable=True),
    sa.Column('about', sa.String(length=255), nullable=True),
    sa.Column('thread_of', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('target_of', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('started', sa.Boolean(), nullable=False),
    sa.Column('reminder', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=255), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('due_at', UTCDateTime(), nullable=False),
    sa.Column('sent_at', UTCDateTime(), nullable=True),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('lease_until', UTCDateTime(), nullable=True),
    sa.Column('retry_at', UTCDateTime(), nullable=True),
    sa.Column('held_until', UTCDateTime(), nullable=True),
    sa.Column('first_unsure_at', UTCDateTime(), nullable=True),
    sa.Column('recheck_at', UTCDateTime(), nullable=True),
    sa.Column('after_ts', sa.String(length=32), nullable=True),
    sa.Column('thread_ts', sa.String(length=32), nullable=True),
    sa.Column('file_id', sa.String(length=64), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=True),
    sa.Column('ts', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['target_of'], ['outbox.id'], name=op.f('fk_outbox_target_of'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['thread_of'], ['outbox.id'], name=op.f('fk_outbox_thread_of'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_outbox_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('workspace', 'once', name='one_letter_once')
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_about', ['workspace', 'about'], unique=False)
        batch_op.create_index('ix_outbox_conversation', ['workspace', 'conversation', 'state', 'id'], unique=False)
        batch_op.create_index('ix_outbox_due', ['state', 'due_at'], unique=False)
        batch_op.create_index('ix_outbox_key', ['key'], unique=True)
        batch_op.create_index('ix_outbox_place', ['workspace', 'channel', 'ts'], unique=False)
        batch_op.create_index('ix_outbox_recheck_at', ['recheck_at'], unique=False)
        batch_op.create_index('ix_outbox_target_of', ['target_of'], unique=False)
        batch_op.create_index('ix_outbox_thread_of', ['thread_of'], unique=False)

    op.create_table('people',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), server_default='', nullable=False),
    sa.Column('tz', sa.String(length=255), server_default='', nullable=False),
    sa.Column('locale', sa.String(length=255), server_default='', nullable=False),
    sa.Column('is_bot', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('is_guest', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('is_external', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('is_deactivated', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('is_slack_admin', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('left_out', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('dm', sa.String(length=64), nullable=True),
    sa.Column('known_at', UTCDateTime(), nullable=True),
    sa.Column('heard_ts', sa.String(length=32), nullable=True),
    sa.Column('welcome_because', sa.String(length=255), nullable=True),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_people_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'id', name=op.f('pk_people'))
    )
    op.create_table('privileged_acts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=True),
    sa.Column('act', sa.String(length=255), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_privileged_acts_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privileged_acts'))
    )
    with op.batch_alter_table('privileged_acts', schema=None) as batch_op:
        batch_op.create_index('ix_privileged_acts_at', ['workspace', 'at'], unique=False)

    op.create_table('settings',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('owner', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('value', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_settings_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'owner', 'key', name=op.f('pk_settings'))
    )
    op.create_table('spaces',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), server_default='', nullable=False),
    sa.Column('purpose', sa.Text(), server_default='', nullable=False),
    sa.Column('is_private', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('is_shared', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('is_archived', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('is_deleted', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('app_is_in', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('invited_by', sa.String(length=64), nullable=True),
    sa.Column('joined_ts', sa.String(length=32), nullable=True),
    sa.Column('known_at', UTCDateTime(), nullable=True),
    sa.Column('reading', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('caught_up_ts', sa.String(length=32), nullable=True),
    sa.Column('read_back_days', sa.Integer(), nullable=True),
    sa.Column('read_back_at', UTCDateTime(), nullable=True),
    sa.Column('heard', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='{}', nullable=False),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_spaces_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'id', name=op.f('pk_spaces'))
    )
    op.create_table('contributions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=True),
    sa.Column('form', sa.String(length=64), nullable=True),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=255), nullable=False),
    sa.Column('via', sa.String(length=255), nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.Column('challenge', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.String(length=255), nullable=False),
    sa.Column('shared_at', UTCDateTime(), nullable=False),
    sa.Column('clip_until', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['workspace', 'channel'], ['spaces.workspace', 'spaces.id'], name=op.f('fk_contributions_workspace_channel'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_contributions_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contributions')),
    sa.UniqueConstraint('workspace', 'channel', 'ts', name='one_contribution_per_message'),
    sa.UniqueConstraint('workspace', 'form', name='one_contribution_per_form')
    )
    with op.batch_alter_table('contributions', schema=None) as batch_op:
        batch_op.create_index('ix_contributions_author', ['workspace', 'author'], unique=False)
        batch_op.create_index('ix_contributions_clip_until', ['workspace', 'state', 'clip_until'], unique=False)

    op.create_table('departures',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('event_ts', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['workspace', 'channel'], ['spaces.workspace', 'spaces.id'], name=op.f('fk_departures_workspace_channel'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'channel', 'person', name=op.f('pk_departures'))
    )
    op.create_table('discussions',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=255), nullable=False),
    sa.Column('replies', sa.Integer(), nullable=False),
    sa.Column('last_ts', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['workspace', 'channel'], ['spaces.workspace', 'spaces.id'], name=op.f('fk_discussions_workspace_channel'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'channel', 'ts', name=op.f('pk_discussions'))
    )
    op.create_table('memberships',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('since', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['workspace', 'channel'], ['spaces.workspace', 'spaces.id'], name=op.f('fk_memberships_workspace_channel'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'channel', 'person', name=op.f('pk_memberships'))
    )
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.create_index('ix_memberships_person', ['workspace', 'person'], unique=False)

    op.create_table('messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=False),
    sa.Column('thread_ts', sa.String(length=32), nullable=True),
    sa.Column('author', sa.String(length=64), nullable=True),
    sa.Column('by_bot', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.Column('version', sa.String(length=32), server_default='', nullable=False),
    sa.Column('deleted', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['workspace', 'channel'], ['spaces.workspace', 'spaces.id'], name=op.f('fk_messages_workspace_channel'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('workspace', 'channel', 'ts', name='one_message_per_ts')
    )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.create_index('ix_messages_author', ['workspace', 'author', 'ts'], unique=False)
        batch_op.create_index('ix_messages_thread', ['workspace', 'channel', 'thread_ts', 'ts'], unique=False)

    op.create_table('nominations',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('via', sa.String(length=255), server_default='reaction', nullable=False),
    sa.Column('kind', sa.String(length=255), server_default='insight', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('subjects', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='[]', nullable=False),
    sa.Column('state', sa.String(length=255), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('lapses_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['workspace', 'channel'], ['spaces.workspace', 'spaces.id'], name=op.f('fk_nominations_workspace_channel'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'channel', 'ts', name=op.f('pk_nominations'))
    )
    with op.batch_alter_table('nominations', schema=None) as batch_op:
        batch_op.create_index('ix_nominations_due', ['workspace', 'state', 'lapses_at'], unique=False)

    op.create_table('questions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=True),
    sa.Column('form', sa.String(length=64), nullable=True),
    sa.Column('asker', sa.String(length=64), nullable=False),
    sa.Column('via', sa.String(length=255), nullable=False),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('answer_ts', sa.String(length=32), nullable=True),
    sa.Column('accepted_by', sa.String(length=64), nullable=True),
    sa.Column('accepted_at', UTCDateTime(), nullable=True),
    sa.Column('accepted_via', sa.String(length=255), nullable=True),
    sa.ForeignKeyConstraint(['workspace', 'channel'], ['spaces.workspace', 'spaces.id'], name=op.f('fk_questions_workspace_channel'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_questions_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions')),
    sa.UniqueConstraint('workspace', 'channel', 'ts', name='one_question_per_message'),
    sa.UniqueConstraint('workspace', 'form', name='one_question_per_form')
    )
    op.create_table('reactions',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('emoji', sa.String(length=255), nullable=False),
    sa.Column('standing', sa.Boolean(), nullable=False),
    sa.Column('event_ts', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['workspace', 'channel'], ['spaces.workspace', 'spaces.id'], name=op.f('fk_reactions_workspace_channel'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'channel', 'ts', 'person', 'emoji', name=op.f('pk_reactions'))
    )
    with op.batch_alter_table('reactions', schema=None) as batch_op:
        batch_op.create_index('ix_reactions_person', ['workspace', 'person', 'event_ts'], unique=False)

    op.create_table('roles',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=255), nullable=False),
    sa.Column('scope', sa.String(length=255), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('given_by', sa.String(length=64), nullable=True),
    sa.Column('given_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['workspace', 'person'], ['people.workspace', 'people.id'], name=op.f('fk_roles_workspace_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_roles_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'person', 'role', 'scope', name=op.f('pk_roles'))
    )
    with op.batch_alter_table('roles', schema=None) as batch_op:
        batch_op.create_index('ix_roles_scope', ['workspace', 'role', 'scope'], unique=False)

    op.create_table('contribution_subjects',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('contribution', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.ForeignKeyConstraint(['contribution'], ['contributions.id'], name=op.f('fk_contribution_subjects_contribution'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workspace'], ['workspaces.id'], name=op.f('fk_contribution_subjects_workspace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('contribution', 'subject', name=op.f('pk_contribution_subjects'))
    )
    with op.batch_alter_table('contribution_subjects', schema=None) as batch_op:
        batch_op.create_index('ix_contribution_subjects_subject', ['workspace', 'subject'], unique=False)

    op.create_table('files',
    sa.Column('workspace', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('ts', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('mimetype', sa.String(length=255), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('duration_ms', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['workspace', 'channel', 'ts'], ['messages.workspace', 'messages.channel', 'messages.ts'], name=op.f('fk_files_workspace_channel_ts'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace', 'channel', 'ts', 'id', name=op.f('pk_files'))
    )
    for statement in SQLITE_DDL if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DDL:
        op.execute(statement)
