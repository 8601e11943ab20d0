"""The pages of `/learn programme`, each for what its reader may see and do at this moment."""

from datetime import date, datetime, timedelta

from bot.blocks import programmes as blocks
from bot.blocks import runs as runs_blocks
from bot.blocks.kit import Modal
from bot.programme_specs import Week
from bot.rules.availability import calendar_of
from bot.rules.naming import name_of
from bot.rules.programmes import (
    Asked,
    MayNotSee,
    NoSuchRun,
    may_make,
    may_run,
    may_see_results,
    programme_for,
    silent_weeks,
    spec_of,
    standing_of,
    weeks_of,
)
from bot.rules.programmes_weeks import can_tell, week_at
from storage.people import names_of
from storage.programmes import Cohort, CohortState, Enrolment, EnrolmentState, Programme
from storage.programmes_finding import (
    count_people,
    find_cohort,
    find_cohorts,
    find_enrolments,
    find_enrolments_of,
    find_programmes,
    find_weeks,
)
from storage.programmes_results import read_outcome
from storage.session import Session
from storage.spaces import find_space

MOST_MINE, MOST_RUNS, MOST_PROGRAMMES = 5, 20, 20
LEAST = 5  # people behind any figure
OLD = timedelta(days=400)  # a run that ended longer ago has nothing to come


def overview(session: Session, workspace: str, person: str, now: datetime, notice: str = "") -> Modal:
    """What this person is in, the runs they look after, and for makers all programmes."""
    makes = may_make(session, workspace, person)
    known = find_programmes(session, workspace) if makes else []
    lines = [
        blocks.ProgrammeLine(
            one.id,
            one.title,
            one.key,
            len(find_weeks(session, one)),
            silent_weeks(session, one),
        )
        for one in known[:MOST_PROGRAMMES]
    ]
    mine = [_mine(session, one, now) for one in find_enrolments_of(session, workspace, person)[:MOST_MINE]]
    runs = _run_lines(session, visible_runs(session, workspace, person, now)[:MOST_RUNS], now)
    more = max(len(known) - MOST_PROGRAMMES, 0)
    return blocks.overview(blocks.Overview(mine, runs, lines, makes, notice, more))


def visible_runs(session: Session, workspace: str, person: str, now: datetime) -> list[Cohort]:
    """The runs this person may run or see the results of, the latest first."""
    return [
        cohort
        for cohort in find_cohorts(session, workspace)
        if cohort.ends_on > now.date() - OLD and may_see_results(session, cohort, person)
    ]


def _mine(session: Session, enrolment: Enrolment, now: datetime) -> blocks.Mine:
    cohort = session.get_one(Cohort, enrolment.cohort)
    programme = session.get_one(Programme, cohort.programme)
    today = calendar_of(session, enrolment.workspace, enrolment.person, now).today(now)
    return blocks.Mine(
        enrolment.id,
        programme.title,
        cohort.starts_on,
        cohort.ends_on,
        enrolment.goal,
        enrolment.goal_confirmed_by is not None,
        enrolment.completed_on,
        enrolment.completed_on is None,
        _week(session, cohort, programme, today) if enrolment.completed_on is None else None,
    )


def _week(session: Session, cohort: Cohort, programme: Programme, today: date) -> tuple[int, Week] | None:
    number, weeks = week_at(cohort, today), weeks_of(session, programme)
    return (number, weeks[number - 1]) if 0 < number <= len(weeks) else None


def _run_lines(session: Session, cohorts: list[Cohort], now: datetime) -> list[runs_blocks.RunLine]:
    counts = count_people(session, cohorts[0].workspace, [one.id for one in cohorts]) if cohorts else {}
    return [
        runs_blocks.RunLine(
            one.id,
            session.get_one(Programme, one.programme).title,
            one.name,
            one.starts_on,
            one.ends_on,
            standing_of(one, now).value,
            counts.get(one.id, 0),
        )
        for one in cohorts
    ]


def programme_page(session: Session, asked: Asked, now: datetime, notice: str = "") -> Modal:
    """One programme with its runs. Raises NoSuchProgramme and MayNotMake."""
    programme = programme_for(session, asked)
    cohorts = [
        one for one in find_cohorts(session, asked.workspace, programme.id) if may_run(session, one, asked.by)
    ]
    runs = _run_lines(session, cohorts[:MOST_RUNS], now)
    return blocks.programme(spec_of(session, programme), programme.id, runs, notice)


def run_page(session: Session, asked: Asked, now: datetime, notice: str = "") -> Modal:
    """One run with its people. Raises NoSuchRun and MayNotSee."""
    cohort = _seen(session, asked)
    line = _run_lines(session, [cohort], now)[0]
    everybody = find_enrolments(session, cohort)
    states = [one.state for one in everybody]
    there = [one.person for one in everybody if one.state != EnrolmentState.LEFT]
    names = names_of(session, asked.workspace, set(there))
    runs_it = may_run(session, cohort, asked.by)
    return runs_blocks.run(
        runs_blocks.RunPage(
            line,
            runs_it,
            cohort.space,
            _trouble(session, cohort),
            name_of(session, asked.workspace, cohort.sponsor) if cohort.sponsor else "",
            name_of(session, asked.workspace, cohort.facilitator) if cohort.facilitator else "",
            # A sponsor sees counts; who is in it is the business of whoever runs it.
            sorted(names.get(one, "a colleague") for one in there) if runs_it else [],
            states.count(EnrolmentState.ENROLLED),
            states.count(EnrolmentState.COMPLETED),
            states.count(EnrolmentState.LEFT),
            notice,
        )
    )


def _trouble(session: Session, cohort: Cohort) -> str:
    """What is the matter with the run's space, while it matters."""
    if cohort.space is None or cohort.state in (CohortState.ENDED, CohortState.CALLED_OFF):
        return ""
    space = find_space(session, cohort.workspace, cohort.space)
    if space is not None and (space.is_archived or space.is_deleted):
        return runs_blocks.ARCHIVED
    return "" if can_tell(session, cohort) else runs_blocks.NOT_IN


def results_page(session: Session, asked: Asked) -> Modal:
    """What came of a run; nothing about fewer than five people. Raises NoSuchRun and MayNotSee."""
    cohort = _seen(session, asked)
    title = session.get_one(Programme, cohort.programme).title
    return runs_blocks.results(results_of(session, cohort, title), cohort.id)


def results_of(session: Session, cohort: Cohort, title: str) -> runs_blocks.Results:
    """The figures that may be shown: each has at least five people behind it."""
    came = read_outcome(session, cohort)
    if came.people < LEAST:
        return runs_blocks.Results(title, cohort.name, came.people)
    counts = {name: getattr(came, name) for name, _ in runs_blocks.RESULT_LINES}
    return runs_blocks.Results(
        title,
        cohort.name,
        came.people,
        counts,
        came.rating if came.rating[2] >= LEAST else None,
        {day: answers for day, answers in came.still.items() if sum(answers) >= LEAST},
        came.voices,
    )


def _seen(session: Session, asked: Asked) -> Cohort:
    cohort = find_cohort(session, asked.workspace, asked.id)
    if cohort is None:
        raise NoSuchRun
    if asked.by is not None and not may_see_results(session, cohort, asked.by):
        raise MayNotSee
    return cohort
