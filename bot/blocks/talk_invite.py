"""A talk as a file that calendar programs take: one UID for good, a number that rises with each change."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bot.blocks.said import clean
from bot.blocks.talk_zone import rules_of
from bot.blocks.typed import one_line

LONGEST_TITLE = 200
PRODUCT = "-//Commonplace//Talk//EN"


@dataclass(frozen=True, slots=True)
class Invite:
    """One person's view of the talk."""

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    title: str
    description: str
    zone: ZoneInfo  # of the person whose calendar it goes into
    made_at: datetime
    called_off: bool = False


def calendar_file(invite: Invite) -> str:
    """The file's text (RFC 5545), published and not sent as an invitation: nobody's calendar answers it.

    The start is given in the person's zone, with the zone's rules beside it; a talk that is off is the same event,
    cancelled, with a higher number. Nobody organizes it: RFC 5545 forbids an organizer where there are no guests, and
    some programs would let nobody but the organizer move it.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = _event(invite)
    if "TZID" in event["DTSTART"].params:  # times of UTC, whatever it is called there, end with a Z instead
        calendar.add_component(rules_of(invite.zone, invite.starts_at))
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _event(invite: Invite) -> Event:
    starts = invite.starts_at.astimezone(invite.zone)
    event = Event()
    event.add("uid", invite.uid)
    event.add("sequence", invite.sequence)
    event.add("dtstamp", invite.made_at.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", (invite.starts_at + timedelta(minutes=invite.minutes)).astimezone(invite.zone))
    event.add("summary", one_line(invite.title, LONGEST_TITLE))
    event.add("description", clean(invite.description))
    event.add("status", "CANCELLED" if invite.called_off else "CONFIRMED")
    return event
