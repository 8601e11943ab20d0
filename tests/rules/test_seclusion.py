"""What is for some people only stays so: private spaces, words taken back, goals of who left, cohorts of then."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.blocks.library import Found
from bot.ids import ModalId
from bot.incoming import MessageFact
from bot.incoming_world import parse_membership
from bot.interactions import Submission
from bot.rules import (
    contributions,
    goals,
    journal,
    journal_reading,
    journal_sharing,
    journal_sight,
    leaving,
    library,
    messages,
    places,
    programmes_forms,
    sharing,
    spaces,
)
from bot.rules.enrolling import Enrolling, enrol
from bot.rules.library import Query
from bot.rules.programmes_sent import Sent, Wrong
from bot.rules.role_changes import CannotAsk, RoleChange, give
from bot.rules.roles import Duty, RoleKey
from storage.contributions import Contribution
from storage.journal import Way
from storage.outbox import OutboxRow
from storage.people import Person, get_person
from storage.programmes import Programme
from storage.session import Database
from storage.spaces import Membership, Space
from tests.rules.nouns import NOW, TS, TS2, C, T, arrives, letters, marked, said
from tests.rules.running import FIRST, LAST, MONDAY, enrolment, makes, open_school, runs
from tests.rules.world import event

WORD = "zanzibar"


@pytest.fixture
def school(database: Database) -> Iterator[Session]:
    """A workspace with programmes, in which Slack told us who and what everybody and everything is."""
    for session in open_school(database):
        for person in session.scalars(select(Person)):
            person.known_at = NOW
        for space in session.scalars(select(Space)):
            space.known_at = NOW
        session.flush()
        yield session


def _found(session: Session, person: str) -> int:
    found = library.find(session, Query(T, person, WORD), NOW)
    assert isinstance(found, Found)
    return found.total


def test_a_public_space_made_private_is_private_from_the_next_word_on(school: Session) -> None:
    """What was said before, too, is found by its members only."""
    said(school, "UASHA", f"#solution {WORD} before", TS)
    assert _found(school, "UBOSS") == 1
    after = MessageFact(T, C, TS2, author="UASHA", text=f"#solution {WORD} after", private=True)
    messages.record(school, [after], NOW)
    school.expire_all()
    assert school.get_one(Space, (T, C)).is_private
    assert _found(school, "UBOSS") == 0


def test_a_private_space_is_private_from_the_moment_the_app_is_invited(school: Session) -> None:
    """Slack says so with the very event, before anything is read."""
    body = event(
        "member_joined_channel",
        user="UAPP",
        channel="G77",
        channel_type="G",
        inviter="UASHA",
        event_ts=TS,
        team=T,
    )
    spaces.record_membership(school, parse_membership(body), NOW)
    assert school.get_one(Space, (T, "G77")).is_private
    assert places.find_place(school, T, "G77", "UTOM") is None


def test_subjects_of_private_spaces_are_offered_to_their_members_only(school: Session) -> None:
    """The list of subjects in a form tells nothing that its reader could not find."""
    school.add(Membership(workspace=T, channel="CPRIV", person="UBOSS"))
    values = {"kind": "insight", "title": "x", "text": "y", "space": "CPRIV", "subjects": WORD}
    sharing.share(school, Submission(T, "UBOSS", "share", "V9", values, {}), NOW)
    school.flush()
    assert WORD in json.dumps(sharing.open_form(school, T, "UBOSS", C).view())
    assert WORD not in json.dumps(sharing.open_form(school, T, "UTOM", C).view())


def test_nobody_has_the_app_write_in_a_private_space_that_they_cannot_open(school: Session) -> None:
    """A forged form for a run is refused."""
    values = {"name": "Spring", "starts_on": f"{FIRST}", "ends_on": f"{LAST}", "space": "CPRIV"}
    forged = Submission(T, "UFAY", ModalId.RUN_FORM, "V5", values, {"programme": makes(school)})
    wrong = programmes_forms.record(school, Sent(T, forged), MONDAY)
    assert isinstance(wrong, Wrong)
    assert "open yourself" in str(wrong)


def test_words_given_by_form_go_when_their_post_is_deleted(school: Session) -> None:
    """The contribution says only that there was one, and so does the letter that posted it."""
    values = {
        "kind": "insight",
        "title": f"{WORD} title",
        "text": f"{WORD} text",
        "space": C,
        "subjects": WORD,
    }
    sharing.share(school, Submission(T, "UASHA", "share", "V9", values, {}), NOW)
    (post,) = [row for row in letters(school) if WORD in str(row.payload)]
    contributions.settle_sent(school, arrives(school, post, TS, C), NOW)
    messages.record(school, [MessageFact(T, C, TS, author="UAPP", text="", by_bot=True, deleted=True)], NOW)
    school.expire_all()
    given = school.scalars(select(Contribution)).one()
    assert (given.title, given.text, given.challenge) == ("", "", "")
    assert WORD not in str(list(school.scalars(select(OutboxRow.payload))))
    assert _found(school, "UASHA") == 0


def test_a_goal_is_forgotten_with_its_person_and_not_named_anew(school: Session) -> None:
    """Neither in the card to the manager, nor by an old form afterwards."""
    run = runs(school, "UASHA", "UMARA")
    named = goals.Goal(T, "UASHA", enrolment(school, run, "UASHA").id, f"say {WORD}")
    goals.name(school, named, MONDAY)
    leaving.leave_out(school, leaving.Wish(T, "UASHA"), MONDAY)
    school.expire_all()
    assert WORD not in str(list(school.scalars(select(OutboxRow.payload))))
    with pytest.raises(goals.NotInProgramme):
        goals.name(school, named, MONDAY)


def test_who_is_enrolled_later_does_not_read_what_was_shared_with_the_cohort(school: Session) -> None:
    """The writer had those in mind who were there."""
    run = runs(school, "UASHA", "UMARA")
    entry = journal.record_answer(school, T, "UASHA", None, WORD, Way.FORM, MONDAY, form="V1")
    keys = {one.audience: one.key for one in journal_sight.choices_for(school, entry)}
    journal_sharing.share(school, journal_sharing.Sharing(T, "UASHA", entry.id, (keys["cohort"],)), MONDAY)
    later = MONDAY + timedelta(days=1)
    enrol(school, Enrolling(T, "UFAY", run.id, ("UFAY",)), later)
    assert journal_sight.may_read(school, entry, "UMARA")
    assert journal_reading.look(school, journal.Act(T, "UFAY", entry.id), later) is None


def test_nobody_makes_themselves_the_sponsor_of_a_programme(school: Session) -> None:
    """Sponsors read the results of every run, so an admin names another one."""
    made = makes(school)
    values = {"title": "Mine now", "key": school.get_one(Programme, made).key, "sponsor": "UFAY"}
    forged = Submission(T, "UFAY", ModalId.PROGRAMME_BASICS, "V6", values, {"programme": made})
    wrong = programmes_forms.record(school, Sent(T, forged), MONDAY)
    assert isinstance(wrong, Wrong)
    assert school.get_one(Programme, made).sponsor != "UFAY"


def test_people_of_other_organisations_get_no_role(school: Session) -> None:
    """Whatever they are where they come from."""
    get_person(school, T, "UTOM").is_external = True
    with pytest.raises(CannotAsk):
        give(school, RoleChange(T, "UADA", RoleKey("UTOM", Duty.ADMIN)), NOW)


@pytest.mark.parametrize("now_says", ["", "my wisdom"], ids=["deleted", "edited"])
def test_earlier_words_of_a_nominated_message_stay_in_no_letter(school: Session, now_says: str) -> None:
    """The card that quoted them was sent; once it shows something else, no row of the outbox holds the old words."""
    for person in school.scalars(select(Person)):
        person.welcome_because = "used a command"
    said(school, "UTOM", f"my {WORD} wisdom")
    marked(school, "UMARA", "bulb")
    (card,) = letters(school, to="UTOM")
    arrives(school, card, TS2)
    version = {"version": "1900000000.000100"} if now_says else {"deleted": True}
    said(school, "UTOM", now_says, **version)
    assert not [row.id for row in school.scalars(select(OutboxRow)) if WORD in json.dumps(row.payload)]
