"""The whole of practice four, as four people and a manager live it: from a template to the last look a year later."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.ids import ActionId
from bot.rules.availability import calendar_of
from bot.rules.programmes import standing_of
from storage.check_ins import Prompt, PromptState
from storage.journal import Audience, Entry, EntryShare
from storage.plans import Plan, PlanState
from storage.programmes import Cohort, CohortState
from tests.people import Json, Person, eventually, texts
from tests.stories.after_programme import CHECK_IN_DAYS, id_of, told, waits_for
from tests.stories.conftest import Office

ZONES = {
    "asha": "Asia/Kolkata",  # five and a half hours from UTC
    "mara": "Europe/Lisbon",
    "nils": "Europe/Lisbon",
    "tomas": "America/Chicago",
}
TITLE = "Putting it to work"
MARKER = "zebra-in-the-meeting"
REMINDERS = ("earlier today", "last reminder")
MINUTE = timedelta(minutes=1)


async def test_four_people_in_three_zones_go_through_the_year_together(office: Office) -> None:
    """A programme from a template, its goals, its plans with helpers, seven check-ins, a talk, and the last look.

    Every check-in comes once, or as its later successor, at nine on a working day of its reader's own calendar,
    though the clocks of Lisbon and Chicago change on different days; answers are seen by whom each writer chose.
    """
    year = await _begins_in_january(office)
    people = {name: office.workplace.person(name) for name in ZONES}
    await _is_made_from_a_template(office, year)
    await _everybody_is_enrolled(office, people)
    await _goals_are_named_and_confirmed(office, people)
    await _lasts_until_the_end(office, year)
    await _plans_are_made(office, people)
    talk = await _a_year_passes(office, people)

    assert talk == "happened"
    for name in people:
        await _had_each_check_in_once(office, name)
        _plan_is_closed(office, await id_of(office, name))
    await _answers_are_seen_by_whom_they_chose(office, people)
    spoken = [call for call in await office.workplace.calls() if not call["method"].startswith("views.")]
    assert MARKER not in str(spoken)


async def _begins_in_january(office: Office) -> int:
    """It is the tenth of January, and a fourth person is there."""
    now = office.sandbox.world.clock.now()
    await office.workplace.post("people", name="nils", real_name="Nils", tz=ZONES["nils"])
    await office.workplace.person("nils").joins("#kitchen")
    await office.workplace.moves_clock(to=datetime(now.year + 1, 1, 10, 20, tzinfo=UTC).isoformat())
    await office.settles()
    return now.year + 1


async def _is_made_from_a_template(office: Office, year: int) -> None:
    ada = office.ada
    await ada.types("/learn programme new")
    await _sends(ada, {"template": {"template": "putting-it-to-work"}})
    await ada.presses(await _page(ada), ActionId.NEW_RUN, _value(await _page(ada), ActionId.NEW_RUN))
    run = {
        "name": {"name": f"Spring {year}"},
        "starts_on": {"starts_on": f"{year}-01-25"},
        "ends_on": {"ends_on": f"{year}-02-26"},
        "space": {"space": next(iter(await _channel(office)))},
    }
    await _sends(ada, run)


async def _everybody_is_enrolled(office: Office, people: dict[str, Person]) -> None:
    """By a pasted list, which says who manages them, too."""
    ada = office.ada
    manager = await id_of(office, "ada")
    lines = [f"{await id_of(office, name)},{manager}" for name in people]
    page = await _page(ada)
    await ada.presses(page, ActionId.ENROL, _value(page, ActionId.ENROL))
    await _sends(ada, {"pasted": {"pasted": "\n".join(["person,manager", *lines])}})
    assert "Enrolled: 4." in texts((await _page(ada))["blocks"])
    while await ada.views():
        await ada.closes(await _page(ada))
    await office.workplace.moves_clock(by="1d")
    await office.settles()
    for person in people.values():
        assert TITLE in str(await told(person, "enrolled you in"))


async def _goals_are_named_and_confirmed(office: Office, people: dict[str, Person]) -> None:
    """A week before the start each names one goal, and the manager stands behind each with one tap.

    Two requests come at once; more of a day wait in the next morning's note, which shows them.
    """
    for _ in range(8):
        await office.workplace.moves_clock(by="1d")
        await office.settles()
    for name, person in people.items():
        card = await told(person, "What is the one thing")
        await person.presses(card, ActionId.SET_GOAL, _value(card, ActionId.SET_GOAL))
        await _sends(person, {"goal": {"goal": f"listen first, says {name}"}})
    await office.settles()
    await office.workplace.moves_clock(by="1d")
    await office.settles()
    note = await _asked(office.ada, ActionId.SHOW_NOTED) or {}
    lines = [one for one in note["blocks"] if _buttons({"blocks": [one]}, ActionId.SHOW_NOTED)]
    assert len(lines) == len(people) - 2
    for line in lines:
        await office.ada.presses(note, ActionId.SHOW_NOTED, block_id=line["block_id"])
    await office.settles()
    for name, person in people.items():
        card = await told(office.ada, f"listen first, says {name}")
        await office.ada.presses(card, ActionId.CONFIRM_GOAL, _value(card, ActionId.CONFIRM_GOAL))
        await office.settles()
        await told(person, "stands behind it")


async def _lasts_until_the_end(office: Office, year: int) -> None:
    """It ends on its date, by itself, before the clocks change anywhere."""
    await office.workplace.moves_clock(to=f"{year}-02-26T12:00:00Z")
    await office.settles()
    assert _standing(office) == CohortState.RUNNING
    await office.workplace.moves_clock(to=f"{year}-03-01T18:00:00Z")
    await office.settles()
    assert _standing(office) == CohortState.ENDED


def _standing(office: Office) -> CohortState:
    with office.database.read() as session:
        return standing_of(session.scalars(select(Cohort)).one(), office.sandbox.world.clock.now())


async def _plans_are_made(office: Office, people: dict[str, Person]) -> None:
    """Each from the template's items, with the next one as helper, who says yes."""
    names = list(people)
    for name, helper in zip(names, names[1:] + names[:1], strict=True):
        person = people[name]
        card = await told(person, "What will you do with it")
        await person.presses(card, ActionId.MAKE_PLAN, _value(card, ActionId.MAKE_PLAN))
        filled = {"helper:0": {"helper": await id_of(office, helper)}, "rating": {"rating": "4"}}
        await _sends(person, filled)
        await office.settles()
        asked = await told(people[helper], "asks for your help")
        await people[helper].presses(asked, ActionId.AGREE_TO_HELP, _value(asked, ActionId.AGREE_TO_HELP))
        await office.settles()
        await people[helper].types("/learn plan")
        assert "asks for your help" not in texts((await _page(people[helper]))["blocks"])
        await people[helper].closes(await _page(people[helper]))


async def _a_year_passes(office: Office, people: dict[str, Person]) -> str:
    """The clock goes from check-in to check-in; all answer, Asha has her talk, and each closes their plan."""
    talk = ""
    while (due := _next_due(office)) is not None:
        await office.workplace.moves_clock(to=(due + MINUTE).isoformat())
        await office.settles()
        for name, person in people.items():
            await _answers_what_is_asked(office, name, person)
            await _closes_a_plan(office, person)
        talk = await _goes_on_with_the_talk(office, talk)
    return talk


async def _answers_what_is_asked(office: Office, name: str, person: Person) -> None:
    """Every check-in that waits is answered in its thread; the first answer is shown to the manager."""
    for prompt in _prompts(office, await id_of(office, name)):
        if prompt.state != PromptState.SENT:
            continue
        question = await _message(person, prompt)
        await person.replies(question, f"{MARKER}, {name}, day {prompt.day}")
        await eventually(partial(_is_answered, office, prompt.id))
        if _buttons(question, ActionId.STILL_USED_YES):
            await person.presses(question, ActionId.STILL_USED_YES, _value(question, ActionId.STILL_USED_YES))
        if prompt.day == CHECK_IN_DAYS[0] and name == "mara":
            await _shows_it_to_her_manager(office, person, question)
    await office.settles()


async def _shows_it_to_her_manager(office: Office, person: Person, question: Json) -> None:
    await office.settles()
    thread = await person.sees("app", question)
    saved = next(one for one in thread if "only you see it" in str(one))
    await person.presses(saved, ActionId.WHO_SEES_IT, _value(saved, ActionId.WHO_SEES_IT))
    form = await person.form()
    offered = [one["value"] for one in form["blocks"][0]["element"]["options"]]
    chosen = [one for one in offered if one.split(":")[0] == Audience.MANAGER]
    assert len(chosen) == 1
    await _sends(person, {"readers": {"readers": chosen}})


async def _closes_a_plan(office: Office, person: Person) -> None:
    for card in await person.dm_from_app():
        if not _buttons(card, ActionId.CLOSE_PLAN):
            continue
        await person.presses(card, ActionId.CLOSE_PLAN, _value(card, ActionId.CLOSE_PLAN))
        await _sends(person, {"rating": {"rating": "8"}})
        await office.settles()


async def _goes_on_with_the_talk(office: Office, state: str) -> str:
    """Asha offers a time when she is asked, Ada takes it, and afterwards both say that it happened."""
    if not state and (card := await _asked(office.asha, ActionId.OFFER_TALK_TIMES)):
        await office.asha.presses(card, ActionId.OFFER_TALK_TIMES, _value(card, ActionId.OFFER_TALK_TIMES))
        soon = office.sandbox.world.clock.now() + timedelta(days=2)
        at = soon.replace(hour=10, minute=0, second=0, microsecond=0)
        await _sends(office.asha, {"time_0": {"time_0": int(at.timestamp())}})
        await office.settles()
        state = "offered"
    if state == "offered" and (card := await _asked(office.ada, ActionId.TAKE_TALK_TIME)):
        await office.ada.presses(card, ActionId.TAKE_TALK_TIME, _value(card, ActionId.TAKE_TALK_TIME))
        await office.settles()
        for person in (office.asha, office.ada):
            assert [one["name"] for one in (await told(person, "For your calendar"))["files"]] == ["talk.ics"]
        state = "agreed"
    if state == "agreed":
        card = await waits_for(office, office.ada, "How was your talk with Asha", 5)
        await office.ada.presses(card, ActionId.TALK_HAPPENED, _value(card, ActionId.TALK_HAPPENED))
        await office.settles()
        state = "happened"
    return state


async def _had_each_check_in_once(office: Office, name: str) -> None:
    """All seven are answered, or merged into a later one; each question came once, at nine, on a working day."""
    person = await id_of(office, name)
    prompts = _prompts(office, person)
    assert [one.day for one in prompts] == list(CHECK_IN_DAYS)
    assert {one.state for one in prompts} <= {PromptState.ANSWERED, PromptState.MERGED}
    asked = [one for one in prompts if one.sent_at is not None]
    assert len(asked) >= len(CHECK_IN_DAYS) - 1
    zone = ZoneInfo(ZONES[name])
    for one in asked:
        assert one.sent_at is not None
        local = one.sent_at.astimezone(zone)
        assert (local.hour, local.minute) == (9, 0), f"{name}, day {one.day}: {local}"
        with office.database.read() as session:
            calendar = calendar_of(session, office.sandbox.world.team, person, local)
        assert calendar.works_on(local.date())
        assert await _times_shown(office.workplace.person(name), one) == 1
    days = [one.due_on for one in asked]
    assert all(calendar.working_days_between(*pair) >= 3 for pair in pairwise(days))
    if name in ("mara", "nils", "tomas"):
        assert len({one.sent_at.astimezone(zone).utcoffset() for one in asked if one.sent_at}) == 2


def _plan_is_closed(office: Office, person: str) -> None:
    with office.database.read() as session:
        plan = session.scalars(select(Plan).where(Plan.person == person)).one()
        assert (plan.state, plan.rating_before, plan.rating_after) == (PlanState.CLOSED, 4, 8)


async def _answers_are_seen_by_whom_they_chose(office: Office, people: dict[str, Person]) -> None:
    """Mara's first is read by her manager; of all the others nobody else sees anything."""
    mara = await id_of(office, "mara")
    with office.database.read() as session:
        shares = session.execute(
            select(Entry.person, EntryShare.audience).join(EntryShare, EntryShare.entry == Entry.id)
        ).all()
        assert [tuple(row) for row in shares] == [(mara, Audience.MANAGER)]
    card = await told(office.ada, "would like you to read")
    await office.ada.presses(card, ActionId.READ_ENTRY, _value(card, ActionId.READ_ENTRY))
    assert f"{MARKER}, mara, day 2" in texts((await office.ada.form())["blocks"])
    for name, person in people.items():
        await person.types("/learn journal shared")
        assert MARKER not in texts((await _page(person))["blocks"]), name
        await person.types("/learn journal")
        mine = texts((await _page(person))["blocks"])
        assert f"{MARKER}, {name}" in mine
        assert not any(f"{MARKER}, {other}" in mine for other in people if other != name)


async def _sends(person: Person, values: Json) -> None:
    """Send the form on top; it has nothing against it."""
    answer = await person.submits(await person.form(), values)
    assert not answer.get("errors"), answer


async def _page(person: Person) -> Json:
    return (await person.views())[-1] if await person.views() else await person.form()


async def _asked(person: Person, action: ActionId) -> Json | None:
    """The newest card that has this button."""
    return next((one for one in reversed(await person.dm_from_app()) if _buttons(one, action)), None)


async def _message(person: Person, prompt: Prompt) -> Json:
    return next(one for one in await person.dm_from_app() if one["ts"] == prompt.ts)


async def _times_shown(person: Person, prompt: Prompt) -> int:
    """How many messages ask what this check-in asks, without reminders."""
    question = (prompt.question or "")[:60]
    shown = [texts(one.get("blocks") or []) for one in await person.dm_from_app()]
    return sum(question in words and not any(again in words for again in REMINDERS) for words in shown)


async def _channel(office: Office) -> list[str]:
    conversations = (await office.workplace.state("ada"))["conversations"]
    return [str(one["id"]) for one in conversations if one.get("name") == "kitchen"]


def _prompts(office: Office, person: str) -> list[Prompt]:
    with office.database.read() as session:
        query = select(Prompt).where(Prompt.person == person, Prompt.kind == "check_in")
        return list(session.scalars(query.order_by(Prompt.day)))


def _next_due(office: Office) -> datetime | None:
    with office.database.read() as session:
        return session.scalar(select(func.min(Prompt.due_at)).where(Prompt.kind == "check_in"))


async def _is_answered(office: Office, prompt: int) -> bool:
    with office.database.read() as session:
        return session.get_one(Prompt, prompt).state == PromptState.ANSWERED


def _buttons(message: Json, action: str) -> list[Json]:
    elements: list[Json] = []
    for block in message.get("blocks") or ():
        elements += [*block.get("elements", ()), block.get("accessory") or {}]
    return [one for one in elements if one.get("action_id") == action]


def _value(message: Json, action: str) -> Any:
    """What the button of this message or page carries."""
    (button, *_) = _buttons(message, action)
    return button.get("value")
