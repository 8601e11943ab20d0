"""Enrolling: by name, channel, user group, list or command, one rule for all; who cannot be is told why."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.blocks.kit import Modal
from bot.ids import ModalId
from bot.roster_files import BadRoster, read_roster
from bot.rules import programmes_commands
from bot.rules.enrolling import Refused
from bot.rules.managers import manager_of
from bot.rules.programmes import MayNotRun, NoSuchRun
from bot.rules.programmes_commands import Finished, ToEnrol
from bot.rules.programmes_sent import Wrong
from bot.rules.rosters import Roster, TakenIn, take_in
from bot.rules.runs import RunEnded
from bot.rules.runs_ending import Completion, StillToCome, complete_one
from storage.people import Person
from storage.programmes import Cohort, EnrolmentState
from storage.programmes_finding import find_cohorts, find_enrolments
from storage.session import Database, Session
from storage.spaces import Membership, Space
from tests.rules.nouns import C, T, letters
from tests.rules.running import MONDAY, enrolment, enrols, later, makes, manages, open_school, runs, sends

FORM: dict[str, Any] = {"people": (), "channel": None, "group": None, "pasted": "", "file": ()}


@pytest.fixture
def school(database: Database) -> Iterator[Session]:
    """A workplace with an admin, a facilitator and learners."""
    yield from open_school(database)


def people(session: Session, cohort: Cohort) -> list[str]:
    """Who is in the run."""
    session.flush()
    return sorted(one.person for one in find_enrolments(session, cohort) if one.state != EnrolmentState.LEFT)


def taken(session: Session, text: str, cohort: Cohort | None = None, **more: Any) -> TakenIn:
    """A roster from the command line, unless it says who gives it."""
    given = {"by": None, "cohort": cohort.id if cohort else None, **more}
    return take_in(session, Roster(T, lines=tuple(read_roster(text.encode())), **given), MONDAY)


def test_whoever_is_enrolled_is_told_by_whom_and_how_to_leave(school: Session) -> None:
    """At once, once, with what comes; a second time changes nothing."""
    cohort = runs(school, "UASHA")
    (letter,) = letters(school, to="UASHA")
    for words in ("Fay enrolled you in *New manager*", "15 March", "16 April", "Leave it", "Stop these"):
        assert words in str(letter.payload)
    assert enrols(school, cohort, "UASHA", "UMARA").already == ("UASHA",)
    assert len(letters(school, to="UASHA")) == 1


def test_who_cannot_be_enrolled_is_named_with_the_reason(school: Session) -> None:
    """An app, somebody who left, was left out, or belongs elsewhere; the others are in."""
    for person, fact in (
        ("UBOT", "is_bot"),
        ("UGONE", "is_deactivated"),
        ("UOUT", "left_out"),
        ("UEXT", "is_external"),
    ):
        school.add(Person(workspace=T, id=person, name=person[1:].title(), **{fact: True}))
    cohort = runs(school)
    done = enrols(school, cohort, "UBOT", "UGONE", "UOUT", "UEXT", "UNKNOWN", "UASHA")
    assert done.enrolled == ("UASHA",)
    assert done.refused[0] == Refused("UBOT", "Bot is an app.")
    assert [one.person for one in done.refused] == ["UBOT", "UGONE", "UOUT", "UEXT", "UNKNOWN"]
    assert people(school, cohort) == ["UASHA"]
    assert not letters(school, to="UEXT")


def test_only_whoever_runs_it_enrols(school: Session) -> None:
    """Its facilitator and admins; a learner cannot enrol anybody, not even themselves."""
    cohort = runs(school)
    with pytest.raises(MayNotRun):
        enrols(school, cohort, "UASHA", by="UASHA")
    assert enrols(school, cohort, "UASHA", by="UADA").enrolled == ("UASHA",)


def test_nobody_is_enrolled_in_what_is_over(school: Session) -> None:
    """A run that ended takes nobody in."""
    cohort = runs(school)
    cohort.state = "ended"
    with pytest.raises(RunEnded):
        enrols(school, cohort, "UASHA")


def test_who_left_may_come_back(school: Session) -> None:
    """Enrolled again by a person, they are told again."""
    cohort = runs(school, "UASHA")
    enrolment(school, cohort).state = "left"
    school.flush()
    assert enrols(school, cohort, "UASHA").enrolled == ("UASHA",)
    assert enrolment(school, cohort).state == EnrolmentState.ENROLLED


def test_people_channel_group_and_list_go_together(school: Session) -> None:
    """One form, all ways; the page says who is in and who was."""
    school.add(Membership(workspace=T, channel=C, person="UAPP"))
    school.add(Person(workspace=T, id="UAPP", name="commonplace", is_bot=True))
    cohort = runs(school, "UTOM")
    values = {**FORM, "people": ("UBOSS",), "channel": C, "pasted": "@Fay\n"}
    sent = {"group": ("UADA",), "lines": tuple(read_roster(b"@Fay\n"))}
    page = sends(school, ModalId.ENROL, values, sent=sent, run=cohort.id)
    assert isinstance(page, Modal)
    assert "Enrolled: 5." in str(page.blocks)
    assert "Already there: Tom." in str(page.blocks)
    assert people(school, cohort) == ["UADA", "UASHA", "UBOSS", "UFAY", "UMARA", "UTOM"]


def test_a_mistake_in_the_list_enrols_nobody(school: Session) -> None:
    """Not the people chosen beside it either; the form stays open with the line that is wrong."""
    cohort = runs(school)
    values = {**FORM, "people": ("UASHA",), "pasted": "@Mara\n@Nobody\n"}
    sent = {"lines": tuple(read_roster(b"@Mara\n@Nobody\n"))}
    done = sends(school, ModalId.ENROL, values, sent=sent, run=cohort.id)
    assert isinstance(done, Wrong)
    assert done.by_block == {
        "pasted": "line 2: nobody here is called @Nobody. Write the name as Slack shows it, or the Slack id."
    }
    assert people(school, cohort) == []
    assert not letters(school, to="UMARA")


def test_a_form_with_nobody_says_so(school: Session) -> None:
    """One sentence."""
    done = sends(school, ModalId.ENROL, FORM, run=runs(school).id)
    assert done == Wrong({"people": "Choose people, a channel or a user group, or give a list."})


def test_a_channel_without_the_app_or_closed_to_the_asker_tells_nothing(school: Session) -> None:
    """Who is in a private channel is for its members; the sentence is the same for both."""
    school.add(Space(workspace=T, id="CFAR", name="far", app_is_in=False))
    school.add(Membership(workspace=T, channel="CPRIV", person="UASHA"))
    cohort = runs(school)
    for channel in ("CFAR", "CPRIV", "CNONE"):
        done = sends(school, ModalId.ENROL, {**FORM, "channel": channel}, run=cohort.id)
        assert isinstance(done, Wrong)
        assert "I am not in this channel" in done.by_block["channel"]
    assert people(school, cohort) == []


def test_a_command_enrols_by_mention_and_channel(school: Session) -> None:
    """`/learn programme enrol @asha #kitchen`, with the run's name where there are several."""
    cohort = runs(school)
    said = programmes_commands.record_enrolled(school, ToEnrol(T, "UFAY", ("UBOSS",), (C,)), MONDAY)
    assert "*Spring*: Enrolled: Bea, Asha, Mara, Tom." in said.text
    assert people(school, cohort) == ["UASHA", "UBOSS", "UMARA", "UTOM"]
    runs(school, name="Autumn")
    with pytest.raises(NoSuchRun, match="You look after several runs"):
        programmes_commands.record_enrolled(school, ToEnrol(T, "UFAY", ("UADA",)), MONDAY)
    with pytest.raises(NoSuchRun, match="no run called “Winter”"):
        programmes_commands.record_enrolled(school, ToEnrol(T, "UFAY", ("UADA",), run="Winter"), MONDAY)
    programmes_commands.record_enrolled(
        school, ToEnrol(T, "UFAY", ("UADA",), run="new manager autumn"), MONDAY
    )
    assert "UADA" not in people(school, cohort)
    with pytest.raises(NoSuchRun, match="You look after no run"):
        programmes_commands.record_enrolled(school, ToEnrol(T, "UASHA", ("UADA",)), MONDAY)


def test_a_command_says_who_has_finished(school: Session) -> None:
    """By mention or name; said twice it is known already, and only by whoever runs it."""
    cohort = runs(school, "UASHA", "UMARA")
    said = programmes_commands.record_finished(school, Finished(T, "UFAY", ("UASHA",), "", ""), later(20))
    assert said.text == "Asha: finished. They are asked for a plan at their next hour."
    said = programmes_commands.record_finished(school, Finished(T, "UFAY", (), "", "@Mara"), later(20))
    assert "Mara: finished." in said.text
    said = programmes_commands.record_finished(school, Finished(T, "UFAY", ("UASHA",), "", ""), later(21))
    assert said.text == "Asha: that was known already."
    assert enrolment(school, cohort).completed_on == date(2027, 3, 21)
    with pytest.raises(NoSuchRun, match="Tom is on the way in no run that you look after"):
        programmes_commands.record_finished(school, Finished(T, "UFAY", ("UTOM",), "", ""), later(20))
    with pytest.raises(NoSuchRun):
        programmes_commands.record_finished(school, Finished(T, "UASHA", ("UMARA",), "", ""), later(20))


def test_a_roster_enrols_and_says_who_manages_whom(school: Session) -> None:
    """Ids, mentions and names; taken in twice it changes nothing more."""
    cohort = runs(school)
    text = "person;manager\nUASHA;@Bea\n<@UMARA>;UBOSS\nTom;\n"
    assert taken(school, text, cohort) == TakenIn(3, enrolled=3, managers=2)
    assert manager_of(school, T, "UASHA") == manager_of(school, T, "UMARA") == "UBOSS"
    assert taken(school, text, cohort) == TakenIn(3, already=3, managers=2)


def test_a_roster_opens_runs_that_it_gives_dates_for(school: Session) -> None:
    """With programme, cohort and both days; without, the line is refused."""
    makes(school)
    head = "person,programme,cohort,starts_on,ends_on\n"
    taken(
        school,
        f"{head}UASHA,new-manager,May,2027-05-03,2027-06-04\nUMARA,new-manager,May,2027-05-03,2027-06-04\n",
    )
    (cohort,) = find_cohorts(school, T)
    assert people(school, cohort) == ["UASHA", "UMARA"]
    with pytest.raises(BadRoster, match="line 2: new-manager has no run “June”"):
        taken(school, "person,programme,cohort\nUASHA,new-manager,June\n")


BAD = {
    "unknown name": ("person\nUASHA\nNobody\n", "line 3: nobody here is called Nobody."),
    "unknown id": ("person\nUNOBODY\n", "line 2: nobody here has the id UNOBODY."),
    "unknown address": ("person\nx@acme.example\n", "line 2: I cannot tell who x@acme.example is"),
    "same person": ("person\nUASHA\n@Asha\n", "line 3: @Asha is the same person as in line 2."),
    "unknown programme": ("person,programme\nUASHA,baking\n", "line 2: there is no programme “baking”."),
    "own manager": ("person,manager\nUASHA,UASHA\n", "line 2: "),
    "unknown manager": ("person,manager\nUASHA,Nobody\n", "line 2: nobody here is called Nobody."),
    "past": (
        "person,programme,cohort,starts_on,ends_on\nUASHA,new-manager,Old,2026-01-01,2026-02-01\n",
        "line 2: This last day is over already.",
    ),
    "still to come": ("person,completed_on\nUASHA,2027-04-01\n", "line 2: This day is still to come"),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=list(BAD))
def test_a_wrong_line_takes_in_nothing(school: Session, text: str, words: str) -> None:
    """Each has its sentence with its line; the good lines wait until all are."""
    cohort = runs(school)
    head, rest = text.split("\n", 1)
    good = "UMARA" + "," * head.count(",")
    with pytest.raises(BadRoster) as caught:
        taken(school, f"{head}\n{rest}{good}\n", cohort)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert people(school, cohort) == []
    assert [one.name for one in find_cohorts(school, T)] == ["Spring"]
    assert manager_of(school, T, "UASHA") is None


def test_several_of_a_name_are_asked_apart(school: Session) -> None:
    """Nobody is enrolled by guessing."""
    school.add(Person(workspace=T, id="UASHA2", name="asha"))
    cohort = runs(school)
    with pytest.raises(BadRoster, match="several people here are called Asha"):
        taken(school, "person\nAsha\n", cohort)


def test_who_manages_whom_is_told_by_admins(school: Session) -> None:
    """A facilitator's list cannot make anybody a manager."""
    cohort = runs(school)
    with pytest.raises(BadRoster, match="told by admins"):
        taken(school, "person,manager\nUASHA,UFAY\n", cohort, by="UFAY")
    assert manager_of(school, T, "UASHA") is None
    assert taken(school, "person,manager\nUASHA,UBOSS\n", cohort, by="UADA").managers == 1


def test_a_roster_says_who_has_finished(school: Session) -> None:
    """On the day it says, else today; all lines or none."""
    cohort = runs(school, "UASHA", "UMARA")
    with pytest.raises(BadRoster, match="line 3: UTOM is not in this run"):
        taken(school, "person\nUASHA\nUTOM\n", cohort, completes=True)
    assert enrolment(school, cohort).state == EnrolmentState.ENROLLED
    text = "person,completed_on\nUASHA,2027-02-26\nUMARA,\n"
    assert taken(school, text, cohort, completes=True) == TakenIn(2, completed=2)
    assert enrolment(school, cohort).completed_on == date(2027, 2, 26)
    assert enrolment(school, cohort, "UMARA").completed_on == date(2027, 3, 1)
    assert taken(school, text, cohort, completes=True) == TakenIn(2, already=2)


def test_a_day_in_a_list_to_enrol_counts_too(school: Session) -> None:
    """Whoever has finished already is enrolled and has."""
    cohort = runs(school)
    assert taken(school, "person,completed_on\nUASHA,2027-02-26\n", cohort) == TakenIn(
        1, enrolled=1, completed=1
    )
    assert enrolment(school, cohort).state == EnrolmentState.COMPLETED


def test_nobody_has_finished_next_week(school: Session) -> None:
    """A day ahead is somebody else's today; two days ahead are a slip."""
    cohort = runs(school, "UASHA")
    with pytest.raises(StillToCome):
        complete_one(school, Completion(T, None, cohort.id, "UASHA", date(2027, 3, 3)), MONDAY)
    assert complete_one(school, Completion(T, None, cohort.id, "UASHA", date(2027, 3, 2)), MONDAY)
    assert enrolment(school, cohort).completed_on == date(2027, 3, 1)


def test_people_have_finished_or_are_out_by_form(school: Session) -> None:
    """Several at once; one who is not in the run is named, and nothing happens."""
    manages(school)
    cohort = runs(school, "UASHA", "UMARA")
    values = {"people": ("UASHA", "UTOM"), "what": "finished"}
    done = sends(school, ModalId.RUN_PEOPLE, values, run=cohort.id)
    assert isinstance(done, Wrong)
    assert done.by_block["people"].startswith("Tom: This person is not in the run.")
    sends(school, ModalId.RUN_PEOPLE, {"people": ("UASHA",), "what": "finished"}, run=cohort.id)
    sends(school, ModalId.RUN_PEOPLE, {"people": ("UMARA",), "what": "out"}, run=cohort.id)
    assert enrolment(school, cohort).state == EnrolmentState.COMPLETED
    assert enrolment(school, cohort, "UMARA").state == EnrolmentState.LEFT


def test_a_day_of_long_ago_is_surely_a_slip(school: Session) -> None:
    """2016 for 2026 would make a whole year of questions pass unasked, so the day is refused with its line."""
    cohort = runs(school)
    with pytest.raises(BadRoster) as refused:
        taken(school, "person,completed_on\nUASHA,2016-02-26\n", cohort)
    assert "line 2: This day is more than a year ago" in str(refused.value)
