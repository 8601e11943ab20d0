"""What the buttons and words of `/learn programme` do at once, and which page they lead to."""

from datetime import datetime

from bot.blocks.kit import Modal
from bot.ids import ActionId
from bot.interactions import Press
from bot.rules import completion
from bot.rules.goals import NotInProgramme, NotYourGoal
from bot.rules.programmes import Asked, may_make, retire
from bot.rules.programmes_pages import overview, programme_page, results_page, run_page, visible_runs
from bot.rules.runs_ending import call_off_run, end_run
from storage.programmes_finding import (
    find_enrolment,
    find_programmes,
)
from storage.session import Session

LEFT = "You have left this programme. Nothing more comes from it, and what you wrote stays yours."
NOBODY_IN_IT = "The run is over. Nobody was on the way in it, so nobody is asked anything."
ENDED = "The run is over. Its people are asked for their plans at their next hour."
CALLED_OFF = "The run is called off."
RETIRED = "The programme is retired. Applying its file, or its short name in a new one, brings it back."
DONE: dict[str, str] = {ActionId.LEAVE_PROGRAMME: LEFT}
WHICH = "Open the run below and choose “{what}”."
WHAT = {"enrol": "Enrol", "enroll": "Enrol", "end": "End it now", "results": "Results"}


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
    asked = Asked(press.workspace, press.person, press.number or 0)
    if press.action == ActionId.OPEN_PROGRAMME:
        return programme_page(session, asked, now)
    if press.action == ActionId.OPEN_RUN:
        return run_page(session, asked, now)
    if press.action == ActionId.SEE_RESULTS:
        return results_page(session, asked)
    return overview(session, press.workspace, press.person, now)


def record_press(session: Session, press: Press, now: datetime) -> Modal:
    """What a button does at once, and the page after it. Raises what stands against it."""
    asked = Asked(press.workspace, press.person, press.number or 0)
    if press.action == ActionId.END_RUN:
        says = ENDED if end_run(session, asked, now) else NOBODY_IN_IT
        return run_page(session, asked, now, says)
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
