"""Looking up programmes, their weeks, runs and people; what is due in them, by index."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.people import Person
from storage.programmes import (
    Cohort,
    CohortState,
    Enrolment,
    EnrolmentState,
    Programme,
    ProgrammeWeek,
    WeekContribution,
)
from storage.spaces import Membership

GOING = (CohortState.PLANNED, CohortState.RUNNING)


def find_programmes(session: Session, workspace: str) -> list[Programme]:
    """The programmes in use, by title."""
    query = select(Programme).where(Programme.workspace == workspace, ~Programme.retired)
    return list(session.scalars(query.order_by(Programme.title, Programme.id)))


def find_programme(session: Session, workspace: str, programme: int) -> Programme | None:
    """One programme."""
    found = session.get(Programme, programme)
    return found if found is not None and found.workspace == workspace else None


def find_programme_by_key(session: Session, workspace: str, key: str) -> Programme | None:
    """The programme that commands and files call this, retired ones too."""
    return session.scalars(
        select(Programme).where(Programme.workspace == workspace, Programme.key == key)
    ).first()


def find_weeks(session: Session, programme: Programme) -> list[ProgrammeWeek]:
    """The weeks of a programme, in their order."""
    query = select(ProgrammeWeek).where(ProgrammeWeek.programme == programme.id)
    return list(session.scalars(query.order_by(ProgrammeWeek.number)))


def find_voices(session: Session, programme: Programme) -> dict[int, list[str]]:
    """The links to colleagues' contributions, by week."""
    query = select(WeekContribution).where(WeekContribution.programme == programme.id)
    voices: dict[int, list[str]] = {}
    for row in session.scalars(query.order_by(WeekContribution.number, WeekContribution.link)):
        voices.setdefault(row.number, []).append(row.link)
    return voices


def forget_week(session: Session, programme: Programme, number: int) -> None:
    """A programme has this week no more."""
    for table in (WeekContribution, ProgrammeWeek):
        session.execute(delete(table).where(table.programme == programme.id, table.number == number))


def forget_voice(session: Session, programme: Programme, number: int, link: str) -> None:
    """A week has this contribution no more."""
    session.execute(
        delete(WeekContribution).where(
            WeekContribution.programme == programme.id,
            WeekContribution.number == number,
            WeekContribution.link == link,
        )
    )


def find_cohort(session: Session, workspace: str, cohort: int) -> Cohort | None:
    """One run of a programme."""
    found = session.get(Cohort, cohort)
    return found if found is not None and found.workspace == workspace else None


def find_cohort_by_name(session: Session, programme: Programme, name: str) -> Cohort | None:
    """The run of a programme with this name."""
    query = select(Cohort).where(Cohort.programme == programme.id, Cohort.name == name)
    return session.scalars(query).first()


def find_cohorts(session: Session, workspace: str, programme: int | None = None) -> list[Cohort]:
    """The runs of one programme or of all, those that end last first."""
    query = select(Cohort).where(Cohort.workspace == workspace)
    if programme is not None:
        query = query.where(Cohort.programme == programme)
    return list(session.scalars(query.order_by(Cohort.ends_on.desc(), Cohort.id.desc())))


def find_cohorts_of_facilitator(session: Session, workspace: str, person: str, today: date) -> list[Cohort]:
    """The runs of this facilitator that are not over, the next first."""
    query = select(Cohort).where(
        Cohort.workspace == workspace, Cohort.state.in_(GOING), Cohort.ends_on >= today
    )
    return list(session.scalars(query.where(Cohort.facilitator == person).order_by(Cohort.starts_on)))


def find_enrolment(session: Session, workspace: str, enrolment: int) -> Enrolment | None:
    """One person in one run."""
    found = session.get(Enrolment, enrolment)
    return found if found is not None and found.workspace == workspace else None


def find_enrolment_of(session: Session, cohort: Cohort, person: str) -> Enrolment | None:
    """This person in this run."""
    query = select(Enrolment).where(
        Enrolment.workspace == cohort.workspace, Enrolment.cohort == cohort.id, Enrolment.person == person
    )
    return session.scalars(query).first()


def find_enrolments(session: Session, cohort: Cohort) -> list[Enrolment]:
    """Everybody who was ever in this run."""
    query = select(Enrolment).where(Enrolment.workspace == cohort.workspace, Enrolment.cohort == cohort.id)
    return list(session.scalars(query.order_by(Enrolment.id)))


def find_enrolments_of(session: Session, workspace: str, person: str) -> list[Enrolment]:
    """The runs this person is or was in, the latest first, without those they left."""
    query = select(Enrolment).where(
        Enrolment.workspace == workspace,
        Enrolment.person == person,
        Enrolment.state != EnrolmentState.LEFT,
    )
    return list(session.scalars(query.order_by(Enrolment.id.desc())))


def count_people(session: Session, workspace: str, cohorts: Sequence[int]) -> dict[int, int]:
    """How many people are in each of these runs, without those who left."""
    query = (
        select(Enrolment.cohort, func.count())
        .where(Enrolment.workspace == workspace, Enrolment.cohort.in_(cohorts))
        .where(Enrolment.state != EnrolmentState.LEFT)
        .group_by(Enrolment.cohort)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def find_due_enrolments(session: Session, workspace: str, now: datetime, most: int) -> list[Enrolment]:
    """Those whose next step has come, the longest due first."""
    query = select(Enrolment).where(Enrolment.workspace == workspace, Enrolment.due_at <= now)
    query = query.order_by(Enrolment.due_at).limit(most).with_for_update(skip_locked=True)
    return list(session.scalars(query))


def next_enrolment_due(session: Session, workspace: str) -> datetime | None:
    """When the next step of an enrolment comes."""
    return session.scalar(select(func.min(Enrolment.due_at)).where(Enrolment.workspace == workspace))


def find_due_weeks(session: Session, workspace: str, now: datetime, most: int) -> list[Cohort]:
    """The runs whose space is to be told of a week, the longest due first."""
    query = select(Cohort).where(Cohort.workspace == workspace, Cohort.week_due_at <= now)
    query = query.order_by(Cohort.week_due_at).limit(most).with_for_update(skip_locked=True)
    return list(session.scalars(query))


def next_week_due(session: Session, workspace: str) -> datetime | None:
    """When the next space is to be told of a week."""
    return session.scalar(select(func.min(Cohort.week_due_at)).where(Cohort.workspace == workspace))


def find_members_of_space(session: Session, workspace: str, channel: str) -> list[str]:
    """Who is in a space that the app is in."""
    query = select(Membership.person).where(Membership.workspace == workspace, Membership.channel == channel)
    return list(session.scalars(query.order_by(Membership.person)))


def find_people_named(session: Session, workspace: str, name: str) -> list[str]:
    """The people here whom everybody calls this, in any case; nobody who left and no app."""
    query = select(Person.id, Person.name).where(
        Person.workspace == workspace, ~Person.is_bot, ~Person.is_deactivated, ~Person.left_out
    )
    wanted = name.casefold()
    # SQLite lowers ASCII only, so that "Ångström" is compared here.
    return [person for person, known in session.execute(query) if known.casefold() == wanted]
