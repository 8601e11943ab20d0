"""Forms about runs: their facts, whom to enrol, who has finished or is out; a mistake keeps all that was typed."""

from dataclasses import replace
from datetime import datetime

from bot.blocks import runs_forms as forms
from bot.blocks.kit import Modal
from bot.blocks.programmes_fields import NEEDED
from bot.errors import BotError
from bot.roster_files import BadRoster
from bot.rules import completion
from bot.rules.enrolling import Enrolling, enrol, people_in, say_enrolled
from bot.rules.naming import name_of
from bot.rules.programmes import (
    MayNotMake,
    MayNotRun,
    NoSuchProgramme,
    NoSuchRun,
    cohort_for,
    programme_for,
)
from bot.rules.programmes_pages import run_page
from bot.rules.programmes_sent import Sent, Wrong
from bot.rules.rosters import Roster, take_in
from bot.rules.runs import (
    NameTaken,
    NotThisPerson,
    NotThisSpace,
    RunFacts,
    change_run,
    open_run,
)
from bot.rules.runs_ending import Completion, NotInRun, complete_one
from bot.yaml_reading import find_date
from storage.inbox import heard_before, was_heard
from storage.programmes import Cohort, EnrolmentState
from storage.programmes_finding import find_cohort_by_name, find_enrolment_of
from storage.session import Session


def record_run(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    """A new run, or other facts about one."""
    form = sent.form
    first, last = find_date(form.words("starts_on")), find_date(form.words("ends_on"))
    if not form.words("name") or first is None or last is None:
        missing = {"name": form.words("name"), "starts_on": first, "ends_on": last}
        return Wrong({block: NEEDED for block, value in missing.items() if not value})
    facts = RunFacts(
        form.words("name"),
        first,
        last,
        form.words("space") or None,
        form.words("sponsor") or None,
        form.words("facilitator") or None,
    )
    try:
        if sent.run.id:
            cohort = change_run(session, cohort_for(session, sent.run), facts, form.person, now)
        else:
            cohort = _open(session, sent, facts, now)
    except BotError as error:
        return Wrong({_BLOCKS.get(type(error), "ends_on"): str(error)})
    return run_page(session, replace(sent.run, id=cohort.id), now)


def _open(session: Session, sent: Sent, facts: RunFacts, now: datetime) -> Cohort:
    """A new run; the same form sent twice opens it once, another of the same name is refused."""
    programme = programme_for(session, sent.asked)
    known = find_cohort_by_name(session, programme, facts.name)
    if known is not None and not was_heard(session, sent.workspace, sent.form.key):
        raise NameTaken
    cohort = known or open_run(session, sent.asked, facts, now)
    heard_before(session, sent.workspace, sent.form.key, now)
    return cohort


def record_enrolling(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    """People are enrolled, by name, from a channel, a user group and a list, together or not at all."""
    cohort = cohort_for(session, sent.run)
    form = sent.form
    people = [*form.chosen("people"), *sent.group]
    channel = form.words("channel")
    if channel:
        try:
            people += people_in(session, sent.workspace, form.person, channel)
        except BotError as error:
            return Wrong({"channel": str(error)})
    if not people and not sent.lines:
        return Wrong({"people": forms.NOBODY})
    listed = 0
    if sent.lines:
        roster = Roster(sent.workspace, form.person, sent.lines, sent.emails, cohort.id)
        try:
            listed = take_in(session, roster, now).enrolled
        except BadRoster as error:
            return Wrong({"pasted" if form.words("pasted") else "file": str(error)[:2_900]})
    done = enrol(session, Enrolling(sent.workspace, form.person, cohort.id, tuple(people)), now)
    return run_page(session, sent.run, now, say_enrolled(session, sent.workspace, done, listed))


def record_people(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    """People have finished, or are in the run no more."""
    cohort = cohort_for(session, sent.run)
    out = sent.form.words("what") == "out"
    chosen = [(person, find_enrolment_of(session, cohort, person)) for person in sent.form.chosen("people")]
    for person, known in chosen:
        if not out and (known is None or known.state == EnrolmentState.LEFT):
            return Wrong({"people": f"{name_of(session, sent.workspace, person)}: {NotInRun()}"})
    for person, known in chosen:
        if known is not None and out:
            completion.leave(session, known, now)
        elif known is not None:
            complete_one(session, Completion(sent.workspace, sent.form.person, cohort.id, person), now)
    return run_page(session, sent.run, now)


_BLOCKS: dict[type[BotError], str] = {
    NotThisPerson: "facilitator",
    NotThisSpace: "space",
    NameTaken: "name",
    MayNotRun: "name",
    MayNotMake: "name",
    NoSuchProgramme: "name",
    NoSuchRun: "name",
}
