"""Who may do what about a talk: every button and form, for everybody who might press it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BotError
from bot.interactions import Press
from bot.rules import journal, talk_brief, talk_dates, talk_offers
from bot.rules.managers import set_manager
from bot.rules.talk_dates import NotYourTalk
from storage.journal import Way
from storage.managers import Source
from storage.people import Person, Role
from storage.plans import HelpState, Plan
from storage.session import Session
from storage.talks import Talk, TalkState
from storage.workspaces import Workspace
from tests.rules.nouns import NOW, T, form
from tests.rules.test_talks import DAY_21, ENDED, FIRST, SECOND, agreed, offers, press
from tests.rules.test_talks import world as world  # noqa: PLC0414  the fixture of its neighbour

AFTER = FIRST + timedelta(hours=1)
LEARNER, MANAGER, NEW_MANAGER, BUDDY, STRANGER, ADMIN, ELSEWHERE, NAMESAKE = (
    "UASHA",
    "UMARA",
    "UNEW",
    "UBUDDY",
    "UTOM",
    "UADMIN",
    "UELSE",
    "UASHA@T2",
)
EVERYBODY = (LEARNER, MANAGER, NEW_MANAGER, BUDDY, STRANGER, ADMIN, ELSEWHERE, NAMESAKE)
Act = Callable[[Session, Talk, str], Any]


def pressed(talk: Talk, who: str, value: str | None = None) -> Press:
    """A press by this person, in whose workspace they are."""
    person, _, workspace = who.partition("@")
    there = workspace or ("T2" if who == ELSEWHERE else T)
    return replace(press(person, value or str(talk.id)), workspace=there)


def sent(name: str, talk: Talk, who: str, values: dict[str, Any]) -> Any:
    """A form of this person."""
    there = pressed(talk, who)
    return replace(
        form(name, there.person, values, f"V-{name}-{who}", talk=talk.id), workspace=there.workspace
    )


def times(time: Any) -> dict[str, str]:
    """One time in the form."""
    return {"time_0": str(int(time.timestamp()))}


BOTH = {LEARNER, MANAGER}
# what · where the talk stands · who may
TABLE: list[tuple[str, TalkState, set[str], Act]] = [
    ("open times", TalkState.OFFERED, BOTH, lambda s, t, p: talk_offers.open_form(s, pressed(t, p), DAY_21)),
    ("offer times", TalkState.OFFERED, BOTH,
     lambda s, t, p: talk_offers.offer(s, sent("talk_times", t, p, times(SECOND)), DAY_21)),
    ("take a time", TalkState.OFFERED, {MANAGER},
     lambda s, t, p: talk_dates.take(s, pressed(t, p, f"{t.id}:{int(SECOND.timestamp())}"), DAY_21)),
    ("let it be", TalkState.OFFERED, BOTH, lambda s, t, p: talk_dates.let_be(s, pressed(t, p), DAY_21)),
    ("choose entries", TalkState.AGREED, {LEARNER},
     lambda s, t, p: talk_brief.open_choice(s, pressed(t, p), DAY_21)),
    ("bring entries", TalkState.AGREED, {LEARNER},
     lambda s, t, p: talk_brief.choose(s, sent("talk_entries", t, p, {"entries": ()}), DAY_21)),
    ("open the page", TalkState.AGREED, BOTH, lambda s, t, p: talk_brief.open_brief(s, pressed(t, p), DAY_21)),
    ("it happened", TalkState.AGREED, BOTH, lambda s, t, p: talk_dates.happened(s, pressed(t, p), AFTER)),
    ("open the page after it", TalkState.HELD, BOTH,
     lambda s, t, p: talk_brief.open_brief(s, pressed(t, p), AFTER)),
    ("write words", TalkState.HELD, {MANAGER}, lambda s, t, p: talk_brief.open_feedback(s, pressed(t, p), AFTER)),
    ("send words", TalkState.HELD, {MANAGER},
     lambda s, t, p: talk_brief.give_feedback(s, sent("talk_feedback", t, p, {"words": "Well done."}), AFTER)),
    ("read words", TalkState.HELD, BOTH, lambda s, t, p: talk_brief.read_feedback(s, pressed(t, p), AFTER)),
    ("take out entries after it", TalkState.HELD, {LEARNER},
     lambda s, t, p: talk_brief.choose(s, sent("talk_entries", t, p, {"entries": ()}), AFTER)),
]  # fmt: skip


def stands(world: Session, state: TalkState) -> Talk:
    """A talk in this state with an entry, a buddy, and a manager who has another one above the learner by now."""
    for person in (NEW_MANAGER, BUDDY, ADMIN):
        world.add(Person(workspace=T, id=person, name=person.title(), welcome_because="was enrolled"))
    world.add(Workspace(id="T2", url="https://other.slack.com/", bot_user="UAPP2"))
    world.flush()
    world.add_all(Person(workspace="T2", id=person, name="Else") for person in (ELSEWHERE, LEARNER))
    world.add(Role(workspace=T, person=ADMIN, role="admin", given_at=NOW))
    talk = agreed(world)
    world.add(
        Plan(
            workspace=T, enrolment=talk.enrolment, person=LEARNER, state="active", buddy=BUDDY,
            buddy_state=HelpState.ACCEPTED.value, made_at=NOW, ends_on=ENDED + timedelta(weeks=12),
        )
    )  # fmt: skip
    entry = journal.record_answer(world, T, LEARNER, None, "It stuck.", Way.FORM, NOW)
    talk_brief.choose(
        world, form("talk_entries", LEARNER, {"entries": (str(entry.id),)}, "VE", talk=talk.id), NOW
    )
    if state == TalkState.OFFERED:
        offers(world, talk, LEARNER, SECOND, view="VO")
    if state == TalkState.HELD:
        talk_dates.happened(world, press(MANAGER, str(talk.id)), AFTER)
        given = form("talk_feedback", MANAGER, {"words": "Keep asking."}, "VW", talk=talk.id)
        talk_brief.give_feedback(world, given, AFTER)
    set_manager(world, T, LEARNER, NEW_MANAGER, Source.ROSTER, None, DAY_21)
    world.flush()
    return talk


@pytest.mark.parametrize(("what", "state", "allowed", "act"), TABLE, ids=[row[0] for row in TABLE])
def test_every_way_in_is_open_to_exactly_those_it_is_for(
    world: Session, what: str, state: TalkState, allowed: set[str], act: Act
) -> None:
    """Neither today's manager nor buddy, stranger, admin or somebody of another workspace gets in by a number.

    Mara managed Asha when the talk was agreed and does no longer; the talk is hers all the same.
    """
    talk = stands(world, state)
    before = _facts(talk)
    for who in (person for person in EVERYBODY if person not in allowed):
        with pytest.raises(BotError) as refused:
            act(world, talk, who)
        if who not in BOTH:
            assert refused.type is NotYourTalk, (what, who)
        world.flush()
        assert _facts(talk) == before, (what, who)
    for who in sorted(allowed):
        with world.begin_nested() as attempt:
            act(world, talk, who)
            attempt.rollback()


def _facts(talk: Talk) -> tuple[Any, ...]:
    return (
        talk.state,
        talk.manager,
        talk.starts_at,
        talk.sequence,
        talk.offered_at,
        talk.learner_said,
        talk.manager_said,
        talk.sealed_feedback,
    )


def test_a_former_manager_reads_what_was_brought_but_the_plan_no_more(world: Session) -> None:
    """Entries were brought to that very person; the plan is for whoever is manager now."""
    talk = stands(world, TalkState.AGREED)
    page = str(talk_brief.open_brief(world, press(MANAGER, str(talk.id)), DAY_21).view())
    assert "It stuck." in page
    assert "is for Asha's buddy and manager" in page


def test_somebody_else_in_the_managers_place_reads_nothing_that_was_brought_before(world: Session) -> None:
    """What Asha chose was chosen for Mara; with Tom she chooses anew."""
    talk = stands(world, TalkState.AGREED)
    evening = SECOND + timedelta(hours=5)
    offers(world, talk, LEARNER, evening, view="V7", partner=STRANGER)
    talk_dates.take(world, press(STRANGER, f"{talk.id}:{int(evening.timestamp())}"), DAY_21)
    page = str(talk_brief.open_brief(world, press(STRANGER, str(talk.id)), DAY_21).view())
    assert "It stuck." not in page
    with pytest.raises(NotYourTalk):
        talk_brief.open_brief(world, press(MANAGER, str(talk.id)), DAY_21)


def test_what_was_brought_can_be_taken_out_after_the_talk(world: Session) -> None:
    """It is gone from the page at once."""
    talk = stands(world, TalkState.HELD)
    mara = press(MANAGER, str(talk.id))
    assert "It stuck." in str(talk_brief.open_brief(world, mara, AFTER).view())
    talk_brief.choose(world, form("talk_entries", LEARNER, {"entries": ()}, "VX", talk=talk.id), AFTER)
    assert "It stuck." not in str(talk_brief.open_brief(world, mara, AFTER).view())
