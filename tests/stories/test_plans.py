"""A plan from the invitation to the last look, with people who help and one who does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.ids import ActionId
from bot.rules import plans
from storage.people import get_person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Session
from tests.people import Person, eventually, texts
from tests.stories.conftest import Office

TITLE = "Leading one-to-ones"
ITEMS = [
    {
        "when": "my weekly one-to-one begins",
        "then": "ask two questions before I say what I think",
        "days": 10,
    },
    {"when": "somebody brings me a problem", "then": "ask what they have tried", "days": 21},
]


@dataclass(frozen=True)
class Finished:
    """These people finish a programme together."""

    workspace: str
    people: tuple[str, ...]


async def finish(office: Office, *names: str) -> None:
    """These people finish a programme together, and their plans are invited."""
    people = [await person_id(office, name) for name in names]
    await office.app.transactions.run(_invite, Finished(office.sandbox.world.team, tuple(people)))


def _invite(session: Session, finished: Finished, now: datetime) -> None:
    for enrolment in _enrol(session, finished.workspace, finished.people, now):
        plans.invite(session, enrolment, now)


def _enrol(session: Session, team: str, people: tuple[str, ...], now: datetime) -> list[Enrolment]:
    programme = Programme(
        workspace=team,
        key="leading",
        title=TITLE,
        check_ins=[],
        items=ITEMS,
        closing=["What do you do differently now?"],
        circle_questions=[],
        made_at=now,
    )
    session.add(programme)
    session.flush()
    today = now.date()
    run = Cohort(
        workspace=team,
        programme=programme.id,
        name="spring",
        starts_on=today - timedelta(days=30),
        ends_on=today,
        state="ended",
        made_at=now,
    )
    session.add(run)
    session.flush()
    return [_enrolment(session, team, run, person, now) for person in people]


def _enrolment(session: Session, team: str, run: Cohort, person: str, now: datetime) -> Enrolment:
    get_person(session, team, person).welcome_because = "was enrolled"
    enrolment = Enrolment(
        workspace=team,
        cohort=run.id,
        person=person,
        state="completed",
        enrolled_at=now,
        step="done",
        completed_on=now.date(),
    )
    session.add(enrolment)
    session.flush()
    return enrolment


async def card(person: Person, words: str) -> dict[str, Any]:
    """The newest message from the app with these words."""

    async def look() -> dict[str, Any] | None:
        found = [one for one in await person.dm_from_app() if words in texts(one.get("blocks") or [])]
        return found[-1] if found else None

    found = await eventually(look)
    assert found is not None
    return found


async def person_id(office: Office, name: str) -> str:
    """Somebody's id."""
    return str((await office.workplace.state(name))["me"])


async def makes_a_plan(office: Office) -> None:
    """Asha makes hers, adding an item to the suggested ones; Tomas is to help, Mara to be her buddy."""
    asha = office.asha
    await asha.presses(await card(asha, "Make my plan"), ActionId.MAKE_PLAN)
    form = await asha.form()
    assert "my weekly one-to-one begins" in str(form)
    await asha.presses(form, ActionId.ADD_PLAN_ROW)
    answer = await asha.submits(
        await asha.form(),
        {
            "cue:2": {"cue": "Friday comes"},
            "action:2": {"action": "write down one thing"},
            "helper:0": {"helper": await person_id(office, "tomas")},
            "buddy": {"buddy": await person_id(office, "mara")},
            "rating": {"rating": "4"},
        },
    )
    assert "errors" not in answer, answer
    await office.settles()


async def does_everything(office: Office) -> None:
    """Asha says of each item on her page that it is done."""
    asha = office.asha
    await asha.types("/learn plan")
    page = await asha.form()
    rows = [block["elements"] for block in page["blocks"] if block["type"] == "actions"]
    items = [one["value"] for row in rows for one in row if one["action_id"] == ActionId.ITEM_DONE]
    assert len(items) == 3
    for item in items:
        await asha.presses((await asha.views())[0], ActionId.ITEM_DONE, item)
        await asha.submits(await asha.form(), {"line": {"line": "it went well"}})
    shown = texts((await asha.views())[0]["blocks"])
    assert shown.count("only you see: it went well") == 3


async def test_a_plan_from_the_invitation_to_the_last_look(office: Office) -> None:
    """Invited, made with a helper and a buddy, tapped, done, closed; each hears only what is theirs."""
    asha, mara, tomas = office.asha, office.mara, office.tomas
    await finish(office, "asha", "mara", "tomas")
    await office.workplace.moves_clock(by="4d")
    await office.settles()
    await makes_a_plan(office)
    await tomas.presses(await card(tomas, "asks for your help"), ActionId.AGREE_TO_HELP)
    await mara.presses(await card(mara, "be their buddy"), ActionId.AGREE_TO_BUDDY)
    await office.settles()
    assert "Friday comes" not in str(await tomas.dm())

    await mara.types("/learn plan")
    await mara.presses(await mara.form(), ActionId.LOOK_AT_PLAN)
    looked = texts((await mara.form())["blocks"])
    assert "Friday comes" in looked
    assert "4 at the start" not in looked

    await office.workplace.moves_clock(by="12d")
    await office.settles()
    await asha.presses(await card(asha, "this week"), ActionId.WEEK_SOME)
    await office.settles()
    assert "Some of it" in str(await card(asha, "this week"))
    await does_everything(office)

    await office.workplace.moves_clock(by="4d")
    await office.settles()
    await asha.presses(await card(asha, "Everything in your plan"), ActionId.CLOSE_PLAN)
    closing = {"answer:0": {"answer": "I ask first"}, "rating": {"rating": "8"}}
    answer = await asha.submits(await asha.form(), closing)
    assert "errors" not in answer, answer
    await office.settles()
    assert await card(asha, "is closed")
    posted = str([await office.workplace.calls(method) for method in ("chat.postMessage", "chat.update")])
    assert "it went well" not in posted
    assert "I ask first" not in posted


async def test_a_helper_who_declines_and_a_buddy_who_leaves(office: Office) -> None:
    """The learner hears both kindly and finds somebody else."""
    asha, tomas = office.asha, office.tomas
    await finish(office, "asha", "mara", "tomas")
    await office.workplace.moves_clock(by="4d")
    await office.settles()
    await makes_a_plan(office)
    await tomas.presses(await card(tomas, "asks for your help"), ActionId.DECLINE_TO_HELP)
    await office.settles()
    told = await card(asha, "cannot help this time")
    await asha.presses(told, ActionId.CHOOSE_SOMEBODY)
    answer = await asha.submits(await asha.form(), {"helper:0": {"helper": await person_id(office, "mara")}})
    assert "errors" not in answer, answer
    await office.settles()
    assert await card(office.mara, "asks for your help")
    await office.workplace.post("person", as_="mara", person="mara", deleted=True)
    await office.settles()
    await office.workplace.moves_clock(by="4d")
    await office.settles()
    assert await card(asha, "is not here any more")
