from collections.abc import AsyncIterator

import pytest

from bot.rules import letters
from storage.outbox import Letter, LetterKind, home_is_stale, post_to_person, post_to_space, react, rewrite
from storage.people import find_person
from storage.session import Database
from tests.letterbox import Letterbox, open_letterbox

LOST_ANSWERS = ["500_after", "close_after", "timeout_after"]
NEVER_TAKEN = ["429", "500", "close", "timeout"]


@pytest.fixture
async def box(database: Database) -> AsyncIterator[Letterbox]:
    """Everything but a running sender."""
    async with open_letterbox(database) as opened:
        yield opened


async def test_a_letter_arrives_and_its_place_is_kept(box: Letterbox) -> None:
    """A post to a space appears once, and its row knows channel and ts."""
    await box.put_texts(box.channel, "Welcome")
    box.sender.start()
    await box.until_idle()
    (message,) = box.said(box.channel)
    (row,) = box.rows()
    assert (row.state, row.channel, row.ts) == ("sent", box.channel, message.ts)


async def test_letters_of_a_conversation_keep_their_order(box: Letterbox) -> None:
    """Whatever is slow or fails, what was decided first is said first."""
    texts = [str(number) for number in range(12)]
    await box.put_texts(box.channel, *texts)
    box.fault("chat.postMessage", "429", times=2)
    box.sender.start()
    await box.until_idle()
    assert box.texts(box.channel) == texts


@pytest.mark.parametrize("fault", LOST_ANSWERS + NEVER_TAKEN)
async def test_a_letter_arrives_exactly_once_whatever_the_fault(box: Letterbox, fault: str) -> None:
    """Slack took it or did not, the answer came or did not: people read it once, and the next after it."""
    await box.put_texts(box.channel, "one", "two")
    box.fault("chat.postMessage", fault)
    box.sender.start()
    await box.until(lambda: box.states() == ["sent", "sent"])
    assert box.texts(box.channel) == ["one", "two"]


async def test_a_reply_waits_for_its_root_in_another_round(box: Letterbox) -> None:
    """A letter in the thread of another letter goes into that thread, also when the root had trouble."""
    (root,) = await box.put_texts(box.channel, "root")
    await box.put(post_to_space(box.team, box.channel, {"text": "reply"}, thread_of=root))
    box.fault("chat.postMessage", "500_after")
    box.sender.start()
    await box.until_idle()
    first, second = box.said(box.channel)
    assert (first.text, second.text, second.thread_ts) == ("root", "reply", first.ts)


@pytest.mark.parametrize("fault", LOST_ANSWERS)
async def test_a_lost_reply_is_found_in_its_thread(box: Letterbox, fault: str) -> None:
    """History does not show replies; the look goes into the thread."""
    root = box.somebody_posts(box.channel, "How do I undo a commit?")
    await box.put(post_to_space(box.team, box.channel, {"text": "reply"}, thread_ts=root.ts))
    box.fault("chat.postMessage", fault)
    box.sender.start()
    await box.until(lambda: box.states() == ["sent"])
    assert box.texts(box.channel) == ["reply"]
    assert box.calls("conversations.replies")


async def test_the_look_starts_where_slack_was_before_the_attempt(box: Letterbox) -> None:
    """What people posted meanwhile does not hide our letter, and what was there before is not read again."""
    await box.put_texts(box.channel, "before")
    box.sender.start()
    await box.until_idle()
    box.fault("chat.postMessage", "timeout_after")
    await box.put_texts(box.channel, "ours")
    await box.until(lambda: box.texts(box.channel) == ["before", "ours"])
    box.somebody_posts(box.channel, "later")
    await box.until_idle()
    assert box.texts(box.channel) == ["before", "ours"]
    assert box.calls("conversations.history")[0]["args"]["oldest"] == box.rows()[0].ts


async def test_a_reminder_that_got_lost_is_missed(box: Letterbox) -> None:
    """A reminder is not sent again late; its row says so."""
    await box.put(post_to_space(box.team, box.channel, {"text": "Tomorrow!"}, reminder=True))
    box.fault("chat.postMessage", "timeout")
    box.sender.start()
    await box.until(lambda: box.states() == ["failed"])
    assert box.rows()[0].error == "missed"
    assert box.texts(box.channel) == []


async def test_a_refusal_that_never_passes_is_kept_with_its_reason(box: Letterbox) -> None:
    """The letter fails with Slack's reason, and so does what refers to it; later letters go on."""
    box.fault("chat.postMessage", "error:is_archived")
    (root,) = await box.put_texts(box.channel, "root")
    await box.put(
        post_to_space(box.team, box.channel, {"text": "reply"}, thread_of=root),
        rewrite(box.team, root, box.channel, {"text": "root, changed"}),
    )
    await box.put_texts(box.channel, "next")
    box.sender.start()
    await box.until_idle()
    assert box.states() == ["failed", "failed", "failed", "sent"]
    assert box.rows()[0].error == "is_archived"
    assert box.texts(box.channel) == ["next"]


async def test_a_letter_for_a_failed_one_fails_too(box: Letterbox) -> None:
    """It does not wait for ever for a root that will never be."""
    box.fault("chat.postMessage", "error:is_archived")
    (root,) = await box.put_texts(box.channel, "root")
    box.sender.start()
    await box.until_idle()
    await box.put(post_to_space(box.team, box.channel, {"text": "reply"}, thread_of=root))
    await box.until(lambda: box.states() == ["failed", "failed"])


async def test_the_first_letter_to_a_person_opens_their_dm(box: Letterbox) -> None:
    """The DM is opened once, remembered, and later letters use it, in order."""
    texts = ["one", "two", "three"]
    await box.put(*(post_to_person(box.team, box.person, {"text": text}) for text in texts))
    box.sender.start()
    await box.until_idle()
    with box.database.read() as session:
        person = find_person(session, box.team, box.person)
        assert person is not None
        assert person.dm is not None
    assert box.texts(person.dm) == texts
    assert len(box.calls("conversations.open")) == 1
    assert {row.conversation for row in box.rows()} == {person.dm}


@pytest.mark.parametrize("fault", [*LOST_ANSWERS, *NEVER_TAKEN])
async def test_a_direct_message_survives_trouble_with_opening(box: Letterbox, fault: str) -> None:
    """Opening may be repeated; the letter still arrives once."""
    await box.put(post_to_person(box.team, box.person, {"text": "Hello"}))
    box.fault("conversations.open", fault)
    box.sender.start()
    await box.until(lambda: box.states() == ["sent"])
    assert box.texts(box.rows()[0].conversation) == ["Hello"]


async def test_the_newest_drawing_of_a_letter_wins(box: Letterbox) -> None:
    """Of several drawings that wait only the last is sent, at the place of the letter they redraw."""
    (card,) = await box.put_texts(box.channel, "1 of 3")
    await box.put(rewrite(box.team, card, box.channel, {"text": "2 of 3"}))
    await box.put(rewrite(box.team, card, box.channel, {"text": "3 of 3"}))
    box.sender.start()
    await box.until_idle()
    assert box.texts(box.channel) == ["3 of 3"]
    assert len(box.calls("chat.update")) == 1


async def test_a_drawing_that_failed_gives_way_to_a_newer_one(box: Letterbox) -> None:
    """A drawing that waits for another attempt never overwrites a newer one."""
    (card,) = await box.put_texts(box.channel, "1")
    box.sender.start()
    await box.until_idle()
    box.fault("chat.update", "500", times=1)
    await box.put(rewrite(box.team, card, box.channel, {"text": "2"}))
    await box.until(lambda: len(box.calls("chat.update")) > 0)
    await box.put(rewrite(box.team, card, box.channel, {"text": "3"}))
    await box.until_idle()
    assert box.texts(box.channel) == ["3"]


async def test_a_reaction_that_stands_already_is_done(box: Letterbox) -> None:
    """Setting a reaction twice, or taking one off that is not there, is no trouble."""
    message = box.somebody_posts(box.channel, "#insight write it down")
    box.sender.start()
    for standing in (True, True, False, False):
        await box.put(react(box.team, box.channel, message.ts, "green_book", standing=standing))
        await box.until_idle()
    assert set(box.states()) == {"sent"}
    assert message.reactions == {}


async def test_home_is_drawn_when_it_is_sent(box: Letterbox) -> None:
    """However often it became stale meanwhile, it is drawn once, from what is true then."""
    for _ in range(3):
        await box.put(home_is_stale(box.team, box.person))
    box.sender.start()
    await box.until_idle()
    assert box.homes == 1
    assert len(box.calls("views.publish")) == 1


@pytest.mark.parametrize(
    ("fault", "state"), [("500", "failed"), ("timeout_after", "failed"), ("429", "sent")]
)
async def test_an_ephemeral_message_is_shown_at_most_once(box: Letterbox, fault: str, state: str) -> None:
    """In doubt it is let go; only what surely did not go is tried again."""
    payload = {"channel": box.channel, "user": box.world.default_person, "text": "Only you see this"}
    box.fault("chat.postEphemeral", fault)
    await box.put(
        Letter(box.team, box.channel, payload, kind=LetterKind.EPHEMERAL, method="chat.postEphemeral")
    )
    box.sender.start()
    await box.until(lambda: box.states() == [state])


async def test_what_slack_never_heard_of_goes_when_slack_is_back(box: Letterbox) -> None:
    """Without a connection nothing was sent; the letter waits and goes later."""
    api_url = box.api_url
    box.api_url = "http://127.0.0.1:9/api/"
    await box.put_texts(box.channel, "patience")
    box.sender.start()
    await box.until(lambda: box.rows()[0].error == "no connection")
    box.api_url = api_url
    await box.until_idle()
    assert box.texts(box.channel) == ["patience"]
    assert box.rows()[0].first_unsure_at is None


async def test_slack_decides_when_a_method_goes_on(box: Letterbox) -> None:
    """After a 429 nothing of that method leaves the workspace until Slack's wait is over; others do."""
    other = box.new_channel("other")
    message = box.somebody_posts(other, "hm?")
    box.fault("chat.postMessage", "429", retry_after=2)
    await box.put_texts(box.channel, "one")
    box.sender.start()
    await box.until(lambda: len(box.calls("chat.postMessage")) == 1)
    await box.put(react(box.team, other, message.ts, "eyes"))
    await box.put_texts(other, "two")
    await box.until(lambda: "eyes" in message.reactions)
    assert len(box.calls("chat.postMessage")) == 1
    await box.until_idle()
    assert box.texts(other) == ["two"]


async def test_an_uninstalled_workspace_gets_no_letters(box: Letterbox) -> None:
    """Without a token the letter fails; nobody tries for ever."""
    box.sandbox.world.app.revoked.add(box.sandbox.bot_token)
    await box.put_texts(box.channel, "hello?")
    box.sender.start()
    await box.until(lambda: box.states() == ["failed"])
    assert box.rows()[0].error == "token_revoked"


async def test_our_own_event_tells_that_a_letter_arrived(box: Letterbox) -> None:
    """The event with our key settles a letter in doubt, without reading anything."""
    seen: list[letters.Sent] = []
    letters.SETTLE["thing"] = lambda _session, sent, _now: seen.append(sent)
    try:
        await box.put(post_to_space(box.team, box.channel, {"text": "one"}, about="thing:7"))
        box.fault("chat.postMessage", "timeout_after")
        box.sender.start()
        await box.until(lambda: len(box.said(box.channel)) == 1)
        (message,), (row,) = box.said(box.channel), box.rows()
        heard = letters.Heard(box.team, row.key, box.channel, message.ts)
        await box.transactions.record(letters.record_heard, heard)
        await box.transactions.record(letters.record_heard, heard)
        await box.until_idle()
    finally:
        del letters.SETTLE["thing"]
    assert box.states() == ["sent"]
    assert seen == [letters.Sent(box.team, "thing:7", box.channel, message.ts, None)]
    assert box.calls("conversations.history") == []


async def test_what_a_letter_is_about_hears_that_it_arrived(box: Letterbox) -> None:
    """In the transaction that marks it sent, once; or that it never will."""
    sent: list[letters.Sent] = []
    refused: list[letters.Refused] = []
    letters.SETTLE["thing"] = lambda _session, one, _now: sent.append(one)
    letters.REGRET["thing"] = lambda _session, one, _now: refused.append(one)
    try:
        await box.put(post_to_space(box.team, box.channel, {"text": "one"}, about="thing:1"))
        await box.put(post_to_space(box.team, "C0NOWHERE", {"text": "two"}, about="thing:2"))
        box.sender.start()
        await box.until_idle()
    finally:
        del letters.SETTLE["thing"], letters.REGRET["thing"]
    assert [one.about for one in sent] == ["thing:1"]
    assert [(one.about, one.reason) for one in refused] == [("thing:2", "channel_not_found")]


async def test_a_letter_of_the_future_waits_for_the_worlds_clock(box: Letterbox) -> None:
    """It holds nobody up, and goes when the clock gets there."""
    later = box.clock.now().replace(year=box.clock.now().year + 1)
    await box.put(post_to_space(box.team, box.channel, {"text": "in a year"}, due_at=later))
    await box.put_texts(box.channel, "now")
    box.sender.start()
    await box.until_idle()
    assert box.texts(box.channel) == ["now"]
    box.clock.move_to(later)
    box.sender.nudge()
    await box.until_idle()
    assert box.texts(box.channel) == ["now", "in a year"]
