"""People: what Slack says about them, files they deleted, and the end of an installation."""

from dataclasses import asdict
from datetime import datetime

from bot.incoming_world import FileGone, ProfileFact, Uninstalled
from bot.rules import departures
from bot.rules.availability import changed, zone_of
from bot.rules.statuses import record_status
from bot.slack_ts import is_outdated
from storage.leaving import cancel_waiting
from storage.moves import forget_file
from storage.people import get_person
from storage.session import Session
from storage.workspaces import find_workspace

CLOCKS_DIFFER = 60  # seconds, at most, between Slack's clock and ours
TELLING = ("name", "tz", "locale")  # of somebody left out we keep none of these


def record_profile(session: Session, fact: ProfileFact, now: datetime) -> None:
    """Keep what Slack says about a person; an older event changes nothing, and what it leaves out stays known."""
    known = get_person(session, fact.workspace, fact.person.id)
    before = zone_of(session, fact.workspace, known.id)
    if is_outdated(fact.event_ts, known.heard_ts):
        return
    for name, value in asdict(fact.person).items():
        # A deactivated person's profile lacks the zone, and events lack the locale.
        if value != "" and not (known.left_out and name in TELLING):
            setattr(known, name, value)
    known.heard_ts, known.known_at = fact.event_ts, now
    session.flush()
    if known.is_deactivated:
        cancel_waiting(session, fact.workspace, known.id)
        departures.person_left(session, fact.workspace, known.id, now)
    elif not known.left_out:
        away = fact.status is not None and record_status(session, fact.workspace, known.id, fact.status, now)
        if away or zone_of(session, fact.workspace, known.id) != before:
            changed(session, fact.workspace, known.id, now)


def record_file_gone(session: Session, fact: FileGone, now: datetime) -> None:
    """A file was deleted in Slack: nothing of it stays here."""
    del now
    forget_file(session, fact.workspace, fact.file)


def record_uninstall(session: Session, fact: Uninstalled, now: datetime) -> bool:
    """The workspace removed the app: its token goes at once; False when this is news from before it installed again."""
    known = find_workspace(session, fact.workspace)
    if known is None or _was_before(fact, known.installed_at):
        return False
    known.token = None
    known.uninstalled_at = known.uninstalled_at or now
    return True


def _was_before(fact: Uninstalled, installed_at: datetime | None) -> bool:
    # Slack repeats an event for hours, and the new installation's token must outlive the old one's end.
    if fact.at is None or installed_at is None:
        return False
    return fact.at < installed_at.timestamp() - CLOCKS_DIFFER
