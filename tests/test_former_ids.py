"""Facts under an id that a space had once: whatever the path and the order, they land under the id it has now."""

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot.chunks import ChunkWriter
from bot.clock import SystemClock
from bot.former_ids import readdress
from bot.incoming import MessageFact, ReactionFact
from bot.incoming_world import AppRemoved, MembershipFact, SpaceChange, SpaceMoved
from bot.interactions import Press, ShortcutUse, Submission
from bot.past import Said
from bot.profiles import ChannelFact
from bot.rules import history, history_page, messages, reactions, spaces
from bot.transactions import Transactions
from storage.locks import change_ids, hold_ids
from storage.messages import Message
from storage.reactions import Reaction
from storage.session import Database, Session
from storage.spaces import FormerId, Membership, Space, find_former_ids
from storage.workspaces import Workspace

T, A, B, C = "T1", "CA", "CB", "CC"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_TO_B, B_TO_C = SpaceMoved(T, A, B, "1800000001.000000"), SpaceMoved(T, B, C, "1800000002.000000")


@pytest.fixture
async def transactions(database: Database) -> AsyncIterator[Transactions]:
    """Transactions that run in a workspace with the app in the space A."""
    with database.write() as session:
        session.add(Workspace(id=T, url="https://acme.slack.com/", bot_user="UAPP"))
        session.flush()
        session.add(Space(workspace=T, id=A, name="kitchen", app_is_in=True))
        session.commit()
    made = Transactions(database, SystemClock())
    made.start()
    yield made
    await made.stop()


def post(channel: str, n: int, **more: Any) -> MessageFact:
    """Somebody posts message number `n`."""
    return MessageFact(T, channel, f"170000000{n}.000100", author="UASHA", text=f"#solution no {n}", **more)


def places(database: Database) -> set[tuple[str, str, str]]:
    """What is stored, and under which id."""
    with database.read() as session:
        return {
            *(("space", space.id, "") for space in session.scalars(select(Space))),
            *(("message", row.channel, row.text) for row in session.scalars(select(Message))),
            *(("reaction", row.channel, row.emoji) for row in session.scalars(select(Reaction))),
            *(("member", row.channel, row.person) for row in session.scalars(select(Membership))),
        }


async def test_what_comes_late_under_the_old_id_is_stored_under_the_new(
    transactions: Transactions, database: Database
) -> None:
    """Posts, edits, deletions, reactions, members, names and pages of history never make the old space again."""
    await transactions.record(messages.record, post(A, 1))
    await transactions.run(spaces.record_move, A_TO_B)
    reaction = ReactionFact(T, A, post(A, 1).ts, "UMARA", "tada", standing=True, event_ts="1800000003.000000")
    await transactions.record(messages.record, post(A, 2))
    await transactions.record(
        messages.record, replace(post(A, 2), text="mended", version="1800000003.000000")
    )
    await transactions.record(messages.record, replace(post(A, 1), deleted=True))
    await transactions.record(reactions.record, reaction)
    await transactions.run(
        spaces.record_membership, MembershipFact(T, A, "UMARA", came=True, event_ts="1800000004.000000")
    )
    await transactions.run(
        spaces.record_change, SpaceChange(T, A, "name", "bakery", "1800000004.000000", private=False)
    )
    said = Said(post(A, 3), (replace(reaction, ts=post(A, 3).ts, emoji="eyes"),))
    page = history_page.Page(
        T, A, (said,), "1800000005.000000", "1700000002.5", "1700000003.5", said.message.source
    )
    await transactions.run(history_page.record_page, page)
    await transactions.run(history.record_members, history.Members(T, A, ("UASHA", "UMARA")))
    listed = ChannelFact(T, A, "bakery", is_private=False, is_shared=True, is_archived=False)
    (place,) = await transactions.run(
        history.record_listing, history.Listing(T, "1800000006.000000", (listed,))
    )
    assert place.channel == B
    await transactions.run(spaces.record_removal, AppRemoved(T, A, "1800000007.000000"))
    assert places(database) == {
        ("space", B, ""),
        ("message", B, ""),
        ("message", B, "mended"),
        ("message", B, "#solution no 3"),
        ("reaction", B, "tada"),
        ("reaction", B, "eyes"),
        ("member", B, "UASHA"),
        ("member", B, "UMARA"),
    }
    with database.read() as session:
        space = session.get_one(Space, (T, B))
        assert (space.name, space.is_shared, space.app_is_in) == ("bakery", True, False)


STEPS: tuple[tuple[Callable[..., Any], Any], ...] = (
    (spaces.record_move, A_TO_B),
    (spaces.record_move, B_TO_C),
    (messages.record, post(A, 1)),
    (messages.record, post(B, 2)),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(STEPS)))), ids=str)
async def test_changes_in_a_row_end_the_same_in_any_order(
    transactions: Transactions, database: Database, order: tuple[int, ...]
) -> None:
    """A became B became C: whatever is heard first, all is in C, also when every event comes twice."""
    for n in (*order, *order):
        rule, fact = STEPS[n]
        run = transactions.record if rule is messages.record else transactions.run
        await run(rule, fact)
    assert {(kind, channel) for kind, channel, _ in places(database)} == {("space", C), ("message", C)}
    assert len(places(database)) == 1 + 2
    with database.read() as session:
        assert find_former_ids(session, T) == {A: C, B: C}


async def test_a_change_and_what_follows_it_may_wait_in_one_queue(
    transactions: Transactions, database: Database
) -> None:
    """What stands behind the change in the queue is readdressed by it, what stands before goes along."""
    entered, opened = threading.Event(), threading.Event()

    def hold(_session: Session, _fact: Any, _now: datetime) -> None:
        entered.set()
        assert opened.wait(20)

    waiting = [asyncio.ensure_future(transactions.run(hold, post(A, 9)))]
    await asyncio.to_thread(entered.wait, 20)
    waiting.append(asyncio.ensure_future(transactions.record(messages.record, post(A, 1))))
    waiting.append(asyncio.ensure_future(transactions.run(spaces.record_move, A_TO_B)))
    waiting.append(asyncio.ensure_future(transactions.record(messages.record, post(A, 2))))
    await asyncio.sleep(0)
    opened.set()
    await asyncio.gather(*waiting)
    assert places(database) == {
        ("space", B, ""),
        ("message", B, "#solution no 1"),
        ("message", B, "#solution no 2"),
    }


async def test_an_id_that_slack_gives_back_is_current_again(
    transactions: Transactions, database: Database
) -> None:
    """The later change counts, also when the earlier one is delivered once more."""
    back = SpaceMoved(T, B, A, "1800000009.000000")
    for move in (A_TO_B, back, A_TO_B):
        await transactions.run(spaces.record_move, move)
    await transactions.record(messages.record, post(A, 1))
    await transactions.record(messages.record, post(B, 2))
    assert {channel for _, channel, _ in places(database)} == {A}
    with database.read() as session:
        assert find_former_ids(session, T) == {B: A}


async def test_another_workspace_may_have_a_channel_of_that_id(
    transactions: Transactions, database: Database
) -> None:
    """A former id of one workspace says nothing about another's."""
    with database.write() as session:
        session.add(Workspace(id="T2"))
        session.commit()
    await transactions.run(spaces.record_move, A_TO_B)
    await transactions.record(messages.record, replace(post(A, 1), workspace="T2"))
    with database.read() as session:
        assert session.get(Space, ("T2", A)) is not None


async def test_an_import_writes_under_the_new_id(transactions: Transactions, database: Database) -> None:
    """An export that is older than the change knows the old id only."""
    await transactions.run(spaces.record_move, A_TO_B)

    def work(session: Session, rows: Sequence[Said]) -> None:
        messages.record(session, [said.message for said in rows], NOW)

    await asyncio.to_thread(ChunkWriter(database).write, work, [Said(post(A, 1), ())], workspace=T)
    assert ("message", B, "#solution no 1") in places(database)
    assert ("space", A, "") not in places(database)


def test_presses_forms_and_shortcuts_mean_the_space_under_its_new_id() -> None:
    """A button posted before the change still works: where it is, what it says, what its form remembers and holds."""
    press = Press(T, "UASHA", "x", f"{A}:1.2", "t", A, "1.2", None, None, "3", "", {"where": A}, {"space": A})
    assert readdress(press, {A: B}) == replace(
        press, value=f"{B}:1.2", channel=B, metadata={"where": B}, values={"space": B}
    )
    form = Submission(T, "UASHA", "x", "V1", {"spaces": (A, "CX"), "text": "about CA"}, {"at": [A, 1]})
    assert readdress(form, {A: B}) == replace(
        form, values={"spaces": (B, "CX"), "text": "about CA"}, metadata={"at": [B, 1]}
    )
    use = ShortcutUse(T, "UASHA", "x", "t", A, post(A, 1))
    assert readdress(use, {A: B}) == replace(use, channel=B, message=post(B, 1))
    assert readdress(use, {"CX": B}) is use


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite has one writer
def test_no_id_changes_while_somebody_writes(database: Database) -> None:
    """A writer that did not see the change yet has ended before it; two writers do not wait for each other."""
    with database.write() as one, database.write() as two:
        hold_ids(one, T)
        two.execute(text("SET LOCAL lock_timeout = '50ms'"))
        hold_ids(two, T)
        change_ids(two, "T2")
        with pytest.raises(OperationalError, match="lock timeout"):
            change_ids(two, T)


def test_uninstalling_forgets_former_ids(database: Database) -> None:
    """They go with their workspace."""
    with database.write() as session:
        session.add(Workspace(id=T))
        session.flush()
        session.add(FormerId(workspace=T, old=A, new=B, event_ts="1.0"))
        session.flush()
        session.delete(session.get_one(Workspace, T))
        session.flush()
        session.expire_all()
        assert session.scalars(select(FormerId)).all() == []
        session.rollback()
