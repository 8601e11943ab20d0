"""All tables in one place, for the migrations."""

import storage.contributions
import storage.discussions
import storage.inbox
import storage.messages
import storage.outbox
import storage.people
import storage.reactions
import storage.settings
import storage.spaces
import storage.workspaces  # noqa: F401  imported for their tables
from storage.base import Base

METADATA = Base.metadata
