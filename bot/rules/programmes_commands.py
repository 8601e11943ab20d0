"""What is said about people by command: `/learn programme complete @name`, `/learn programme enrol @name #channel`."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks.kit import Message, escape
from bot.blocks.programmes_cards import sentence
from bot.errors import BotError
from bot.rules.enrolling import Enrolling, enrol, people_in, say_enrolled
from bot.rules.naming import name_of
from bot.rules.programmes import NoSuchRun, may_run, standing_of
from bot.rules.programmes_pages import visible_runs
from bot.rules.rosters import find_meant
from bot.rules.runs_ending import Completion, complete_one
from storage.programmes import Cohort, CohortState, EnrolmentState, Programme
from storage.programmes_finding import find_cohort, find_enrolments_of
from storage.session import Session

WHOM = "Say who has finished: `/learn programme complete @name`, with the name of the run if they are in several."
FINISHED = "{names}: finished. They are asked for a plan at their next hour."
KNOWN = "{names}: that was known already."
IN_NONE = "{name} is on the way in no run that you look after."
IN_SEVERAL = "{name} is in several runs: {runs}. Add the name of the one you mean."
WHICH_RUN = "You look after several runs: {runs}. Add the name of the one you mean."
NO_RUN = "There is no run called “{name}” that you look after and that is not over. They are: {runs}."
NO_RUNS = "You look after no run that people can be enrolled in. Open one in `/learn programme`."
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class ToEnrol:
    """Somebody enrols by command: people by mention, everybody in channels, and whoever is in user groups."""

    workspace: str
    by: str
    people: tuple[str, ...]
    channels: tuple[str, ...] = ()
    run: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """Somebody says by command that people have finished; `run` is the name of the run, or empty."""

    workspace: str
    by: str
    people: tuple[str, ...]
    run: str
    words: str


def record_enrolled(session: Session, said: ToEnrol, now: datetime) -> Message:
    """Everybody who can be enrolled is; the others are named with the reason. Raises BotError with what is missing."""
    cohort = _open_run(session, said, now)
    people = list(said.people)
    for channel in said.channels:
        people += people_in(session, said.workspace, said.by, channel)
    done = enrol(session, Enrolling(said.workspace, said.by, cohort.id, tuple(people)), now)
    return sentence(f"*{escape(cohort.name)}*: {say_enrolled(session, said.workspace, done)}")


def _open_run(session: Session, said: ToEnrol, now: datetime) -> Cohort:
    """The run that is meant, among those that go on."""
    mine = [
        one
        for one in visible_runs(session, said.workspace, said.by, now)
        if may_run(session, one, said.by)
        and standing_of(one, now) in (CohortState.PLANNED, CohortState.RUNNING)
    ]
    if not mine:
        raise NoSuchRun(NO_RUNS)
    fitting = [one for one in mine if said.run.casefold() in _names(session, one)]
    if len(fitting) == 1:
        return fitting[0]
    runs = ", ".join(one.name for one in (fitting or mine)[:MOST_NAMED])
    text = WHICH_RUN.format(runs=runs) if fitting else NO_RUN.format(name=said.run[:60], runs=runs)
    raise NoSuchRun(escape(text))


def _names(session: Session, cohort: Cohort) -> set[str]:
    """What a run may be called by; nothing at all where there is only one."""
    programme, name = session.get_one(Programme, cohort.programme), cohort.name.casefold()
    ways = {programme.key, programme.title.casefold()}
    return {"", name, *ways, *(f"{way} {name}" for way in ways)}


def record_finished(session: Session, said: Finished, now: datetime) -> Message:
    """Whoever is named has finished, all of them or none. Raises BotError with what is missing."""
    people = said.people or _by_name(session, said)
    if not people:
        raise BotError(WHOM)
    name = "" if not said.people else said.run
    chosen = [(person, _run_of(session, said, person, name)) for person in people]
    new = {
        person: complete_one(session, Completion(said.workspace, said.by, cohort.id, person), now)
        for person, cohort in chosen
    }
    parts = [
        text.format(names=", ".join(escape(name_of(session, said.workspace, one)) for one in names))
        for text, names in (
            (FINISHED, [one for one, was_new in new.items() if was_new]),
            (KNOWN, [one for one, was_new in new.items() if not was_new]),
        )
        if names
    ]
    return sentence(" ".join(parts))


def _by_name(session: Session, said: Finished) -> tuple[str, ...]:
    """Nobody was mentioned: perhaps somebody is named."""
    words = said.words.strip()
    return (find_meant(session, said.workspace, words, {}),) if words else ()


def _run_of(session: Session, said: Finished, person: str, name: str) -> Cohort:
    enrolments = [
        one
        for one in find_enrolments_of(session, said.workspace, person)
        if one.state == EnrolmentState.ENROLLED or name
    ]
    found = [find_cohort(session, said.workspace, one.cohort) for one in enrolments]
    mine = [one for one in found if one is not None and may_run(session, one, said.by)]
    if name:
        mine = [one for one in mine if one.name.casefold() == name.casefold()]
    who = name_of(session, said.workspace, person)
    if not mine:
        if not name:
            return _finished_one(session, said, person, who)
        raise NoSuchRun(IN_NONE.format(name=who))
    if len(mine) > 1:
        raise BotError(IN_SEVERAL.format(name=who, runs=", ".join(one.name for one in mine)))
    return mine[0]


def _finished_one(session: Session, said: Finished, person: str, who: str) -> Cohort:
    """Said twice: the run that they finished last."""
    for enrolment in find_enrolments_of(session, said.workspace, person):
        cohort = find_cohort(session, said.workspace, enrolment.cohort)
        if cohort is not None and may_run(session, cohort, said.by):
            return cohort
    raise NoSuchRun(IN_NONE.format(name=who))
