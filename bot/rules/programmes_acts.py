"""What the buttons and words of `/learn programme` do at once, and which page they lead to."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks.kit import Message, Modal, escape
from bot.blocks.programmes_cards import sentence
from bot.errors import BotError
from bot.ids import ActionId
from bot.interactions import Press
from bot.rules import completion
from bot.rules.goals import NotInProgramme, NotYourGoal
from bot.rules.naming import name_of
from bot.rules.programmes import Asked, NoSuchRun, may_make, may_run, retire
from bot.rules.programmes_pages import overview, programme_page, results_page, run_page, visible_runs
from bot.rules.rosters import find_meant
from bot.rules.runs import Completion, call_off_run, complete_one, end_run
from storage.programmes import Cohort, EnrolmentState
from storage.programmes_finding import (
    find_cohort,
    find_enrolment,
    find_enrolments_of,
    find_programmes,
)
from storage.session import Session

LEFT = "You have left this programme. Nothing more comes from it, and what you wrote stays yours."
ENDED = "The run is over. Its people are asked for their plans at their next hour."
CALLED_OFF = "The run is called off."
RETIRED = "The programme is retired. Applying its file, or its short name in a new one, brings it back."
DONE: dict[str, str] = {ActionId.LEAVE_PROGRAMME: LEFT}
WHOM = "Say who has finished: `/learn programme complete @name`, with the name of the run if they are in several."
FINISHED = "{names}: finished. They are asked for a plan at their next hour."
KNOWN = "{names}: that was known already."
IN_NONE = "{name} is on the way in no run that you look after."
IN_SEVERAL = "{name} is in several runs: {runs}. Add the name of the one you mean."
WHICH = "Open the run below and choose “{what}”."
WHAT = {"enrol": "Enrol", "enroll": "Enrol", "end": "End it now", "results": "Results"}


@dataclass(frozen=True, slots=True)
class Finished:
    """Somebody says by command that people have finished; `run` is the name of the run, or empty."""

    workspace: str
    by: str
    people: tuple[str, ...]
    run: str
    words: str


def find_page(session: Session, workspace: str, person: str, words: str, now: datetime) -> Modal:
    """The page that these words mean: a run or programme by name, else the first page, with a hint where one helps."""
    first, _, rest = words.partition(" ")
    what = WHAT.get(first.lower())
    name = (rest if what or first.lower() in ("edit", "list", "show") else words).strip().casefold()
    going = visible_runs(session, workspace, person, now)
    runs = [one for one in going if name in ("", one.name.casefold())]
    if what is not None and len(runs) == 1:
        asked = Asked(workspace, person, runs[0].id)
        return results_page(session, asked) if first.lower() == "results" else run_page(session, asked, now)
    if name and may_make(session, workspace, person):
        for programme in find_programmes(session, workspace):
            if name in (programme.key, programme.title.casefold()):
                return programme_page(session, Asked(workspace, person, programme.id), now)
    if name and len(runs) == 1:
        return run_page(session, Asked(workspace, person, runs[0].id), now)
    return overview(session, workspace, person, now, WHICH.format(what=what) if what else "")


def page_for(session: Session, press: Press, now: datetime) -> Modal:
    """The page that a button leads to. Raises what stands against it."""
    asked = Asked(press.workspace, press.person, int(press.value) if press.value.isdecimal() else 0)
    if press.action == ActionId.OPEN_PROGRAMME:
        return programme_page(session, asked, now)
    if press.action == ActionId.OPEN_RUN:
        return run_page(session, asked, now)
    if press.action == ActionId.SEE_RESULTS:
        return results_page(session, asked)
    return overview(session, press.workspace, press.person, now)


def record_press(session: Session, press: Press, now: datetime) -> Modal:
    """What a button does at once, and the page after it. Raises what stands against it."""
    asked = Asked(press.workspace, press.person, int(press.value) if press.value.isdecimal() else 0)
    if press.action == ActionId.END_RUN:
        end_run(session, asked, now)
        return run_page(session, asked, now, ENDED)
    if press.action == ActionId.CALL_OFF_RUN:
        call_off_run(session, asked, now)
        return run_page(session, asked, now, CALLED_OFF)
    if press.action == ActionId.RETIRE_PROGRAMME:
        retire(session, asked, now)
        return overview(session, press.workspace, press.person, now, RETIRED)
    _leave(session, asked, now)
    return overview(session, press.workspace, press.person, now, LEFT)


def _leave(session: Session, asked: Asked, now: datetime) -> None:
    enrolment = find_enrolment(session, asked.workspace, asked.id)
    if enrolment is None:
        raise NotInProgramme
    if enrolment.person != asked.by:
        raise NotYourGoal
    completion.leave(session, enrolment, now)


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
