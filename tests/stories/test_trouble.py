"""A locked database, a full disk, a closed socket, an angry Slack: nothing is lost, and it mends itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from sqlalchemy import Connection, event, select, text

from bot.ids import ShortcutId
from storage.messages import Message
from storage.session import Database
from tests.people import Post, eventually
from tests.stories.conftest import Office


def recorded(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(select(Message.ts).where(~Message.by_bot)))


async def everything_is_recorded(office: Office, posts: list[Post]) -> bool:
    return {post.ts for post in posts} <= recorded(office.database)


async def test_a_locked_database_delays_and_loses_nothing(office: Office) -> None:
    """Somebody else holds the database for a while: Slack delivers again, and all is recorded."""
    with office.database.write() as session:
        if office.database.is_sqlite:
            session.execute(text("SELECT 1"))  # BEGIN IMMEDIATE holds the write lock
        else:
            session.execute(text("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE"))
        posts = [await office.asha.posts("#kitchen", f"#insight number {n}") for n in range(5)]
        session.rollback()
    await eventually(lambda: everything_is_recorded(office, posts), within=30)


@pytest.mark.parametrize("backend", ["sqlite"])  # a full PostgreSQL server refuses in its own ways
async def test_a_full_disk_delays_and_loses_nothing(office: Office) -> None:
    """SQLite has no page left: nothing is acknowledged, and once there is room all of it is recorded."""
    refused = await retries(office)
    with no_page_left(office.database):
        posts = [await office.asha.posts("#kitchen", f"#insight {'words ' * 800} {n}") for n in range(5)]
        await eventually(lambda: retried_since(office, refused), within=30)
        assert not await everything_is_recorded(office, posts)
    await eventually(lambda: everything_is_recorded(office, posts), within=30)


async def retries(office: Office) -> int:
    return int((await office.workplace.deliveries())["retried"])


async def retried_since(office: Office, before: int) -> bool:
    return await retries(office) > before


@contextmanager
def no_page_left(database: Database) -> Iterator[None]:
    """SQLite may not grow, as on a full disk."""

    def limit(connection: Connection, pages: str = "1") -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")  # never below the present size

    event.listen(database.writer, "begin", limit)
    yield
    event.remove(database.writer, "begin", limit)
    event.listen(database.writer, "begin", lambda connection: limit(connection, "1073741823"))


async def test_a_closed_socket_is_opened_again(office: Office) -> None:
    """Slack refreshes its connections; what was posted meanwhile is recorded without a restart."""
    posts = []
    for n in range(4):
        office.sandbox.sockets.disconnect()
        posts.append(await office.mara.posts("#kitchen", f"#til number {n}"))
    await eventually(lambda: everything_is_recorded(office, posts), within=40)


async def test_an_angry_slack_gets_each_letter_once(office: Office) -> None:
    """429 and 500 while letters go out: each nominated post has one card in the end."""
    await office.workplace.goes_wrong(
        {"method": "chat.postMessage", "fault": "429", "times": 2, "retry_after": 1},
        {"method": "reactions.add", "fault": "500", "times": 2},
    )
    post = await office.asha.posts("#kitchen", "knead it for nine minutes")
    await office.mara.reacts(post, "bulb")
    tagged = await office.tomas.posts("#kitchen", "#solution warm the bowl first")
    await eventually(lambda: shown(office, tagged, "green_book"), within=40)
    await eventually(lambda: one_card(office), within=40)


async def shown(office: Office, post: Post, emoji: str) -> bool:
    messages = await office.asha.sees("#kitchen")
    return any(m["ts"] == post.ts and emoji in str(m.get("reactions")) for m in messages)


async def one_card(office: Office) -> bool:
    cards = [m for m in await office.asha.dm_from_app() if "agree_to_nomination" in str(m.get("blocks"))]
    return len(cards) == 1


@pytest.mark.parametrize("fault", ["timeout", "timeout_after", "500", "error:expired_trigger_id"])
@pytest.mark.parametrize("backend", ["sqlite"])  # nothing of it reaches the database
async def test_a_form_that_slack_does_not_show_costs_nothing(
    office: Office, logged: StringIO, fault: str
) -> None:
    """The command is answered in time with what was typed, a shortcut is used again, a line is logged for each."""
    await office.asha.types("/learn help")
    await office.workplace.goes_wrong({"method": "views.open", "fault": fault, "times": 2})
    answer = await office.asha.types("/learn share knead it for nine minutes")
    assert "/learn share knead it for nine minutes" in str(answer)
    await office.asha.uses_shortcut(ShortcutId.SHARE)
    lost = [line for line in logged.getvalue().splitlines() if "form not shown" in line]
    assert len(lost) == 2
    assert "listener failed" not in logged.getvalue()
    for view in await office.asha.views():
        await office.asha.closes(view)
    await office.asha.uses_shortcut(ShortcutId.SHARE)
    assert "Share" in str((await office.asha.form())["title"])
