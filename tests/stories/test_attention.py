"""Attention through the whole house: requests and the note, pauses, leave by status, and settings, over days."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.ids import ActionId
from tests.people import Person, eventually, texts
from tests.stories.conftest import Office

KOLKATA = ZoneInfo("Asia/Kolkata")  # half an hour off
LISBON = ZoneInfo("Europe/Lisbon")


async def from_app(person: Person, words: str) -> list[dict[str, Any]]:
    """What the app wrote to this person that shows these words."""
    return [message for message in await person.dm_from_app() if words in texts(message.get("blocks", []))]


def said_at(message: dict[str, Any], zone: ZoneInfo) -> datetime:
    """When a message stands there, on that person's clock."""
    return datetime.fromtimestamp(float(message["ts"]), zone)


async def shown(person: Person, title: str) -> dict[str, Any]:
    """The form on top, as soon as it has this title."""

    async def look() -> dict[str, Any] | None:
        top = (await person.views())[-1:]
        return top[0] if top and top[0]["title"]["text"] == title else None

    found = await eventually(look)
    assert found is not None
    return found


async def three_nominations(office: Office, author: Person) -> None:
    """Somebody nominates three things that this person wrote."""
    nominator = office.mara if author is office.asha else office.asha
    for number in range(3):
        post = await author.posts("#kitchen", f"Proof the dough overnight, part {number}.")
        await nominator.reacts(post, "bulb")
        await office.settles()


async def test_two_requests_come_at_once_and_the_third_in_the_morning(office: Office) -> None:
    """Asha is asked twice; the third request is a line of her note, at 9 where she lives, and shown on a press."""
    await three_nominations(office, office.asha)
    assert len(await from_app(office.asha, "worth keeping")) == 2
    await office.workplace.moves_clock(by="5d")
    await office.settles()
    notes = await from_app(office.asha, "Good morning")
    assert notes
    hour = said_at(notes[0], KOLKATA)
    assert (hour.hour, hour.minute) == (9, 0)
    assert hour.weekday() < 5
    assert "Waiting for you" in texts(notes[0]["blocks"])
    await office.asha.presses(notes[0], ActionId.SHOW_NOTED)
    await office.settles()
    assert len(await from_app(office.asha, "worth keeping")) == 3


async def test_a_pause_holds_and_its_end_lets_go(office: Office) -> None:
    """Mara pauses in her settings: nothing comes, all of it is listed; she goes on, and the first one comes."""
    await office.mara.types("/learn settings", "#kitchen")
    await office.mara.presses(
        await shown(office.mara, "Settings"), ActionId.CHANGE_MY_SETTINGS, block_id="my:pause"
    )
    form = await shown(office.mara, "Pause")
    tomorrow = (await _today(office, LISBON)) + timedelta(days=30)
    refused = await office.mara.submits(form, {"until": {"until": "2020-01-01"}})
    assert "until" in refused["errors"]
    await office.mara.submits(form, {"until": {"until": tomorrow.isoformat()}})
    page = await shown(office.mara, "Settings")
    assert "Saved" in texts(page["blocks"])
    await three_nominations(office, office.mara)
    assert not await from_app(office.mara, "worth keeping")
    await office.mara.presses(page, ActionId.CHANGE_MY_SETTINGS, block_id="my:held")
    held = await shown(office.mara, "Held back")
    assert "you paused my messages" in texts(held["blocks"])
    await office.mara.presses(held, ActionId.OPEN_SETTINGS)
    await office.mara.presses(await shown(office.mara, "Settings"), ActionId.END_MY_PAUSE)
    await office.app.timekeeper.tick()
    await office.settles()
    assert len(await from_app(office.mara, "worth keeping")) == 2


async def test_a_status_of_leave_is_in_the_settings_until_it_ends(office: Office) -> None:
    """Mara sets a palm tree for three days: her settings say so; Slack clears it, and so do they."""
    ends = int((await _now(office) + timedelta(days=3)).timestamp())
    await office.mara.sets_profile(status_emoji=":palm_tree:", status_text="Sea", status_expiration=ends)
    await office.settles()
    await office.mara.types("/learn settings", "#kitchen")
    page = texts((await shown(office.mara, "Settings"))["blocks"])
    assert "as your Slack status says)" in page.split("*Away:*")[1]
    assert "Sea" not in page
    await office.workplace.moves_clock(by="4d")
    await office.settles()
    await office.mara.closes(await shown(office.mara, "Settings"), clear=True)
    await office.mara.types("/learn settings", "#kitchen")
    assert (
        "as your Slack status says)"
        not in texts((await shown(office.mara, "Settings"))["blocks"]).split("*Away:*")[1]
    )


async def test_another_hour_and_zone_move_what_was_planned(office: Office) -> None:
    """Asha lives in Lisbon for a while and likes 16:00: her note comes then."""
    await three_nominations(office, office.asha)
    await office.asha.types("/learn settings", "#kitchen")
    await office.asha.presses(
        await shown(office.asha, "Settings"), ActionId.CHANGE_MY_SETTINGS, block_id="my:time"
    )
    form = await shown(office.asha, "When I write to you")
    given = {
        "hour": {"hour": "16"},
        "days": {"days": [str(day) for day in range(7)]},
        "zone": {"zone": "Lisbonn"},
        "country": {"country": ""},
    }
    refused = await office.asha.submits(form, given)
    assert "Europe/Lisbon" in refused["errors"]["zone"]
    await office.asha.submits(form, {**given, "zone": {"zone": "lisbon"}})
    assert "Europe/Lisbon" in texts((await shown(office.asha, "Settings"))["blocks"])
    await office.workplace.moves_clock(by="3d")
    await office.settles()
    notes = await eventually(lambda: from_app(office.asha, "Good morning"))
    assert said_at(notes[0], LISBON).hour == 16


async def _now(office: Office) -> datetime:
    return datetime.fromisoformat(str((await office.workplace.get("clock"))["now"]))


async def _today(office: Office, zone: ZoneInfo) -> Any:
    return (await _now(office)).astimezone(zone).date()
