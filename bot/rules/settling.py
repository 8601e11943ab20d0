"""Settling: derive from the recorded facts what follows for contributions, nominations and questions.

Called from every side (a message, an edit, a reaction, a sent letter) and safe to repeat, because Slack may
deliver the reaction before the message it sits on.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.rules import clips, contributions, nominations, questions
from bot.rules.choices import read_choices
from storage.messages import find_messages
from storage.session import Session


def settle(
    session: Session, workspace: str, places: Iterable[tuple[str, str]], now: datetime, *, quiet: bool
) -> None:
    """Bring everything that hangs on these messages (channel, ts) up to date; `quiet` enqueues no letters."""
    wanted = set(places)
    messages = find_messages(session, workspace, wanted) if wanted else []
    if not messages:
        return
    choices = read_choices(session, workspace)
    for message in messages:
        clips.settle(session, message, choices, now, quiet=quiet)
        contributions.settle(session, message, choices, now, quiet=quiet)
        clips.settle_length(session, message, choices, now, quiet=quiet)
        nominations.settle(session, message, choices, now, quiet=quiet)
        questions.settle(session, message, choices, now, quiet=quiet)
