import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.rules import letters
from bot.sandbox.messages import post
from bot.sandbox.model import Message
from bot.sender import Sender
from storage.outbox import post_to_person, post_to_space
from storage.session import Database, open_database
from tests.conftest import PostgresServer
from tests.letterbox import Letterbox, Unhurried, open_letterbox

PAST = datetime(2020, 1, 1, tzinfo=UTC)
EVERYTHING_GOES_WRONG = [
    {"method": "*", "fault": fault, "probability": 0.12}
    for fault in ("429", "500", "close", "500_after", "close_after", "timeout_after")
]


@pytest.fixture
async def box(database: Database) -> AsyncIterator[Letterbox]:
    """Everything but a running sender."""
    async with open_letterbox(database) as opened:
        yield opened


async def drop(sender: Sender) -> None:
    """End a sender as if its process had died: nothing is finished, nothing is recorded."""
    tasks = [task for task in (sender._loop_task, *sender._tasks) if task is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_senders_that_die_lose_and_double_nothing(box: Letterbox) -> None:
    """Killed at random points while Slack misbehaves: every letter is read once, in order."""
    chance = random.Random(5)
    channels = [box.channel, box.new_channel("second"), box.new_channel("third")]
    for channel in channels:
        await box.put_texts(channel, *(str(number) for number in range(6)))
    await box.put(*(post_to_person(box.team, box.person, {"text": str(number)}) for number in range(6)))
    box.sandbox.faults.replace(EVERYTHING_GOES_WRONG)
    for _ in range(12):
        sender = box.new_sender()
        sender.start()
        await asyncio.sleep(chance.uniform(0.0, 0.6))
        await drop(sender)
    box.sandbox.faults.replace([])
    box.sender.start()
    await box.until_idle()
    assert set(box.states()) == {"sent"}
    dm = box.rows()[-1].conversation
    for channel in [*channels, dm]:
        assert box.texts(channel) == [str(number) for number in range(6)]


async def test_a_letter_in_flight_at_a_crash_is_looked_for_first(box: Letterbox) -> None:
    """Taken by Slack, not marked by us: the next sender finds it instead of sending it again."""
    await box.put_texts(box.channel, "once")
    box.fault("chat.postMessage", "timeout_after")
    sender = box.new_sender()
    sender.start()
    await box.until(lambda: len(box.said(box.channel)) == 1)
    await drop(sender)
    assert box.states() == ["sending"]
    box.sender.start()
    await box.until_idle()
    assert box.states() == ["sent"]
    assert box.texts(box.channel) == ["once"]
    assert len(box.calls("chat.postMessage")) == 1


async def test_a_stopped_sender_lets_calls_end_and_leaves_the_rest(box: Letterbox) -> None:
    """What was in flight is marked, what waits goes with the next start."""
    await box.put_texts(box.channel, *(str(number) for number in range(30)))
    sender = box.new_sender()
    sender.start()
    await box.until(lambda: len(box.said(box.channel)) > 0)
    await sender.stop()
    sent = len(box.said(box.channel))
    assert box.states() == ["sent"] * sent + ["waiting"] * (30 - sent)
    assert sent < 30
    box.sender.start()
    await box.until_idle()
    assert box.texts(box.channel) == [str(number) for number in range(30)]


def copy_of(box: Letterbox, row: Any) -> Message:
    """Slack posts our letter late, after it was sent again."""
    metadata = {"event_type": "commonplace_letter", "event_payload": {"key": row.key}}
    return post(box.world, box.channel, box.world.app.user, row.payload["text"], metadata=metadata)


async def test_extra_copies_are_removed_a_minute_later(box: Letterbox) -> None:
    """A letter that was ever in doubt is looked for again, and only the copy that we know stays."""
    await box.put_texts(box.channel, "once")
    box.fault("chat.postMessage", "timeout")
    box.sender.start()
    await box.until_idle()
    (row,) = box.rows()
    assert row.recheck_at is not None
    late = copy_of(box, row)
    box.change(row.id, recheck_at=PAST)
    await box.until(lambda: box.rows()[0].recheck_at is None)
    (stays,) = box.said(box.channel)
    assert (stays.ts, box.states()) == (row.ts, ["sent"])
    assert late.ts != row.ts


async def test_an_extra_copy_that_is_heard_is_removed_at_once(box: Letterbox) -> None:
    """The event of a second copy starts the look."""
    await box.put_texts(box.channel, "once")
    box.sender.start()
    await box.until_idle()
    (row,) = box.rows()
    late = copy_of(box, row)
    await box.transactions.record(
        letters.record_heard, letters.Heard(box.team, row.key, box.channel, late.ts)
    )
    await box.until(lambda: [message.ts for message in box.said(box.channel)] == [row.ts])


async def test_a_missed_reminder_that_arrived_late_counts_as_sent(box: Letterbox) -> None:
    """The second look finds it; it is not told as missed any longer."""
    await box.put(post_to_space(box.team, box.channel, {"text": "Tomorrow!"}, reminder=True))
    box.fault("chat.postMessage", "timeout")
    box.sender.start()
    await box.until(lambda: box.states() == ["failed"])
    (row,) = box.rows()
    late = copy_of(box, row)
    box.change(row.id, recheck_at=PAST)
    await box.until(lambda: box.states() == ["sent"])
    assert box.rows()[0].ts == late.ts


async def test_a_doubt_waits_until_slack_can_be_read(box: Letterbox) -> None:
    """While reading fails too, nothing is sent again."""
    await box.put_texts(box.channel, "once")
    box.sandbox.faults.replace(
        [
            {"method": "chat.postMessage", "fault": "close_after", "times": 1},
            {"method": "conversations.history", "fault": "429", "times": 2},
        ]
    )
    box.sender.start()
    await box.until_idle()
    assert box.states() == ["sent"]
    assert box.texts(box.channel) == ["once"]
    assert len(box.calls("chat.postMessage")) == 1


async def test_a_conversation_is_held_for_ten_minutes_only(box: Letterbox) -> None:
    """A letter that cannot go delays the later ones, but not for ever."""
    box.sandbox.faults.replace(
        [{"method": "chat.postMessage", "fault": "error:service_unavailable", "times": 1}]
    )
    first, second = await box.put_texts(box.channel, "first", "second")
    sender = box.new_sender()
    sender.start()
    await box.until(lambda: box.row(first).error == "service_unavailable")
    await drop(sender)
    box.change(first, retry_at=datetime.now(UTC) + timedelta(hours=1))
    assert await box.due() == []
    box.change(first, held_until=PAST)
    assert await box.due() == [second]
    box.sender.start()
    await box.until(lambda: box.states() == ["waiting", "sent"])


async def test_a_root_that_cannot_go_holds_other_conversations_for_ten_minutes_only(box: Letterbox) -> None:
    """A letter that waits for one in another conversation lets the later ones pass in the end."""
    other = box.new_channel("other")
    box.fault("chat.postMessage", "429", retry_after=3600)
    (root,) = await box.put_texts(box.channel, "root")
    box.sender.start()
    await box.until(lambda: box.row(root).error == "ratelimited")
    await box.sender.stop()
    (reply,) = await box.put(post_to_space(box.team, other, {"text": "see there"}, target_of=root))
    (later,) = await box.put_texts(other, "later")
    box.pace = Unhurried()
    box.sender = box.new_sender()
    box.sender.start()
    await box.until(lambda: box.row(reply).held_until is not None)
    assert await box.due() == []
    box.change(reply, held_until=PAST)
    await box.until(lambda: box.states() == ["waiting", "waiting", "sent"])
    assert box.row(later).state == "sent"


@pytest.mark.postgresql
async def test_replicas_share_the_work_and_send_nothing_twice(postgresql: PostgresServer) -> None:
    """Three senders on one PostgreSQL: each letter goes once, each conversation keeps its order."""
    database = open_database(postgresql.new_database())
    async with open_letterbox(database) as box:
        channels = [box.channel, *(box.new_channel(f"room-{number}") for number in range(5))]
        for channel in channels:
            await box.put_texts(channel, *(str(number) for number in range(10)))
        await box.put(*(post_to_person(box.team, box.person, {"text": str(n)}) for n in range(10)))
        replicas = [box.sender, *(box.new_replica() for _ in range(2))]
        for sender in replicas:
            sender.start()
        await box.until_idle()
        for channel in [*channels, box.rows()[-1].conversation]:
            assert box.texts(channel) == [str(number) for number in range(10)]
    database.close()
