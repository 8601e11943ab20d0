"""Statuses: what somebody's Slack status says about being away; the words of the status themselves are not kept."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

from bot.profiles import PersonFact, StatusFact
from bot.rules import departures
from bot.rules.availability import calendar_of, changed
from bot.rules.choices import Choices, read_choices
from storage.availability import Leave, LeaveSource, find_people_with_status, find_status_leave
from storage.leaving import cancel_waiting
from storage.people import find_people, find_person, zones_of
from storage.profiles import store_people
from storage.session import Session

_DAY = timedelta(days=1)
LAST_SECOND = 253_402_300_799  # of the year 9999; nothing later is an instant


def is_leave(status: StatusFact, choices: Choices) -> bool:
    """Whether this status says that somebody is away: by its emoji, or by words that stand in it whole."""
    emoji = status.emoji.strip().strip(":").split("::")[0]
    if emoji and emoji in choices.leave_emoji:
        return True
    said = " ".join(status.text.casefold().split())
    return any(_stands_in(" ".join(word.casefold().split()), said) for word in choices.leave_words)


def record_status(session: Session, workspace: str, person: str, status: StatusFact, now: datetime) -> bool:
    """Note or end the leave that this status, the person's newest, tells of; whether that changed anything."""
    calendar = calendar_of(session, workspace, person, now)
    today, known = calendar.today(now), find_status_leave(session, workspace, person)
    if known is not None and known.last_on is not None and known.last_on < today - _DAY:
        session.delete(known)  # long over; what comes now is another one
        session.flush()
        known = None
    ends = _ends_at(status.ends_at)
    away = is_leave(status, read_choices(session, workspace)) and (ends is None or ends > now)
    if not away:
        return known is not None and _end(session, known, today)
    # Who is back before their own hour works that day.
    last_on = None if ends is None else calendar.today(ends)
    if ends is not None and last_on is not None and ends <= calendar.at(last_on):
        last_on -= _DAY
    return _note(session, workspace, person, known, (today, last_on), now)


def record_people(
    session: Session,
    workspace: str,
    people: Iterable[PersonFact],
    statuses: Mapping[str, StatusFact],
    now: datetime,
) -> None:
    """Keep what Slack says about these people now; whose zone or leave changed by it is planned anew."""
    people = list(people)
    before = zones_of(session, workspace, {person.id for person in people})
    here = {one.id for one in find_people(session, workspace, before) if not one.is_deactivated}
    store_people(session, [asdict(person) for person in people], now)
    session.expire_all()
    moved = {one.id for one in people if one.tz and before.get(one.id) not in (None, one.tz)}
    choices = read_choices(session, workspace)
    telling = {one for one, status in statuses.items() if is_leave(status, choices)}
    for person in sorted(telling | find_people_with_status(session, workspace, set(statuses))):
        known = find_person(session, workspace, person)
        if known is not None and not known.left_out:
            moved |= {person} if record_status(session, workspace, person, statuses[person], now) else set()
    for person in sorted(moved):
        changed(session, workspace, person, now)
    for person in sorted(one.id for one in people if one.is_deactivated and one.id in here):
        # They left while we did not listen, and Slack says it only once.
        cancel_waiting(session, workspace, person)
        departures.person_left(session, workspace, person, now)


def _stands_in(word: str, said: str) -> bool:
    return bool(word) and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said) is not None


def _ends_at(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(min(seconds, LAST_SECOND), UTC) if seconds > 0 else None


def _note(
    session: Session,
    workspace: str,
    person: str,
    known: Leave | None,
    days: tuple[date, date | None],
    now: datetime,
) -> bool:
    first_on, last_on = days
    if last_on is not None and last_on < first_on:
        return known is not None and _end(session, known, first_on)
    if known is None:
        leave = Leave(
            workspace=workspace,
            person=person,
            source=LeaveSource.STATUS.value,
            first_on=first_on,
            last_on=last_on,
            noted_at=now,
        )
        session.add(leave)
    elif known.last_on == last_on:
        return False
    else:
        known.last_on, known.noted_at = last_on, now
    session.flush()
    return True


def _end(session: Session, known: Leave, today: date) -> bool:
    """The status says nothing of a leave any more: they are back today."""
    yesterday = today - _DAY
    if known.last_on is not None and known.last_on <= yesterday:
        return False
    if known.first_on > yesterday:
        session.delete(known)
    else:
        known.last_on = yesterday
    session.flush()
    return True
