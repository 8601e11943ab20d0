"""A programme that has just ended for somebody, for stories of what comes after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rules import completion
from bot.rules.availability import calendar_of
from bot.rules.managers import set_manager
from storage.managers import Source
from storage.people import get_person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Session
from tests.people import Person, eventually
from tests.stories.conftest import Office

CHECK_IN_DAYS = (2, 7, 16, 35, 70, 182, 365)


@dataclass(frozen=True)
class Ended:
    """These people finish a programme today, each under this manager."""

    workspace: str
    people: tuple[str, ...]
    manager: str | None


async def id_of(office: Office, name: str) -> str:
    """Somebody's id."""
    return str((await office.workplace.state(name))["me"])


async def ends(office: Office, *names: str, manager: str | None = None) -> None:
    """The programme "Bread for beginners" ends today for these people."""
    workspace = (await office.app.installations.all())[0]
    people = tuple([await id_of(office, name) for name in names])
    of = await id_of(office, manager) if manager else None
    await office.app.transactions.run(_end, Ended(workspace, people, of))
    await office.settles()


def _end(session: Session, ended: Ended, now: datetime) -> None:
    programme = Programme(
        workspace=ended.workspace,
        key="bread",
        title="Bread for beginners",
        check_ins=[
            {"day": day, "question": f"How is your dough on day {day}?", "still_used": day > 100}
            for day in CHECK_IN_DAYS
        ],
        items=[{"when": "I start a dough", "then": "I weigh the water", "days": 14}],
        closing=["What will you keep?"],
        circle_questions=["What was hard?"],
        made_at=now,
    )
    session.add(programme)
    session.flush()
    cohort = Cohort(
        workspace=ended.workspace,
        programme=programme.id,
        name="spring",
        starts_on=now.date(),
        ends_on=now.date(),
        state="ended",
        made_at=now,
    )
    session.add(cohort)
    session.flush()
    for person in ended.people:
        _finish(session, ended, cohort, person, now)


def _finish(session: Session, ended: Ended, cohort: Cohort, person: str, now: datetime) -> None:
    get_person(session, ended.workspace, person).welcome_because = "was enrolled"
    if ended.manager is not None:
        set_manager(session, ended.workspace, person, ended.manager, Source.ROSTER, None, now)
    enrolment = Enrolment(
        workspace=ended.workspace,
        cohort=cohort.id,
        person=person,
        state="enrolled",
        enrolled_at=now,
        step="end",
    )
    session.add(enrolment)
    session.flush()
    today = calendar_of(session, ended.workspace, person, now).today(now)
    completion.complete(session, enrolment, today, "date", now)


async def told(person: Person, words: str) -> dict[str, Any]:
    """The newest direct message from the app that shows these words."""

    async def look() -> dict[str, Any] | None:
        return next((one for one in reversed(await person.dm_from_app()) if words in str(one)), None)

    return await eventually(look) or {}


async def waits_for(office: Office, person: Person, words: str, days: int = 30) -> dict[str, Any]:
    """Day after day passes until the app tells this person something with these words."""
    for _ in range(days):
        await office.workplace.moves_clock(by="1d")
        await office.settles()
        found = [one for one in await person.dm_from_app() if words in str(one)]
        if found:
            return found[-1]
    raise AssertionError(f"{person.name} was not told {words!r} within {days} days")
