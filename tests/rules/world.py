"""Events about people and spaces for tests of rules, as Slack delivers them, parsed and recorded."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot import incoming_world as heard
from bot.rules import people, spaces
from bot.rules.roles import Duty, RoleKey, store_role
from storage.outbox import OutboxRow
from storage.people import Person
from storage.session import Database, Session
from tests.rules.nouns import NOW, T, open_world

BOT = "UAPP"


def open_office(database: Database) -> Iterator[Session]:
    """The workspace of `open_world`; Asha is an admin."""
    for session in open_world(database):
        asha = session.get_one(Person, (T, "UASHA"))
        asha.welcome_because = "used a command"
        store_role(session, T, RoleKey("UASHA", Duty.ADMIN), None, NOW, accepted=True)
        yield session


def event(kind: str, **inner: Any) -> dict[str, Any]:
    """The body of an event."""
    return {"team_id": T, "event": {"type": kind, **inner}, "authorizations": [{"team_id": T}]}


def joins(session: Session, person: str, channel: str, ts: str, **more: Any) -> None:
    """member_joined_channel."""
    body = event("member_joined_channel", user=person, channel=channel, event_ts=ts, team=T, **more)
    spaces.record_membership(session, heard.parse_membership(body), NOW)
    session.flush()


def leaves(session: Session, person: str, channel: str, ts: str) -> None:
    """member_left_channel."""
    body = event("member_left_channel", user=person, channel=channel, event_ts=ts, team=T)
    spaces.record_membership(session, heard.parse_membership(body), NOW)
    session.flush()


def profile(session: Session, user: dict[str, Any], ts: str, now: datetime = NOW) -> None:
    """user_change."""
    fact = heard.parse_profile(event("user_change", user=user, event_ts=ts))
    people.record_profile(session, fact, now)
    session.flush()


def letters_to(session: Session, person: str) -> list[OutboxRow]:
    """What waits for this person, oldest first."""
    rows = session.query(OutboxRow).filter(OutboxRow.recipient == person).order_by(OutboxRow.id)
    return [row for row in rows if row.method == "chat.postMessage"]


def words(row: OutboxRow) -> str:
    """All that a letter says."""
    return str(row.payload)
