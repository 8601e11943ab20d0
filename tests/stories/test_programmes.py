"""A programme by command: from a template to a run, its people in one line, its weeks in their space."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.ids import ActionId
from bot.programme_files import template
from tests.people import Person, eventually, texts
from tests.stories.after_programme import id_of, told
from tests.stories.conftest import Office

FIRST_WEEK = template("new-manager").spec.weeks[0]


async def sends(person: Person, values: dict[str, Any]) -> None:
    """Somebody fills in the form on top."""
    answer = await person.submits((await person.views())[-1], values)
    assert not answer.get("errors"), answer


async def has_a_run(office: Office) -> datetime:
    """Ada makes a programme by command and opens its run in #kitchen; returns the evening of its first Monday."""
    march = datetime(office.sandbox.world.clock.now().year + 1, 3, 15, 20, tzinfo=UTC)
    first = march - timedelta(days=march.weekday())
    await office.workplace.moves_clock(to=(first - timedelta(days=14)).isoformat())
    ada = office.ada
    await ada.types("/learn programme new")
    await ada.form()
    await sends(ada, {"template": {"template": "new-manager"}})
    page = (await ada.views())[-1]
    press = next(
        one
        for block in page["blocks"]
        for one in block.get("elements", [])
        if one.get("action_id") == ActionId.NEW_RUN
    )
    await ada.presses(page, ActionId.NEW_RUN, press["value"])
    channels = (await office.workplace.state("ada"))["conversations"]
    kitchen = next(one["id"] for one in channels if one.get("name") == "kitchen")
    last = first + timedelta(days=32)
    days = {
        "starts_on": {"starts_on": str(first.date())},
        "ends_on": {"ends_on": str(last.date())},
    }
    await sends(ada, {"name": {"name": "Spring"}, "space": {"space": kitchen}, **days})
    return first


async def test_people_are_enrolled_by_mention_user_group_and_channel(office: Office) -> None:
    """One line enrols them, in whichever way they are named; each is told once, and a wrong run gets a sentence."""
    await has_a_run(office)
    await office.workplace.post(
        "usergroup", as_="ada", handle="bakers", name="Bakers", users=[await id_of(office, "mara")]
    )
    await office.ada.types("/learn programme enrol @asha @bakers Spring")
    await office.settles()
    for person in (office.asha, office.mara):
        assert "New manager" in str(await told(person, "enrolled you in"))
    assert not [one for one in await office.tomas.dm_from_app() if "enrolled you" in str(one)]
    await office.ada.types("/learn programme enrol #kitchen")
    await office.settles()
    await told(office.tomas, "enrolled you in")
    card = [one for one in await office.asha.dm_from_app() if "enrolled you" in str(one)]
    assert len(card) == 1


async def test_each_week_is_opened_in_its_space(office: Office) -> None:
    """On its first day everybody in #kitchen reads what the week asks; moved on, the next one follows."""
    monday = await has_a_run(office)

    async def week(number: int) -> list[str]:
        posts = [texts(one.get("blocks") or []) for one in await office.asha.sees("#kitchen")]
        return [one for one in posts if f"week {number}:" in one]

    await office.workplace.moves_clock(to=monday.isoformat())
    await office.settles()
    (first,) = await eventually(lambda: week(1))
    assert FIRST_WEEK.title in first
    assert FIRST_WEEK.starter.split("?")[0][:40] in first
    assert not await week(2)
    await office.workplace.moves_clock(to=(monday + timedelta(days=7)).isoformat())
    await office.settles()
    assert len(await eventually(lambda: week(2))) == 1
    assert len(await week(1)) == 1
