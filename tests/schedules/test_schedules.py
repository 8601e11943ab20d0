"""Whatever happens by itself: done when it is due and not before, once, in its own workspace, also after a crash."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.incoming import DirectMessage
from bot.rules import budget, circle_words, direct, journal_reflection, replanning, sharing
from bot.rules.attention import Started
from bot.rules.budget import Urgency, Wish
from bot.rules.journal_reflection import Switch
from bot.slack_ts import ts_of
from schedules import SCHEDULES, Schedule
from storage.base import Base
from storage.inbox import KEEP_SEEN, heard_before
from storage.outbox import OutboxRow, enqueue, post_to_person, post_to_space
from storage.outbox_forgetting import KEEP_LETTERS
from storage.people import Person
from storage.session import Database, Session
from storage.workspaces import Workspace
from tests.rules import planning, running, test_circles, test_talks
from tests.rules.learning import finished
from tests.rules.nouns import NOW, TS, C, T, form, marked, said
from tests.rules.running import open_school

OTHER = "T2"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that will be due: how it comes about, and when, where the schedule itself does not say."""

    begin: Callable[[Session], object]
    due: datetime | None = None
    says: str = ""  # what somebody reads in the end


def _nominated(session: Session) -> None:
    said(session, "UASHA", "Rest the dough overnight")
    marked(session, "UMARA", "bulb")


def _clip_offered(session: Session) -> None:
    given = {"kind": "demo", "title": "Fold it", "space": C, "text": "", "clip": ("own",)}
    assert not isinstance(sharing.share(session, form("share", "UASHA", given), NOW), sharing.Wrong)


def _finished(session: Session) -> None:
    finished(session, "UASHA", date(2027, 3, 5))


def _reflecting(session: Session) -> None:
    journal_reflection.switch(session, Switch(T, "UASHA", "key", on=True), NOW)
    journal_reflection.replan(session, T, "UASHA", NOW)


def _undecided(session: Session) -> None:
    direct.hear(session, DirectMessage(T, "D1", TS, "UASHA", None, "Something I noticed today"), NOW)


def _enrolled(session: Session) -> None:
    running.runs(session, "UASHA")


def _with_a_space(session: Session) -> None:
    running.runs(session, "UASHA", space=C)


def _planned(session: Session) -> None:
    planning.invited(session)


def _with_items(session: Session) -> None:
    planning.made(session)


def _all_again(session: Session) -> None:
    _finished(session)
    replanning.plan_everybody_again(session, T)


def _held_back(session: Session) -> None:
    for number in range(2):
        letter = post_to_person(T, "UTOM", {"text": f"letter {number}", "blocks": []})
        budget.wish(session, Wish(T, "UTOM", Started.PLAN, f"m{number}", "a line", letter), NOW)


def _noted(session: Session) -> None:
    wanted = Wish(T, "UTOM", Started.PLAN, "m", "a line for the morning", None, urgency=Urgency.NOTE)
    budget.wish(session, wanted, NOW)


def _talk_planned(session: Session) -> None:
    test_talks.finished(session)


def _circle_wished(session: Session) -> None:
    for enrolment in test_circles.enrolled(session, "UASHA", "UMARA", "UTOM"):
        circle_words.join(session, test_circles.press(enrolment.person, enrolment.id), test_circles.MONDAY)


def _heard(session: Session) -> None:
    heard_before(session, T, "command:1", NOW)


def _said_long_ago(session: Session) -> None:
    for number in range(2):  # the newest of a conversation stays
        letter = enqueue(session, post_to_space(T, C, {"text": "hi"}), NOW)
        row = session.get_one(OutboxRow, letter)
        row.state, row.channel, row.sent_at = "sent", C, NOW
        row.ts = ts_of(NOW + timedelta(seconds=number))


SCENES = {
    "nominations lapse": Scene(_nominated, says="A week has passed"),
    "clip offers lapse": Scene(_clip_offered, says="has not come within 30 minutes"),
    "check-ins": Scene(_finished, says="What about your dough on day 2?"),
    "weekly reflections": Scene(_reflecting, says="?"),
    "undecided words are forgotten": Scene(_undecided),
    "programmes": Scene(_enrolled, says="goal"),
    "weeks of programmes": Scene(_with_a_space, says="eek 1"),
    "plans": Scene(_planned, says="plan"),
    "items of plans": Scene(_with_items),
    "everybody planned again": Scene(_all_again),
    "what was held back": Scene(_held_back, says="letter 1"),
    "morning notes": Scene(_noted, says="a line for the morning"),
    "talks": Scene(_talk_planned, says="talk"),
    "circles": Scene(_circle_wished),
    "the inbox forgets": Scene(_heard, NOW + KEEP_SEEN + SECOND),
    "the outbox forgets": Scene(_said_long_ago, NOW + KEEP_LETTERS + SECOND),
}


@pytest.fixture(params=SCHEDULES, ids=lambda schedule: schedule.name)
def schedule(request: pytest.FixtureRequest) -> Schedule:
    """Each of what happens by itself."""
    found: Schedule = request.param
    return found


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workplace where everybody may be written to, and another one."""
    for session in open_school(database):
        for person in session.scalars(select(Person)):
            person.welcome_because = "was enrolled"
        session.add(Workspace(id=OTHER))
        session.flush()
        yield session


def everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table."""
    session.flush()
    return {
        table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
        for table in Base.metadata.sorted_tables
    }


def outline(session: Session) -> tuple[dict[str, int], list[str]]:
    """How many rows there are, and what is said: all that two runs of the same thing have in common."""
    counts = {name: len(rows) for name, rows in everything(session).items()}
    return counts, sorted(str(row.payload.get("text")) for row in session.scalars(select(OutboxRow)))


def ticks(session: Session, schedule: Schedule, now: datetime, workspace: str = T) -> None:
    """The tick, as often as there is more."""
    for _ in range(50):
        more = schedule.run_due(session, workspace, now)
        session.flush()
        if not more:
            return
    raise AssertionError("It never ends.")


def begun(session: Session, schedule: Schedule) -> datetime:
    """The schedule's scene has begun; returns when it is due."""
    scene = SCENES[schedule.name]
    scene.begin(session)
    session.flush()
    due = scene.due or schedule.next_due(session, T)
    assert due is not None, "Nothing is due in this scene."
    return max(due, NOW)


def test_every_schedule_has_its_scene() -> None:
    """Whoever adds a schedule adds a scene here, and has all these promises tested."""
    assert [schedule.name for schedule in SCHEDULES] == list(SCENES)


def test_nothing_due_does_nothing(world: Session, schedule: Schedule) -> None:
    """Where nothing happened yet the tick changes nothing, years from now too."""
    before = everything(world)
    for now in (NOW, NOW + timedelta(days=800)):
        ticks(world, schedule, now)
        assert everything(world) == before


def test_what_is_due_is_done_and_not_before(world: Session, schedule: Schedule) -> None:
    """A second earlier nothing happens, then it does."""
    due = begun(world, schedule)
    before = everything(world)
    if due > NOW:
        ticks(world, schedule, due - SECOND)
        assert everything(world) == before
    ticks(world, schedule, due)
    assert everything(world) != before


def test_a_late_tick_does_it_once(world: Session, schedule: Schedule) -> None:
    """An hour late is done as well, and the tick after it finds nothing more."""
    due = begun(world, schedule)
    before = everything(world)
    ticks(world, schedule, due + timedelta(hours=1))
    done = everything(world)
    assert done != before
    ticks(world, schedule, due + timedelta(hours=1))
    assert everything(world) == done


def test_a_crash_before_the_commit_costs_nothing(world: Session, schedule: Schedule) -> None:
    """What a transaction did that never was committed is done again, the same and not twice."""
    due = begun(world, schedule)
    before = everything(world)
    attempt = world.begin_nested()
    ticks(world, schedule, due)
    wanted = outline(world)
    attempt.rollback()
    world.expire_all()
    assert everything(world) == before
    ticks(world, schedule, due)
    assert outline(world) == wanted


def test_another_workspace_is_left_alone(world: Session, schedule: Schedule) -> None:
    """What is due here is none of the others' business."""
    due = begun(world, schedule)
    before = everything(world)
    ticks(world, schedule, due, OTHER)
    assert everything(world) == before
    assert schedule.next_due(world, OTHER) is None


def test_somebody_reads_it_in_the_end(world: Session, schedule: Schedule) -> None:
    """Ticked at each of its instants, the schedule says what it is there to say."""
    begun(world, schedule)
    wanted = SCENES[schedule.name].says
    for _ in range(20):
        due = schedule.next_due(world, T)
        if due is None or wanted in _said(world):
            break
        ticks(world, schedule, max(due, NOW))
    assert wanted in _said(world)


def _said(session: Session) -> str:
    session.flush()
    shown: list[Any] = [row.payload for row in session.scalars(select(OutboxRow))]
    return str(shown)
