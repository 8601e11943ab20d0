"""Who gets to an entry: everybody around a learner, whatever they see, by every way in that the app hears at all."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

import handlers
from bot.clock import SystemClock
from bot.errors import BotError
from bot.ids import ActionId, ModalId, ShortcutId
from bot.interactions import CommandUse, Press, ShortcutUse, Submission
from bot.rules import journal, journal_sharing, journal_sight, letters
from bot.rules.journal_sharing import Sharing
from bot.rules.managers import set_manager
from bot.rules.roles import Duty, RoleKey, store_role
from handlers.hearing import Services
from storage.journal import Entry, Way
from storage.managers import Source
from storage.outbox import OutboxRow
from storage.people import Person
from storage.plans import HelpState, Item, Plan
from storage.session import Database, Session
from storage.talks import Talk, choose_entries
from storage.workspaces import Workspace
from tests.handlers.forging import Screen, services
from tests.rules.nouns import NOW, T
from tests.rules.planning import cohort

MARKER = "quince-marmalade-7203"
ELSEWHERE = "T2"
OWNER = "UASHA"
BUDDY, THEN, NOWADAYS, BOSS = "UBUDDY", "UTHEN", "UNOWADAYS", "UBOSS"
MATE, HELPER, STRANGER, ADMIN = "UMATE", "UHELPER", "USTRANGER", "UADMIN"
OTHERS = (BUDDY, THEN, NOWADAYS, BOSS, MATE, HELPER, STRANGER, ADMIN)
READERS = {"buddy": {BUDDY}, "manager": {THEN}, "cohort": {MATE}, "talk": {THEN}}
VISIBLE = [
    (),
    ("buddy",),
    ("manager",),
    ("cohort",),
    ("talk",),
    ("buddy", "cohort"),
    ("buddy", "manager", "cohort", "talk"),
]
WAYS_TO_READ = {ActionId.READ_ENTRY, ActionId.OPEN_ENTRY, ActionId.MORE_OF_ENTRY}


@dataclass
class House:
    """Asha's entry, the app, and what whoever acts just now gets to see."""

    database: Database
    bot: Services
    screen: Screen
    entry: int = 0
    talk: int = 0
    acts: int = 0
    broken: list[str] = field(default_factory=list)

    def becomes_visible(self, *audiences: str) -> None:
        """Asha chooses; then she gets another manager."""
        with self.database.write() as session:
            entry = session.get_one(Entry, self.entry)
            choose_entries(
                session, session.get_one(Talk, self.talk), [entry.id] if "talk" in audiences else []
            )
            offered = journal_sight.choices_for(session, entry)
            keys = tuple(one.key for one in offered if one.audience in audiences)
            assert journal_sharing.share(session, Sharing(T, OWNER, entry.id, keys), NOW)
            set_manager(session, T, OWNER, NOWADAYS, Source.ROSTER, None, NOW + timedelta(days=1))
            session.commit()

    async def press(self, person: str, action: ActionId, value: str, workspace: str = T) -> bool:
        """A button, with a value of one's choice; whether the words were seen."""
        self.acts += 1
        everything = {"entry": self.entry, "under": "V7", "prompt": self.entry, "talk": self.talk}
        press = Press(
            workspace,
            person,
            action,
            value,
            "t",
            "D9",
            "1.2",
            "V8",
            "h",
            f"{self.acts}.1",
            metadata=everything,
        )
        return await self.sees(handlers.PRESSES[action](self.bot, press), person)

    async def send(self, person: str, form: ModalId, workspace: str = T) -> bool:
        """A form that names the entry wherever it may."""
        self.acts += 1
        number = str(self.entry)
        values = {"readers": self.keys(), "entries": (number,), "words": MARKER[:6], "tools": "-"}
        metadata = {"entry": self.entry, "under": ["V7", "V6"], "prompt": self.entry, "talk": self.talk}
        sent = Submission(workspace, person, form, f"V{self.acts}", values, metadata, "t")
        return await self.sees(handlers.FORMS[form](self.bot, sent), person)

    async def type(self, person: str, words: str) -> bool:
        """A command."""
        self.acts += 1
        use = CommandUse(T, person, "C1", words, f"t{self.acts}")
        return await self.sees(handlers.WORDS[words.split(maxsplit=1)[0]](self.bot, use), person)

    async def sees(self, answer: Any, person: str) -> bool:
        """Whether anything that came of it, on the screen or in a letter to this person, has the words."""
        self.screen.shown.clear()
        try:
            said = str(await answer)
        except BotError as error:
            said = str(error)
        except (
            KeyError,
            TypeError,
            ValueError,
            IndexError,
        ) as error:  # a forged value may break what it is not for
            said = str(error)
            self.broken.append(said)
        return MARKER in said + str(self.screen.shown) + str(self.letters_to(person))

    def letters_to(self, person: str) -> list[str]:
        """What waits to be told to somebody; files as they would be sent."""
        with self.database.read() as session:
            rows = [row for row in session.query(OutboxRow) if person in (row.recipient, row.conversation)]
            return [str(row.payload) + rendered(session, row) for row in rows]

    def keys(self) -> tuple[str, ...]:
        """Everybody whom Asha could choose."""
        with self.database.read() as session:
            offered = journal_sight.choices_for(session, session.get_one(Entry, self.entry))
            return tuple(one.key for one in offered)

    def state(self) -> tuple[str, list[str]]:
        """What the entry says and who reads it."""
        with self.database.read() as session:
            entry = session.get_one(Entry, self.entry)
            return journal.words_of(session, entry), journal_sight.reader_lines(session, entry)


def rendered(session: Session, row: OutboxRow) -> str:
    """A file that is written only as it is sent."""
    render = letters.RENDER.get(str(row.payload.get("render")))
    return str(render(session, row.workspace, row.recipient or "", row.payload)) if render else ""


@pytest.fixture
def furnished(database: Database) -> tuple[int, int]:
    """Asha finished a programme with a mate; she has a buddy, a helper, a manager with a boss, and a talk."""
    with database.write() as session:
        session.add_all(
            Workspace(id=one, url="https://acme.slack.com/", bot_user="UAPP") for one in (T, ELSEWHERE)
        )
        session.flush()
        session.add_all(Person(workspace=T, id=one, name=one[1:].title()) for one in (OWNER, *OTHERS))
        session.add_all(Person(workspace=ELSEWHERE, id=one, name="Else") for one in (OWNER, BUDDY, STRANGER))
        session.flush()
        mine, *_ = cohort(session, OWNER, MATE)
        ends = (NOW + timedelta(days=300)).date()
        plan = Plan(workspace=T, enrolment=mine.id, person=OWNER, state="active", made_at=NOW, ends_on=ends)
        plan.buddy, plan.buddy_state = BUDDY, HelpState.ACCEPTED
        session.add(plan)
        session.flush()
        item = Item(workspace=T, plan=plan.id, number=1, cue="a", action="b", due_on=ends, state="open")
        item.helper, item.helper_state = HELPER, HelpState.ACCEPTED
        session.add(item)
        set_manager(session, T, OWNER, THEN, Source.ROSTER, None, NOW)
        set_manager(session, T, THEN, BOSS, Source.ROSTER, None, NOW)
        store_role(session, T, RoleKey(ADMIN, Duty.ADMIN), None, NOW, accepted=True)
        talk = Talk(
            workspace=T,
            enrolment=mine.id,
            learner=OWNER,
            manager=THEN,
            state="agreed",
            offers=[],
            uid="u",
            starts_at=NOW,
        )
        session.add(talk)
        entry = journal.record_answer(session, T, OWNER, None, f"{MARKER} " * 2_000, Way.FORM, NOW)
        session.flush()
        numbers = entry.id, talk.id
        session.commit()
    return numbers


@pytest.fixture
async def house(database: Database, furnished: tuple[int, int]) -> AsyncIterator[House]:
    """All of it, on both databases."""
    async with services(database, SystemClock()) as (bot, screen):
        yield House(database, bot, screen, *furnished)


@pytest.mark.parametrize("audiences", VISIBLE, ids=lambda chosen: "+".join(chosen) or "nobody")
async def test_only_those_chosen_get_to_an_entry_by_the_ways_of_the_journal(
    house: House, audiences: tuple[str, ...]
) -> None:
    """Buttons, forms, commands, the page for the talk, with forged values: the chosen read, and nobody does more."""
    house.becomes_visible(*audiences)
    before = house.state()
    readers = set().union(*(READERS[one] for one in audiences))
    for person in OTHERS:
        may = person in readers
        for action in handlers.journal_entries.PRESSES:
            seen = await house.press(person, action, str(house.entry))
            assert seen == (may and action in WAYS_TO_READ), (person, action)
        for action in handlers.journal.PRESSES:
            assert not await house.press(person, action, str(house.entry)), (person, action)
        for form in (*handlers.journal.FORMS, *handlers.journal_entries.FORMS):
            assert not await house.send(person, form), (person, form)
        for words in ("", "list", "search quince", "quince", "edit", "shared", "export"):
            assert not await house.type(person, f"journal {words}"), (person, words)
        brief = await house.press(person, ActionId.READ_TALK_BRIEF, str(house.talk))
        assert brief == (person == THEN and "talk" in audiences), person
        for action in () if person == THEN else handlers.talks.PRESSES:  # the talk itself is his to end
            assert not await house.press(person, action, str(house.talk)), (person, action)
    assert (house.state(), house.broken) == (before, [])
    assert await house.press(OWNER, ActionId.OPEN_ENTRY, str(house.entry))
    assert await house.type(OWNER, "journal")


@pytest.mark.parametrize("person", [STRANGER, ADMIN, NOWADAYS])
async def test_no_button_or_form_of_the_whole_app_shows_it_to_others(house: House, person: str) -> None:
    """Everything that the app hears at all, with the number of the entry and of the talk in every place."""
    house.becomes_visible("buddy", "manager", "cohort", "talk")
    before = house.state()
    for action in handlers.PRESSES:
        for value in (str(house.entry), str(house.talk)):
            assert not await house.press(person, action, value), action
    for form in handlers.FORMS:
        assert not await house.send(person, form), form
    for word in handlers.WORDS:
        assert not await house.type(person, f"{word} {MARKER[:6]}"), word
    use = ShortcutUse(T, person, ShortcutId.WRITE, "t")
    assert not await house.sees(handlers.SHORTCUTS[ShortcutId.WRITE](house.bot, use), person)
    assert house.state() == before


@pytest.mark.parametrize("person", [OWNER, BUDDY, STRANGER])
async def test_in_another_workspace_there_is_no_such_entry(house: House, person: str) -> None:
    """Also for somebody with the very id of its writer or of its reader."""
    house.becomes_visible("buddy", "manager", "cohort", "talk")
    before = house.state()
    for action in (*handlers.journal_entries.PRESSES, *handlers.talks.PRESSES):
        assert not await house.press(person, action, str(house.entry), ELSEWHERE), action
    for form in (*handlers.journal.FORMS, *handlers.journal_entries.FORMS, *handlers.talks.FORMS):
        assert not await house.send(person, form, ELSEWHERE), form
    assert house.state() == before
