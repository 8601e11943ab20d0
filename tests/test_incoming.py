"""What Slack sends, parsed at the door: any JSON object is a fact, nothing, or Unreadable; never anything else."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import incoming_world
from bot.incoming import (
    DirectChange,
    DirectMessage,
    FileFact,
    LetterHeard,
    MessageFact,
    ReactionFact,
    parse_message,
    parse_reaction,
)
from bot.interactions import (
    CommandUse,
    Press,
    ShortcutUse,
    Submission,
    parse_command,
    parse_press,
    parse_shortcut,
    parse_submission,
)
from bot.payloads import Unreadable

TS = "1700000000.000100"
FACTS = (MessageFact, DirectMessage, LetterHeard, ReactionFact, CommandUse, Press, ShortcutUse, Submission)
NAMES = [
    "type", "subtype", "event", "team_id", "team", "id", "authorizations", "channel", "channel_type", "user", "ts",
    "thread_ts", "deleted_ts", "event_ts", "text", "message", "previous_message", "edited", "files", "metadata",
    "event_type", "event_payload", "key", "bot_id", "item", "reaction", "view", "state", "values", "actions",
    "action_id", "selected_option", "selected_options", "value", "private_metadata", "container", "callback_id",
    "trigger_id", "user_id", "channel_id", "tokens", "bot", "name", "old_channel_id", "new_channel_id", "file_id",
]  # fmt: skip
TELLING = [
    "T1", "C1", "D1", "U1", "F1", TS, "message", "im", "channel", "message_changed", "message_deleted", "tombstone",
    "file_share", "reaction_added", "bulb::skin-tone-2", "9" * 20 + ".1", "\x00", "\ud800", "{", '{"channel": 7}',
]  # fmt: skip
leaves = (
    some.none() | some.booleans() | some.integers() | some.floats() | some.text() | some.sampled_from(TELLING)
)
values = some.recursive(
    leaves,
    lambda inner: (
        some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=30,
)
bodies = some.dictionaries(some.sampled_from(NAMES), values, max_size=8)
events = some.dictionaries(some.sampled_from(NAMES), values, max_size=10)
WORLDLY = [
    function
    for name, function in vars(incoming_world).items()
    if name.startswith("parse_") and function.__module__ == incoming_world.__name__
]


@pytest.mark.parametrize(
    "parse",
    [parse_message, parse_reaction, parse_command, parse_press, parse_shortcut, parse_submission],
    ids=lambda parse: parse.__name__,
)
@given(body=bodies, event=events, whole=some.booleans())
def test_any_object_is_a_fact_or_nothing(
    parse: Callable[[Any], Any], body: dict[str, Any], event: dict[str, Any], whole: bool
) -> None:
    """Whatever fields come, and of whatever type: a fact, None, or Unreadable."""
    if whole:  # else hardly any would come so far as to have a workspace
        body = body | {"team_id": "T1", "event": {"channel": "C1", "ts": TS, "user": "U1"} | event}
    try:
        fact = parse(body)
    except Unreadable:
        return
    assert fact is None or isinstance(fact, FACTS)


@pytest.mark.parametrize("parse", WORLDLY, ids=lambda parse: parse.__name__)
@given(body=bodies, event=events)
def test_news_of_people_and_spaces_too(
    parse: Callable[[Any], Any], body: dict[str, Any], event: dict[str, Any]
) -> None:
    """The same of joining, leaving, renaming, profiles and the rest."""
    try:
        parse(body | {"team_id": "T1", "event": {"channel": "C1", "user": "U1"} | event})
    except Unreadable:
        return


def event(**fields: Any) -> dict[str, Any]:
    """A message event in a channel."""
    said = {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "ts": TS,
        "text": "hi",
    }
    return {"team_id": "T1", "event": said | fields}


def test_a_post_says_who_said_what_where() -> None:
    """With its thread and its files."""
    fact = parse_message(
        event(
            thread_ts="1600000000.000100",
            files=[{"id": "F1", "mimetype": "video/mp4", "duration_ms": 90_000}],
        )
    )
    assert fact == MessageFact(
        "T1",
        "C1",
        TS,
        thread_ts="1600000000.000100",
        author="U1",
        text="hi",
        files=(FileFact("F1", "", "video/mp4", 0, 90_000),),
    )


def test_an_edit_is_the_message_in_a_later_version() -> None:
    """So that it may come first."""
    changed = {"ts": TS, "user": "U1", "text": "better", "edited": {"ts": "1700000009.000000"}}
    fact = parse_message(event(subtype="message_changed", ts="1700000009.000001", message=changed))
    assert isinstance(fact, MessageFact)
    assert (fact.ts, fact.text, fact.version) == (TS, "better", "1700000009.000000")


@pytest.mark.parametrize("kind", ["im", "app_home", "", None, "channel", 7])
def test_a_direct_message_is_never_of_a_space(kind: object) -> None:
    """Its conversation alone says so, whatever else the payload says."""
    said = parse_message(event(channel="D1", channel_type=kind))
    assert isinstance(said, DirectMessage)
    assert "hi" not in repr(said)
    assert parse_message(event(channel="D1", channel_type=kind, subtype="message_changed")) is None
    gone = parse_message(event(channel="D1", channel_type=kind, subtype="message_deleted", deleted_ts=TS))
    assert isinstance(gone, DirectChange)
    assert (gone.ts, gone.deleted, gone.text) == (TS, True, "")
    item = {"type": "message", "channel": "D1", "ts": TS}
    marked = {"type": "reaction_added", "user": "U1", "reaction": "bulb", "item": item, "event_ts": TS}
    assert parse_reaction({"team_id": "T1", "event": marked}) is None
    used = {"channel": {"id": "D1"}, "message": {"ts": TS, "user": "U1", "text": "hi"}, "user": {"id": "U1"}}
    assert parse_shortcut({"team_id": "T1", **used}).message is None


def test_only_our_own_app_can_prove_a_letter() -> None:
    """A person's message with our metadata is a message of theirs."""
    metadata = {"event_type": "commonplace_letter", "event_payload": {"key": "k"}}
    fact = parse_message(event(metadata=metadata))
    assert isinstance(fact, MessageFact)
    assert fact.letter_key is None


def test_text_is_what_a_database_takes() -> None:
    """Without NUL and lone surrogates, and no longer than Slack's own limit."""
    fact = parse_message(event(text="a\x00b\ud800" + "x" * 50_000))
    assert isinstance(fact, MessageFact)
    assert fact.text.startswith("ab?x")
    assert len(fact.text) == 40_000
