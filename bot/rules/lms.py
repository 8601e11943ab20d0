"""A learning management system says who has finished which programme; saying it again changes nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.errors import NotFound
from bot.rules.rosters import UnknownPerson, find_meant
from bot.rules.runs_ending import Completion, complete_one
from storage.programmes import Cohort, CompletedHow, EnrolmentState
from storage.programmes_finding import find_cohort, find_enrolments_of, find_programme_by_key
from storage.session import Session
from storage.workspaces import find_workspace


class NobodyMeant(NotFound):
    """Nobody here is meant by this “person”: give the Slack id, or the name exactly as Slack shows it."""


class NoSuchWorkspace(NotFound):
    """The app is not installed in this workspace."""


class ProgrammeUnknown(NotFound):
    """There is no programme with this short name."""


class NotOnTheWay(NotFound):
    """This person is in no run of this programme, or not in the one that is named. Enrol them first."""


class WhichRun(NotFound):
    """This person is in several runs of this programme: name the one in “run”."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Who has finished what, as the learning system names them; `on` None is today, where they live."""

    workspace: str
    programme: str
    run: str
    person: str
    on: date | None = None


def record_finished(session: Session, said: Finished, now: datetime) -> bool:
    """The person has finished; False when that was known. Raises NotFound with what does not fit."""
    if find_workspace(session, said.workspace) is None:
        raise NoSuchWorkspace
    try:
        person = find_meant(session, said.workspace, said.person, {})
    except UnknownPerson as error:
        raise NobodyMeant from error
    cohort = _run(session, said, person)
    done = Completion(said.workspace, None, cohort.id, person, said.on, CompletedHow.LMS)
    return complete_one(session, done, now)


def _run(session: Session, said: Finished, person: str) -> Cohort:
    programme = find_programme_by_key(session, said.workspace, said.programme)
    if programme is None:
        raise ProgrammeUnknown
    mine = find_enrolments_of(session, said.workspace, person)
    found = [(one, find_cohort(session, said.workspace, one.cohort)) for one in mine]
    fitting = [
        (one, cohort)
        for one, cohort in found
        if cohort is not None and cohort.programme == programme.id and said.run in ("", cohort.name)
    ]
    if not fitting:
        raise NotOnTheWay
    on_the_way = [cohort for one, cohort in fitting if one.state == EnrolmentState.ENROLLED]
    if len(on_the_way) > 1:
        raise WhichRun
    return on_the_way[0] if on_the_way else fitting[0][1]  # finished already: the latest
