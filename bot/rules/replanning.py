"""The working week or the holidays changed for everybody: what is planned is planned again, some people at a time."""

from datetime import datetime

from bot.rules.availability import changed
from storage.people import find_next_people
from storage.session import Session
from storage.settings import WORKSPACE, read_settings, store_setting

AT_ONCE = 100  # people that one tick takes
KEY = "planned_again_up_to"  # the id of the last person who was; empty: nobody yet


def plan_everybody_again(session: Session, workspace: str) -> None:
    """Begin with the first person, at the next tick; also when it was under way already."""
    store_setting(session, workspace, WORKSPACE, KEY, "")
    session.flush()


def plan_some_again(session: Session, workspace: str, now: datetime) -> None:
    """Take the next people, if there is anything to do."""
    after = read_settings(session, workspace).get(KEY)
    if not isinstance(after, str):
        return
    people = find_next_people(session, workspace, after, AT_ONCE)
    for person in people:
        changed(session, workspace, person, now)
    store_setting(session, workspace, WORKSPACE, KEY, people[-1] if len(people) == AT_ONCE else None)
    session.flush()


def is_under_way(session: Session, workspace: str) -> bool:
    """Whether some people are still to come."""
    return KEY in read_settings(session, workspace)
