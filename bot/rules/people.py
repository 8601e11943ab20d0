"""People: what Slack says about them, files they deleted, and the end of an installation."""

from dataclasses import asdict
from datetime import datetime

from bot.incoming_world import FileGone, ProfileFact, Uninstalled
from storage.leaving import cancel_waiting
from storage.moves import forget_file
from storage.people import get_person
from storage.session import Session
from storage.workspaces import find_workspace

TELLING = ("name", "tz", "locale")  # of somebody left out we keep none of these


def record_profile(session: Session, fact: ProfileFact, now: datetime) -> None:
    """Keep what Slack says about a person; an older event changes nothing, and what it leaves out stays known."""
    known = get_person(session, fact.workspace, fact.person.id)
    if fact.event_ts < (known.heard_ts or ""):
        return
    for name, value in asdict(fact.person).items():
        # A deactivated person's profile lacks the zone, and events lack the locale.
        if value != "" and not (known.left_out and name in TELLING):
            setattr(known, name, value)
    known.heard_ts, known.known_at = fact.event_ts, now
    session.flush()
    if known.is_deactivated:
        cancel_waiting(session, fact.workspace, known.id)


def record_file_gone(session: Session, fact: FileGone, now: datetime) -> None:
    """A file was deleted in Slack: nothing of it stays here."""
    del now
    forget_file(session, fact.workspace, fact.file)


def record_uninstall(session: Session, fact: Uninstalled, now: datetime) -> None:
    """The workspace removed the app: its token goes at once."""
    known = find_workspace(session, fact.workspace)
    if known is not None:
        known.token = None
        known.uninstalled_at = known.uninstalled_at or now
