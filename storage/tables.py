"""All tables in one place, for the migrations."""

import storage.attention
import storage.availability
import storage.check_ins
import storage.circles
import storage.contributions
import storage.discussions
import storage.inbox
import storage.journal
import storage.managers
import storage.messages
import storage.outbox
import storage.people
import storage.plans
import storage.programmes
import storage.reactions
import storage.sealing
import storage.settings
import storage.spaces
import storage.talks
import storage.workspaces  # noqa: F401  imported for their tables
from storage.base import Base

METADATA = Base.metadata
