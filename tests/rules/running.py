"""A programme that runs, for tests of programmes: who makes it, who is in it, and what comes due, in verbs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.blocks.kit import Modal
from bot.ids import ModalId
from bot.interactions import Submission
from bot.programme_files import template
from bot.programme_specs import ProgrammeSpec
from bot.rules import programmes_due, programmes_forms, programmes_weeks
from bot.rules.enrolling import Enrolled, Enrolling, enrol
from bot.rules.managers import set_manager
from bot.rules.programmes import Asked, store_spec
from bot.rules.programmes_sent import Sent, Wrong
from bot.rules.roles import Duty, RoleKey, store_role
from bot.rules.runs import RunFacts, open_run
from storage.managers import Source
from storage.people import Person
from storage.programmes import Cohort, Enrolment
from storage.programmes_finding import (
    find_enrolment_of,
    find_programme_by_key,
    next_enrolment_due,
    next_week_due,
)
from storage.session import Database, Session
from tests.rules.nouns import C, T, open_world

MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
FIRST, LAST = date(2027, 3, 15), date(2027, 4, 16)  # five weeks; Europe's clocks change on 28 March
NEW_MANAGER = template("new-manager").spec


def open_school(database: Database) -> Iterator[Session]:
    """Ada is an admin, Fay looks after #kitchen; Asha in Kolkata, Mara in Lisbon and Tom in Chicago learn."""
    for session in open_world(database):
        zones = {"UASHA": "Asia/Kolkata", "UMARA": "Europe/Lisbon", "UTOM": "America/Chicago"}
        for person, zone in zones.items():
            session.get_one(Person, (T, person)).tz = zone
        for person, name in (("UADA", "Ada"), ("UFAY", "Fay"), ("UBOSS", "Bea")):
            session.add(Person(workspace=T, id=person, name=name, welcome_because="used a command"))
        session.flush()
        store_role(session, T, RoleKey("UADA", Duty.ADMIN), None, MONDAY, accepted=True)
        store_role(session, T, RoleKey("UFAY", Duty.FACILITATOR, C), None, MONDAY, accepted=True)
        yield session


def makes(session: Session, spec: ProgrammeSpec = NEW_MANAGER, by: str | None = "UFAY") -> int:
    """Fay makes a programme."""
    return store_spec(session, T, spec, by, MONDAY).id


def runs(session: Session, *people: str, **facts: Any) -> Cohort:
    """Fay makes a programme, opens a run of it and enrols these people."""
    programme = find_programme_by_key(session, T, NEW_MANAGER.key)
    made = programme.id if programme is not None else makes(session)
    given = {"name": "Spring", "starts_on": FIRST, "ends_on": LAST, **facts}
    cohort = open_run(session, Asked(T, "UFAY", made), RunFacts(**given), MONDAY)
    enrols(session, cohort, *people)
    return cohort


def enrols(session: Session, cohort: Cohort, *people: str, by: str | None = "UFAY") -> Enrolled:
    """Fay enrols these people."""
    return enrol(session, Enrolling(T, by, cohort.id, people), MONDAY)


def enrolment(session: Session, cohort: Cohort, person: str = "UASHA") -> Enrolment:
    """Somebody in the run."""
    session.flush()
    found = find_enrolment_of(session, cohort, person)
    assert found is not None
    return found


def manages(session: Session, person: str = "UASHA", manager: str = "UBOSS") -> None:
    """Bea manages somebody."""
    set_manager(session, T, person, manager, Source.ROSTER, None, MONDAY)


def passes(session: Session, until: datetime) -> None:
    """Everything of programmes that is due until then is done at its instant."""
    for _ in range(200):
        session.flush()
        due = [at for at in (next_enrolment_due(session, T), next_week_due(session, T)) if at is not None]
        if not due or min(due) > until:
            return
        programmes_due.run_due(session, T, min(due))
        programmes_weeks.run_due(session, T, min(due))
    raise AssertionError("It never ends.")


def sends(
    session: Session,
    form: ModalId,
    values: dict[str, Any],
    *,
    person: str = "UFAY",
    view: str = "V1",
    now: datetime = MONDAY,
    sent: dict[str, Any] | None = None,
    **kept: Any,
) -> Modal | Wrong:
    """Somebody sends a form about programmes."""
    done = programmes_forms.record(
        session, Sent(T, Submission(T, person, form, view, values, kept), **(sent or {})), now
    )
    session.flush()
    return done


def later(days: float) -> datetime:
    """So many days after that Monday."""
    return MONDAY + timedelta(days=days)
