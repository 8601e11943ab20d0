import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from cryptography.fernet import Fernet
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text

from bot import history_pages, slack_reading
from bot.catch_up import CatchUp
from bot.incoming import MessageFact, ReactionFact
from bot.poison import keep_failure, unpack
from bot.rules import messages, reactions
from bot.sandbox import Sandbox, empty_world, seeded_world
from bot.sandbox.conversations import add_member, create, remove_member, rename
from bot.sandbox.files import add_file
from bot.sandbox.messages import delete, edit, post, react, unreact
from bot.sandbox.model import Message
from bot.sandbox.people import add_person, new_person
from bot.secrets import Vault
from bot.slack_ts import ts_of
from bot.transactions import Transactions
from storage.session import Database
from storage.stats import read_stats
from storage.workspaces import Workspace

Rows = list[tuple[Any, ...]]


class Bot:
    """Catch-up with everything real around it, and a world to live in while nobody listens."""

    def __init__(self, sandbox: Sandbox, database: Database) -> None:
        self.sandbox, self.database, self.world = sandbox, database, sandbox.world
        self.team = self.world.team
        self.transactions = Transactions(database, sandbox.clock)
        self.session = aiohttp.ClientSession()
        self.vault = Vault((Fernet.generate_key().decode(),))
        self.catch_up = self.new_catch_up()
        self.ada = self.world.default_person

    def new_catch_up(self) -> CatchUp:
        """As a restarted process has one."""
        return CatchUp(self.transactions, self.sandbox.clock, self._client_for, self._set_aside)

    async def _set_aside(self, rule: Any, fact: Any, grouped: bool, error: Exception) -> None:
        await keep_failure(self.transactions, self.vault, rule, fact, error, grouped=grouped)

    async def _client_for(self, _workspace: str) -> AsyncWebClient:
        token, url = self.sandbox.bot_token, self.sandbox.api_url
        return AsyncWebClient(token, url, session=self.session, retry_handlers=[])

    def introduce(self) -> None:
        """The workspace is known, as after the first word with Slack."""
        with self.database.write() as session:
            app = self.world.app
            session.add(
                Workspace(id=self.team, url=self.sandbox.url + "/", bot_user=app.user, bot_id=app.bot_id)
            )
            session.commit()

    def channel(self, name: str, kind: Any = "channel", *, with_app: bool = True) -> str:
        """A new channel, with the app in it."""
        made = create(self.world, self.ada, name, kind=kind)
        if with_app:
            self.invite(made.id)
        return made.id

    def invite(self, channel: str) -> None:
        """Ada lets the app in."""
        add_member(self.world, self.world.conversations[channel], self.world.app.user, inviter=self.ada)

    def person(self, name: str, channel: str, **details: Any) -> str:
        """Somebody more, in this channel."""
        made = add_person(self.world, new_person(self.world, name, **details))
        add_member(self.world, self.world.conversations[channel], made.id)
        return made.id

    def says(self, channel: str, words: str, thread: Message | None = None, **more: Any) -> Message:
        """Ada posts, or replies."""
        return post(self.world, channel, self.ada, words, thread_ts=thread.ts if thread else None, **more)

    def later(self, **step: float) -> None:
        """Time passes."""
        self.sandbox.clock.move_by(timedelta(**step))

    async def run(self) -> None:
        """Catch up."""
        await self.catch_up.run(self.team)

    def rows(self, query: str, **values: Any) -> Rows:
        """What a query finds."""
        with self.database.read() as session:
            return [tuple(row) for row in session.execute(text(query), values)]

    def texts(self) -> list[str]:
        """The words of what stands, in order."""
        return [row[0] for row in self.rows("SELECT text FROM messages WHERE NOT deleted ORDER BY ts")]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The calls made of this method."""
        return [call for call in self.sandbox.web_api.calls if call["method"] == method]


async def _bot(world: Any, database: Database) -> AsyncIterator[Bot]:
    async with Sandbox(port=0, world=world) as sandbox:
        made = Bot(sandbox, database)
        made.introduce()
        made.transactions.start()
        yield made
        await made.transactions.stop()
        await made.session.close()


@pytest.fixture
async def bot(database: Database) -> AsyncIterator[Bot]:
    """In an empty workspace."""
    async for made in _bot(empty_world(), database):
        yield made


async def test_a_seeded_life_arrives(database: Database) -> None:
    """After the very first start, what the workspace lived through with the app is there, and again changes nothing."""
    async for bot in _bot(seeded_world(), database):
        await bot.run()
        before = await bot.transactions.read(read_stats)
        spoken = [
            message
            for conversation in bot.world.conversations.values()
            if bot.world.app.user in conversation.members and not conversation.is_direct
            for message in conversation.messages.values()
            if message.subtype in ("", None, "thread_broadcast", "file_share", "me_message", "bot_message")
        ]
        assert before["messages"] == len(spoken)
        assert min(before["contributions"], before["questions"], before["discussions"]) > 0
        assert bot.rows("SELECT count(*) FROM people WHERE name = ''") == [(0,)]
        await bot.new_catch_up().run(bot.team)
        assert await bot.transactions.read(read_stats) == before


async def test_only_what_was_said_with_the_app_is_read(bot: Bot) -> None:
    """Reading begins at the line that tells of our coming; the inviter runs the space."""
    channel = bot.channel("learning", with_app=False)
    bot.says(channel, "before")
    bot.later(minutes=5)
    bot.invite(channel)
    bot.says(channel, "after")
    elsewhere = bot.channel("elsewhere", with_app=False)
    bot.says(elsewhere, "not for us")
    bot.later(minutes=5)
    await bot.run()
    assert bot.texts() == ["after"]
    assert bot.rows("SELECT name, is_private, app_is_in FROM spaces") == [("learning", False, True)]
    assert bot.rows("SELECT person, scope FROM roles WHERE role = 'facilitator'") == [(bot.ada, channel)]


async def test_a_downtime_leaves_no_gap(bot: Bot) -> None:
    """Posts, replies, edits, deletions, reactions and files of a downtime end as if we had heard them."""
    channel = bot.channel("learning")
    cleo = bot.person("cleo", channel)
    kept, changed, gone = (bot.says(channel, words) for words in ("kept", "changes", "goes"))
    lost = bot.says(channel, "a reply that goes", kept)
    react(bot.world, channel, kept.ts, cleo, "tada")
    bot.later(minutes=10)
    await bot.run()
    assert bot.rows("SELECT replies FROM discussions") == [(1,)]
    bot.later(days=2)
    edit(bot.world, changed, {"text": "#til changed"})
    delete(bot.world, gone)
    delete(bot.world, lost)
    unreact(bot.world, channel, kept.ts, cleo, "tada")
    answer = bot.says(channel, "a new reply", kept)
    react(bot.world, channel, answer.ts, cleo, "heart")
    clip = add_file(bot.world, "clip.mp4", b"x" * 9, bot.ada)
    bot.says(channel, "see", files=[clip.id])
    bot.later(minutes=10)
    await bot.run()
    assert bot.texts() == ["kept", "#til changed", "a new reply", "see"]
    assert bot.rows("SELECT emoji FROM reactions WHERE standing") == [("heart",)]
    assert bot.rows("SELECT replies, last_ts FROM discussions") == [(1, answer.ts)]
    assert bot.rows("SELECT state FROM contributions") == [("kept",)]
    assert bot.rows("SELECT count(*) FROM files") == [(1,)]


async def test_a_reaction_put_there_again_stands_again(bot: Bot) -> None:
    """A reaction that we heard being taken away, and that is back now, counts."""
    channel = bot.channel("learning")
    said = bot.says(channel, "hello")
    bot.later(minutes=10)
    await bot.run()
    at = ts_of(bot.sandbox.clock.now())
    taken = ReactionFact(bot.team, channel, said.ts, bot.ada, "tada", standing=False, event_ts=at)
    await bot.transactions.record(reactions.record, taken)
    react(bot.world, channel, said.ts, bot.ada, "tada")
    bot.later(minutes=10)
    await bot.run()
    assert bot.rows("SELECT emoji FROM reactions WHERE standing") == [("tada",)]


async def test_old_news_starts_no_letter(bot: Bot) -> None:
    """A 💡 of last month asks nobody; one of yesterday does. Threads that ended long ago arrive closed."""
    channel = bot.channel("learning")
    cleo = bot.person("cleo", channel)
    old, thread = bot.says(channel, "old wisdom"), bot.says(channel, "old thread")
    bot.says(channel, "old reply", thread)
    react(bot.world, channel, old.ts, cleo, "bulb")
    bot.later(days=30)
    new, alive = bot.says(channel, "new wisdom"), bot.says(channel, "new thread")
    bot.says(channel, "new reply", alive)
    react(bot.world, channel, new.ts, cleo, "bulb")
    bot.later(days=1)
    await bot.run()
    assert bot.rows("SELECT ts FROM nominations") == [(new.ts,)]
    found: dict[str, str] = dict(bot.rows("SELECT ts, state FROM discussions"))
    assert found == {thread.ts: "closed", alive.ts: "open"}


async def test_pages_are_read_and_an_interrupted_reading_goes_on(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between two pages leaves the rest to the next one, which reads no gap and nothing twice."""
    monkeypatch.setattr(history_pages, "PAGE", 4)
    channel = bot.channel("learning")
    first = [bot.says(channel, f"word {n}") for n in range(18)]
    bot.later(days=40)
    read, seen = history_pages.HistoryReader.read_page, 0

    async def dies(self: Any, stretch: Any, *, thorough: bool) -> Any:
        nonlocal seen
        seen += 1
        if seen > 2:
            raise asyncio.CancelledError
        return await read(self, stretch, thorough=thorough)

    monkeypatch.setattr(history_pages.HistoryReader, "read_page", dies)
    with pytest.raises(asyncio.CancelledError):
        await bot.run()
    monkeypatch.setattr(history_pages.HistoryReader, "read_page", read)
    assert bot.texts() == [f"word {n}" for n in range(10, 18)]
    bot.says(channel, "meanwhile")
    bot.later(minutes=5)
    await bot.new_catch_up().run(bot.team)
    assert bot.texts() == [*(message.text for message in first), "meanwhile"]
    assert {row[0] for row in bot.rows("SELECT reading FROM spaces")} <= {None, "null"}


async def test_one_message_that_we_cannot_take_in_stops_no_other(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours with one message costs nothing else, and that message is kept sealed, once, to be run again."""
    channel = bot.channel("learning")
    cleo = bot.person("cleo", channel)
    for words in ("one", "poison", "three"):
        react(bot.world, channel, bot.says(channel, words).ts, cleo, "tada")
    merge = messages.merge

    def fails(facts: Any) -> Any:
        if any(fact.text == "poison" for fact in facts):
            raise KeyError
        return merge(facts)

    monkeypatch.setattr(messages, "merge", fails)
    await bot.run()
    assert bot.texts() == ["one", "three"]
    assert bot.rows("SELECT emoji FROM reactions WHERE standing") == [("tada",)] * 3
    assert bot.rows("SELECT count(*) FROM spaces WHERE caught_up_ts IS NOT NULL") == [(1,)]
    bot.later(minutes=10)
    await bot.run()
    ((rule, sealed),) = bot.rows("SELECT rule, fact FROM failed_facts")
    assert (rule, "poison" in sealed) == ("bot.rules.messages.record", False)
    monkeypatch.undo()
    with bot.database.write() as session:
        unpack(sealed, bot.vault).run(session, bot.sandbox.clock.now())
        session.commit()
    assert bot.texts() == ["one", "poison", "three"]


async def test_a_short_gap_hides_no_change_to_a_reply_of_the_last_day(bot: Bot) -> None:
    """An edit and a reaction in a thread show nowhere else; threads that rest are left for the longer look."""
    channel = bot.channel("learning")
    cleo = bot.person("cleo", channel)
    old, new = bot.says(channel, "old thread"), bot.says(channel, "new thread")
    bot.says(channel, "old reply", old)
    bot.later(days=2)
    reply = bot.says(channel, "reply", new)
    bot.later(minutes=10)
    await bot.run()
    bot.later(minutes=2)
    edit(bot.world, reply, {"text": "a better reply"})
    react(bot.world, channel, reply.ts, cleo, "tada")
    before = len(bot.calls("conversations.replies"))
    await bot.run()
    assert "a better reply" in bot.texts()
    assert bot.rows("SELECT emoji FROM reactions WHERE standing") == [("tada",)]
    assert [call["args"]["ts"] for call in bot.calls("conversations.replies")[before:]] == [new.ts]


@pytest.mark.parametrize(("fault", "more"), [("429", {"retry_after": 1}), ("500", {}), ("close", {})])
async def test_a_slack_that_stumbles_is_asked_again(
    bot: Bot, fault: str, more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Retry-After is respected, faults that pass are waited for, and nothing is missing in the end."""
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(slack_reading.SlackReader.__init__, "__defaults__", (rest,))
    channel = bot.channel("learning")
    bot.says(channel, "hello")
    bot.sandbox.faults.replace([{"method": "conversations.history", "fault": fault, "times": 2, **more}])
    await bot.new_catch_up().run(bot.team)
    assert bot.texts() == ["hello"]
    # The HTTP library asks once more by itself when a connection breaks.
    assert len(rests) == (1 if fault == "close" else 2)
    if fault == "429":
        assert rests == [1.0, 1.0]


async def test_what_slack_refuses_keeps_us_from_nothing_else(bot: Bot) -> None:
    """One channel that cannot be read leaves the others readable, and is tried again next time."""
    for name in ("first", "second"):
        bot.says(bot.channel(name), name)
    refusal = {"method": "conversations.history", "fault": "error:missing_scope", "times": 1}
    bot.sandbox.faults.replace([refusal])
    await bot.run()
    assert len(bot.texts()) == 1
    assert bot.rows("SELECT heard_at FROM workspaces") == [(None,)]
    await bot.run()
    assert sorted(bot.texts()) == ["first", "second"]
    assert bot.rows("SELECT heard_at FROM workspaces") != [(None,)]


async def test_spaces_and_members_are_as_slack_says_now(bot: Bot) -> None:
    """A new name, a private kind, who came and went, and that we were sent away, are all known after a downtime."""
    secret, left = bot.channel("secret", "private"), bot.channel("left")
    cleo = bot.person("cleo", secret)
    await bot.run()
    assert bot.rows("SELECT is_private FROM spaces WHERE id = :id", id=secret)[0][0]
    rename(bot.world, bot.world.conversations[secret], bot.ada, "renamed")
    remove_member(bot.world, bot.world.conversations[secret], cleo)
    dan = bot.person("dan", secret, tz="Asia/Tokyo")
    remove_member(bot.world, bot.world.conversations[left], bot.world.app.user)
    bot.later(hours=1)
    await bot.run()
    assert bot.rows("SELECT name FROM spaces WHERE id = :id", id=secret) == [("renamed",)]
    members = {row[0] for row in bot.rows("SELECT person FROM memberships WHERE channel = :id", id=secret)}
    assert members == {bot.ada, dan, bot.world.app.user}
    assert not bot.rows("SELECT app_is_in FROM spaces WHERE id = :id", id=left)[0][0]
    assert bot.rows("SELECT tz FROM people WHERE id = :id", id=dan) == [("Asia/Tokyo",)]


async def test_coming_back_reads_from_the_new_coming_on(bot: Bot) -> None:
    """What was said while the app was not in the space stays unread, what came after is read."""
    channel = bot.channel("learning")
    bot.says(channel, "with us")
    bot.later(minutes=10)
    await bot.run()
    remove_member(bot.world, bot.world.conversations[channel], bot.world.app.user)
    bot.later(minutes=10)
    await bot.run()
    bot.says(channel, "without us")
    bot.later(minutes=10)
    bot.invite(channel)
    bot.says(channel, "with us again")
    bot.later(minutes=10)
    await bot.run()
    assert bot.texts() == ["with us", "with us again"]


async def test_reading_back_is_silent_and_goes_as_far_as_asked(bot: Bot) -> None:
    """The past before our coming is read when asked, without a letter, and not what is older than that."""
    channel = bot.channel("learning", with_app=False)
    cleo = bot.person("cleo", channel)
    bot.says(channel, "too old")
    bot.later(days=60)
    wise, thread = bot.says(channel, "#solution wise"), bot.says(channel, "thread")
    react(bot.world, channel, thread.ts, cleo, "bulb")
    bot.says(channel, "reply", thread)
    bot.later(days=10)
    bot.invite(channel)
    bot.later(days=1)
    await bot.run()
    assert bot.texts() == []
    before = bot.rows("SELECT count(*) FROM outbox")
    await bot.catch_up.read_back(bot.team, channel, 30)
    assert bot.texts() == ["#solution wise", "thread", "reply"]
    assert bot.rows("SELECT ts FROM contributions") == [(wise.ts,)]
    assert bot.rows("SELECT state FROM discussions") == [("open",)]
    assert bot.rows("SELECT count(*) FROM nominations") == [(0,)]
    assert bot.rows("SELECT count(*) FROM outbox") == before
    assert bot.rows("SELECT read_back_days FROM spaces") == [(None,)]
    assert bot.rows("SELECT count(*) FROM spaces WHERE read_back_at IS NOT NULL") == [(1,)]


async def test_who_reacted_is_asked_where_slack_told_only_some(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count above the people named is completed; what stays untold is never taken for taken away."""
    channel = bot.channel("learning")
    cleo = bot.person("cleo", channel)
    said = bot.says(channel, "hello")
    for who in (bot.ada, cleo):
        react(bot.world, channel, said.ts, who, "tada")
    short = _short_of_people(slack_reading.SlackReader.call)
    monkeypatch.setattr(slack_reading.SlackReader, "call", short)
    await bot.run()
    assert len(bot.calls("reactions.get")) == 1
    assert len(bot.rows("SELECT 1 FROM reactions WHERE standing")) == 2


def _short_of_people(call: Callable[..., Any]) -> Callable[..., Any]:
    """History names the first of those who reacted only."""

    async def shortened(self: Any, method: str, **arguments: Any) -> Any:
        answer = await call(self, method, **arguments)
        if method == "conversations.history":
            for message in answer["messages"]:
                for reaction in message.get("reactions") or ():
                    reaction["users"] = reaction["users"][:1]
        return answer

    return shortened


async def test_what_was_heard_live_meanwhile_is_not_undone(bot: Bot) -> None:
    """A message that arrives by event while history is read is not taken for a deleted one."""
    channel = bot.channel("learning")
    bot.says(channel, "said long ago")
    await bot.run()
    live = MessageFact(bot.team, channel, ts_of(bot.sandbox.clock.now()), author=bot.ada, text="just now")
    await bot.transactions.record(messages.record, live)
    await bot.run()
    assert bot.texts() == ["said long ago", "just now"]


async def test_called_while_it_runs_it_runs_once_more(bot: Bot) -> None:
    """A second gap during a catch-up is read too, and never by two at once."""
    bot.channel("learning")
    await asyncio.gather(bot.run(), bot.run(), bot.run())
    assert len(bot.calls("users.conversations")) == 2
