"""A year after a programme: seven questions reach three time zones, each at nine in the morning, and are answered."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.ids import ActionId
from bot.rules import check_ins
from bot.rules.availability import calendar_of
from storage.check_ins import Prompt, PromptState
from storage.people import get_person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Session
from tests.people import Person, eventually, texts
from tests.stories.conftest import Office

DAYS = (2, 7, 16, 35, 70, 182, 365)
ZONES = {"asha": "Asia/Kolkata", "mara": "Europe/Lisbon", "tomas": "America/Chicago"}


@dataclass(frozen=True)
class Finished:
    """These people finish a programme on one day."""

    workspace: str
    people: tuple[str, ...]
    on: date
    days: tuple[int, ...] = DAYS


async def test_seven_questions_come_at_nine_in_three_zones_through_a_year_of_clock_changes(
    office: Office,
) -> None:
    """Each once or merged into a later one, on a working day, whatever the clocks do; answers are kept."""
    ended_on = await until_before_spring(office)
    people = {name: await person_id(office, name) for name in ZONES}
    team = office.sandbox.world.team
    await office.app.transactions.run(_finish, Finished(team, tuple(people.values()), ended_on))
    await a_year_passes(office, people)
    for name, person in people.items():
        asked = [one for one in rows(office, person) if one.sent_at is not None]
        assert {one.state for one in asked} == {PromptState.ANSWERED}
        assert {one.state for one in rows(office, person)} <= {PromptState.ANSWERED, PromptState.MERGED}
        messages = await questions(getattr(office, name))
        assert len(messages) == len(asked)
        for message, prompt in zip(messages, asked, strict=True):
            local = datetime.fromtimestamp(float(message["ts"]), ZoneInfo(ZONES[name]))
            assert (local.hour, local.minute) == (9, 0)
            assert local.date() == prompt.due_on
            assert works(office, person, local)
    offsets = {one.due_at_offset for one in clock_changes(office, people["tomas"])}
    assert len(offsets) == 2  # Chicago's clocks changed on the way


@dataclass(frozen=True)
class Instant:
    """When a check-in came, by its distance from UTC."""

    due_at_offset: timedelta | None


def clock_changes(office: Office, person: str) -> list[Instant]:
    zone = ZoneInfo(ZONES["tomas"])
    return [
        Instant(one.sent_at.astimezone(zone).utcoffset())
        for one in rows(office, person)
        if one.sent_at is not None
    ]


async def test_nobody_answers_and_the_check_ins_pause_and_are_resumed(office: Office) -> None:
    """One reminder the same day, one later, then a message with the button that brings the next one."""
    team, mara = office.sandbox.world.team, await person_id(office, "mara")
    monday = await until_a_monday(office)
    await office.app.transactions.run(_finish, Finished(team, (mara,), monday, (1, 40)))
    await office.workplace.moves_clock(by="14d")
    await office.settles()
    said = str(await office.workplace.calls("chat.postMessage"))
    assert [said.count(words) for words in ("earlier today is", "It is my last", "I pause its")] == [2, 2, 2]
    assert [one.state for one in rows(office, mara)] == [PromptState.SILENT, PromptState.SCHEDULED]
    paused = await card(office.mara, "I pause its check-ins")
    await office.mara.presses(paused, ActionId.CHECK_IN_RESUME, resume_value(paused))
    await office.settles()
    await card(office.mara, "go on")
    await office.workplace.moves_clock(by="40d")
    await office.settles()
    assert PromptState.SCHEDULED not in {one.state for one in rows(office, mara)}
    assert len(await questions(office.mara)) == 2


async def test_later_skip_and_pause_are_one_press_each(office: Office) -> None:
    """The card says what became of it, in place."""
    team, asha = office.sandbox.world.team, await person_id(office, "asha")
    monday = await until_a_monday(office)
    await office.app.transactions.run(_finish, Finished(team, (asha,), monday, (1, 40)))
    await office.workplace.moves_clock(by="2d")
    await office.settles()
    (asked,) = await questions(office.asha)
    prompt = rows(office, asha)[0]
    await office.asha.presses(asked, ActionId.CHECK_IN_LATER, f"{prompt.id}:day")
    await office.settles()
    assert "I come back to this on" in str((await questions(office.asha))[0])
    await office.workplace.moves_clock(by="36h")  # it is after midnight in Kolkata
    await office.settles()
    again = await card(office.asha, "You wanted to come back to this")
    before = rows(office, asha)[1].due_on
    await office.asha.presses(again, ActionId.CHECK_IN_PAUSE, str(prompt.id))
    until = before + timedelta(days=20)
    await office.asha.submits(await office.asha.form(), {"until": {"until": until.isoformat()}})
    await office.settles()
    assert rows(office, asha)[1].due_on >= until
    await office.asha.presses(asked, ActionId.CHECK_IN_SKIP, str(prompt.id))
    await office.settles()
    assert [one.state for one in rows(office, asha)] == [PromptState.SKIPPED, PromptState.SCHEDULED]
    assert "Skipped, and that is fine. The next one comes on" in str((await questions(office.asha))[0])


def _finish(session: Session, finished: Finished, now: datetime) -> None:
    for enrolment in _enrol(session, finished, now):
        check_ins.plan_for(session, enrolment, now)


def _enrol(session: Session, finished: Finished, now: datetime) -> list[Enrolment]:
    team, on = finished.workspace, finished.on
    programme = Programme(
        workspace=team,
        key="bread",
        title="Bread for beginners",
        check_ins=[
            {"day": day, "question": f"What about your dough after {day} days?", "still_used": day > 100}
            for day in finished.days
        ],
        items=[],
        closing=[],
        circle_questions=[],
        made_at=now,
    )
    session.add(programme)
    session.flush()
    run = Cohort(
        workspace=team,
        programme=programme.id,
        name="spring",
        starts_on=on,
        ends_on=on,
        state="ended",
        made_at=now,
    )
    session.add(run)
    session.flush()
    return [_enrolment(session, run, person, on, now) for person in finished.people]


def _enrolment(session: Session, run: Cohort, person: str, on: date, now: datetime) -> Enrolment:
    get_person(session, run.workspace, person).welcome_because = "was enrolled"
    enrolment = Enrolment(
        workspace=run.workspace,
        cohort=run.id,
        person=person,
        state="completed",
        enrolled_at=now,
        step="done",
        completed_on=on,
    )
    session.add(enrolment)
    session.flush()
    return enrolment


async def a_year_passes(office: Office, people: dict[str, str]) -> None:
    """The clock goes from check-in to check-in, and whoever was asked answers in the thread."""
    while (due := next_due(office)) is not None:
        await office.workplace.moves_clock(to=(due + timedelta(minutes=1)).isoformat())
        await office.settles()
        for name, person in people.items():
            for prompt in rows(office, person):
                if prompt.state == PromptState.SENT:
                    await answers(getattr(office, name), prompt, office)


async def answers(person: Person, prompt: Prompt, office: Office) -> None:
    """A reply in the thread of the question."""
    asked = (await questions(person))[-1]
    await person.replies(asked, f"It rises better now, after {prompt.day} days.")
    await eventually(lambda: is_answered(office, prompt.id))


async def is_answered(office: Office, prompt: int) -> bool:
    with office.database.read() as session:
        return session.get_one(Prompt, prompt).state == PromptState.ANSWERED


async def questions(person: Person) -> list[dict[str, Any]]:
    """The check-ins that this person got, without reminders, oldest first."""
    asked = [
        one for one in await person.dm_from_app() if "your dough" in texts((one.get("blocks") or [])[:1])
    ]
    again = ("earlier today", "last reminder", "You wanted to come back")
    return [one for one in asked if not any(words in texts(one["blocks"]) for words in again)]


async def card(person: Person, words: str) -> dict[str, Any]:
    """The newest message from the app with these words."""

    async def look() -> dict[str, Any] | None:
        found = [one for one in await person.dm_from_app() if words in texts(one.get("blocks") or [])]
        return found[-1] if found else None

    found = await eventually(look)
    assert found is not None
    return found


def resume_value(message: dict[str, Any]) -> str:
    """What the button to resume carries."""
    buttons = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return str(next(one["value"] for one in buttons if one["action_id"] == ActionId.CHECK_IN_RESUME))


async def person_id(office: Office, name: str) -> str:
    """Somebody's id."""
    return str((await office.workplace.state(name))["me"])


async def until_before_spring(office: Office) -> date:
    """The first of March, before clocks change in America and Europe."""
    now = office.sandbox.world.clock.now()
    first = datetime(now.year, 3, 1, 20, tzinfo=UTC)
    target = first if first > now else first.replace(year=now.year + 1)
    await office.workplace.moves_clock(to=target.isoformat(), alone=True)
    return target.date()


async def until_a_monday(office: Office) -> date:
    """A Monday without holidays near it, in the evening."""
    day = await until_before_spring(office)
    monday = day + timedelta(days=7 - day.weekday())
    target = datetime.combine(monday, datetime.min.time(), UTC) + timedelta(hours=20)
    await office.workplace.moves_clock(to=target.isoformat(), alone=True)
    return monday


def rows(office: Office, person: str) -> list[Prompt]:
    """This person's check-ins, by day."""
    with office.database.read() as session:
        query = select(Prompt).where(Prompt.person == person, Prompt.kind == "check_in")
        return list(session.scalars(query.order_by(Prompt.day)))


def next_due(office: Office) -> datetime | None:
    with office.database.read() as session:
        return session.scalar(select(func.min(Prompt.due_at)).where(Prompt.kind == "check_in"))


def works(office: Office, person: str, local: datetime) -> bool:
    """Whether this is a working day of this person."""
    with office.database.read() as session:
        return calendar_of(session, office.sandbox.world.team, person, local).works_on(local.date())
