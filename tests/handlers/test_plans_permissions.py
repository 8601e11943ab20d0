"""Who gets to a plan: everybody around a learner, by every button, form and command of plans, with forged values."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import handlers
from bot.blocks.plans_page import PAGE
from bot.clock import SystemClock
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import CommandUse, Press, Submission
from bot.rules.managers import set_manager
from bot.rules.roles import Duty, RoleKey, store_role
from handlers.hearing import Services
from storage.managers import Source
from storage.outbox import OutboxRow
from storage.people import Person
from storage.plans import HelpState, Item, Plan, PlanState, WeekTap
from storage.session import Database, Session
from storage.workspaces import Workspace
from tests.handlers.forging import Screen, services
from tests.rules.nouns import T
from tests.rules.planning import DUE, MONDAY, done, items, made, presses, row, sends

ELSEWHERE = "T2"
OWNER, BUDDY, HELPER, ASKED, DECLINED = "UASHA", "UBUDDY", "UHELPER", "UASKED", "UDECLINED"
BOSS, FORMER, MATE, STRANGER = "UBOSS", "UFORMER", "UMATE", "USTRANGER"
ADMIN, GUEST, GONE = "UADMIN", "UGUEST", "UGONE"
OTHERS = (BUDDY, HELPER, ASKED, DECLINED, BOSS, FORMER, MATE, STRANGER, ADMIN, GUEST, GONE)
FRIDAY = MONDAY + timedelta(days=4, hours=8)
WEEK = MONDAY.date().isoformat()
ITEMS = tuple(f"quince-{n}-marmalade" for n in range(4))
EVIDENCE, LINE, CLOSING = "medlar-evidence", "medlar-line", "medlar-closing"
PRIVATE = (EVIDENCE, LINE, CLOSING)
SEES: dict[str, set[str]] = {
    OWNER: {*ITEMS, EVIDENCE, LINE},
    BUDDY: set(ITEMS),
    BOSS: set(ITEMS),
    HELPER: {ITEMS[0]},
    ASKED: {ITEMS[1]},
}
HELP = (ActionId.AGREE_TO_HELP, ActionId.DECLINE_TO_HELP)
BUDDYING = (ActionId.AGREE_TO_BUDDY, ActionId.DECLINE_TO_BUDDY)
THEIRS = {HELPER: HELP, ASKED: HELP, DECLINED: HELP, BUDDY: BUDDYING}  # their own word is theirs to give


class Friday(SystemClock):
    """The end of the plan's first week."""

    def now(self) -> datetime:
        """Always the same."""
        return FRIDAY


@dataclass
class House:
    """Asha's plan, the app, and what whoever acts just now gets to see."""

    database: Database
    bot: Services
    screen: Screen
    plan: int
    items: tuple[int, ...]
    acts: int = 0
    broken: list[str] = field(default_factory=list)

    def values(self) -> list[str]:
        """All that a button could carry."""
        numbers = [str(self.plan), *map(str, self.items)]
        return [
            *numbers,
            f"{self.plan}:{WEEK}",
            f"buddy:{self.plan}",
            *(f"item:{item}" for item in self.items),
            "",
        ]

    async def press(
        self, person: str, action: ActionId, value: str, *, page: bool, workspace: str = T
    ) -> str:
        """A button on a card, or on a page that claims to show this plan; all that its presser sees."""
        self.acts += 1
        kept = {"page": PAGE, "plan": self.plan, "item": self.items[0]} if page else {}
        press = Press(
            workspace, person, action, value, "t", None, None, "V8", "h", f"{self.acts}.1", metadata=kept
        )
        return await self.sees(handlers.PRESSES[action](self.bot, press), workspace)

    async def send(self, person: str, form: ModalId, item: int | None, workspace: str = T) -> str:
        """A form that names this plan and one of its items."""
        self.acts += 1
        values = {**row(0), **row(1), "rating": "9", "buddy": STRANGER, "line": "-", "file": ()}
        kept = {"plan": self.plan, "week": WEEK, "below": None, **({"item": item} if item else {})}
        sent = Submission(workspace, person, form, f"V{self.acts}", values, kept, "t")
        return await self.sees(handlers.FORMS[form](self.bot, sent), workspace)

    async def type(self, person: str, words: str, workspace: str = T) -> str:
        """A command."""
        self.acts += 1
        use = CommandUse(workspace, person, "C1", words, f"t{self.acts}")
        return await self.sees(handlers.WORDS["plan"](self.bot, use), workspace)

    async def sees(self, answer: Any, workspace: str) -> str:
        """The answer, what the screen shows, and every letter that came of it."""
        self.screen.shown.clear()
        before = self.newest_letter()
        try:
            said = str(await answer)
        except BotError as error:
            said = str(error)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            said = str(error)
            self.broken.append(said)
        with self.database.read() as session:
            query = select(OutboxRow.payload).where(OutboxRow.workspace == workspace, OutboxRow.id > before)
            return said + str(self.screen.shown) + str(session.scalars(query).all())

    def newest_letter(self) -> int:
        """The number of the letter written last."""
        with self.database.read() as session:
            return session.scalar(select(OutboxRow.id).order_by(OutboxRow.id.desc()).limit(1)) or 0

    def state(self) -> list[Any]:
        """All that is kept of the plan."""
        with self.database.read() as session:
            return [
                [tuple(one) for one in session.execute(select(table.__table__).order_by(table.id))]
                for table in (Plan, Item, WeekTap)
            ]

    async def everything(self, person: str, workspace: str = T) -> str:
        """By every way in, with everything that names the plan; all that was seen on the way."""
        seen = [await self.type(person, words, workspace) for words in ("plan", f"plan {self.plan}")]
        mine = THEIRS.get(person, ()) if workspace == T else ()
        for action in (one for one in handlers.plans.PRESSES if one not in mine):
            seen += [
                await self.press(person, action, value, page=page, workspace=workspace)
                for value in self.values()
                for page in (False, True)
            ]
        for form in handlers.plans.FORMS:
            seen += [await self.send(person, form, item, workspace) for item in (None, *self.items)]
        return "".join(seen)

    def closes(self) -> None:
        """Asha gives her last look."""
        with self.database.write() as session:
            plan = session.get_one(Plan, self.plan)
            answered = {"closing:0": CLOSING, "answer:0": CLOSING, "rating": "8"}
            sends(session, plan, answered, ModalId.PLAN_CLOSING, FRIDAY, view="VC")
            session.commit()


@pytest.fixture
def furnished(database: Database) -> tuple[int, tuple[int, ...]]:
    """Asha made a plan of four items: one helped with, one asked about, one declined, one done, with a buddy."""
    with database.write() as session:
        for one in (T, ELSEWHERE):
            session.add(Workspace(id=one, url="https://acme.slack.com/", bot_user="UAPP"))
        session.flush()
        for one in (OWNER, *OTHERS):
            known = Person(
                workspace=T, id=one, name=one[1:].title(), tz="UTC", welcome_because="was enrolled"
            )
            known.is_guest = one == GUEST
            session.add(known)
        session.add_all(Person(workspace=ELSEWHERE, id=one, name="Else") for one in (OWNER, BUDDY, STRANGER))
        session.flush()
        plan = _plan(session)
        session.get_one(Person, (T, GONE)).is_deactivated = True
        numbers = plan.id, tuple(item.id for item in items(session, plan))
        session.commit()
    return numbers


def _plan(session: Session) -> Plan:
    set_manager(session, T, OWNER, FORMER, Source.ROSTER, None, MONDAY - timedelta(days=30))
    set_manager(session, T, OWNER, BOSS, Source.ROSTER, None, MONDAY - timedelta(days=20))
    store_role(session, T, RoleKey(ADMIN, Duty.ADMIN), None, MONDAY, accepted=True)
    helpers = (HELPER, ASKED, DECLINED, None)
    rows = [
        row(n, due=DUE + timedelta(days=n), helper=helper, action=ITEMS[n])
        for n, helper in enumerate(helpers)
    ]
    plan = made(session, *rows, buddy=BUDDY, others=(MATE,))
    first, _, third, fourth = items(session, plan)
    presses(session, BUDDY, ActionId.AGREE_TO_BUDDY, plan.id)
    presses(session, HELPER, ActionId.AGREE_TO_HELP, first.id)
    presses(session, DECLINED, ActionId.DECLINE_TO_HELP, third.id)
    done(session, plan, fourth, line=EVIDENCE)
    presses(session, OWNER, ActionId.WEEK_DONE, f"{plan.id}:{WEEK}", FRIDAY)
    sends(session, plan, {"line": LINE}, ModalId.PLAN_WEEK, FRIDAY, view="VW", week=WEEK)
    assert (plan.buddy_state, first.helper_state) == (HelpState.ACCEPTED, HelpState.ACCEPTED)
    return plan


@pytest.fixture
async def house(database: Database, furnished: tuple[int, tuple[int, ...]]) -> AsyncIterator[House]:
    """All of it, on both databases."""
    async with services(database, Friday()) as (bot, screen):
        yield House(database, bot, screen, *furnished)


def found(words: str) -> set[str]:
    """Which of Asha's words are there."""
    return {one for one in (*ITEMS, *PRIVATE) if one in words}


@pytest.mark.parametrize("person", OTHERS)
async def test_nobody_sees_or_changes_more_of_a_plan_than_is_theirs(house: House, person: str) -> None:
    """The buddy and the manager of today see the items, a helper the one item, everybody else nothing."""
    before = house.state()
    seen = found(await house.everything(person))
    assert seen == SEES.get(person, set())
    assert house.broken == []
    assert house.state() == before


async def test_its_owner_sees_all_of_it(house: House) -> None:
    """Evidence and the lines of the weeks, too."""
    assert found(await house.type(OWNER, "plan")) == SEES[OWNER]


@pytest.mark.parametrize("person", [BUDDY, HELPER, BOSS, STRANGER])
async def test_what_was_written_at_the_end_is_its_owners_alone(house: House, person: str) -> None:
    """After the plan is closed the words of the last look are seen by nobody else."""
    house.closes()
    before = house.state()
    seen = found(await house.everything(person))
    assert not seen & set(PRIVATE)
    assert house.state() == before
    assert CLOSING in found(await house.type(OWNER, "plan"))
    with house.database.read() as session:
        assert session.get_one(Plan, house.plan).state == PlanState.CLOSED


@pytest.mark.parametrize("person", [OWNER, BUDDY, STRANGER])
async def test_in_another_workspace_there_is_no_such_plan(house: House, person: str) -> None:
    """Also for somebody with the very id of its owner or buddy."""
    before = house.state()
    assert found(await house.everything(person, ELSEWHERE)) == set()
    assert (house.state(), house.broken) == (before, [])


@pytest.mark.parametrize("action", [*HELP, *BUDDYING])
@pytest.mark.parametrize("person", sorted(THEIRS))
async def test_a_word_is_given_for_oneself_only(house: House, person: str, action: ActionId) -> None:
    """Whoever was asked answers for the item (or as the buddy) that they were asked about, and for nothing else."""
    before = house.state()
    for value in house.values():
        await house.press(person, action, value, page=False)
    plans, things, weeks = house.state()
    assert weeks == before[2]
    changed = [(old, new) for old, new in zip(before[1], things, strict=True) if old != new]
    assert all(person in old for old, _ in changed)
    assert plans == before[0] or person == BUDDY
    assert house.broken == []
