"""When somebody is deactivated or left out: whatever waits for them, or was about them, ends kindly for the others."""

from datetime import datetime

from bot.rules import check_ins, circles, journal, journal_reflection, plans_people, runs_ending, talk_people
from storage.session import Session


def person_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Tell every noun that this person is gone; safe to repeat."""
    for end in (
        runs_ending.person_left,
        plans_people.person_left,
        check_ins.person_left,
        talk_people.person_left,
        circles.person_left,
        journal.person_left,
        journal_reflection.person_left,
    ):
        end(session, workspace, person, now)
