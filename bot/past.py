"""A message as history and exports hold it, with its reactions: what live events would have told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.incoming import MessageFact, ReactionFact, Source, read_message
from bot.payloads import Body, Unreadable, emoji_name, find_id, mapping, text


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and who put which emoji on it."""

    message: MessageFact
    reactions: tuple[ReactionFact, ...]

    @property
    def rows(self) -> int:
        """How many rows this becomes."""
        return 1 + len(self.message.files) + len(self.reactions)

    @property
    def subjects(self) -> tuple[str, ...]:
        """What settling this may touch."""
        return self.message.subjects


def read_said(
    workspace: str,
    channel: str,
    message: dict[str, Any],
    *,
    private: bool,
    home: str | None = None,
    source: Source = Source.IMPORTED,
) -> Said | None:
    """What one message object of an export, or of a channel's history, tells; None for what is no message.

    `home` is the team of the export's own people, which may go to a workspace of another id.
    """
    current = _current(message)
    try:
        fact = read_message(workspace, channel, current, private=private, source=source)
    except Unreadable:
        return None
    if fact is None:
        return None
    fact = replace(fact, external=_is_external(home or workspace, current))
    return Said(fact, tuple(_reactions(fact, current)))


def _current(message: Body) -> Body:
    """Exports that keep a log of changes, and very old ones, wrap or name things differently."""
    subtype = text(message.get("subtype"))
    if subtype == "message_changed":
        return mapping(message.get("message"))
    if subtype == "message_deleted":
        return {
            "subtype": "tombstone",
            "ts": message.get("deleted_ts"),
            "thread_ts": message.get("thread_ts"),
        }
    if "files" not in message and isinstance(message.get("file"), dict):
        return {**message, "files": [message["file"]]}
    return message


def _is_external(home: str, message: Body) -> bool:
    team = find_id(message.get("user_team")) or find_id(message.get("source_team"))
    return team is not None and team != home and team.startswith("T")


def _reactions(fact: MessageFact, message: Body) -> Iterator[ReactionFact]:
    given = message.get("reactions")
    for reaction in map(mapping, given if isinstance(given, list) else ()):
        try:
            emoji = emoji_name(reaction.get("name"))
        except Unreadable:
            continue
        people = reaction.get("users")
        for person in dict.fromkeys(map(find_id, people if isinstance(people, list) else ())):
            if person is not None:
                yield ReactionFact(
                    fact.workspace,
                    fact.channel,
                    fact.ts,
                    person,
                    emoji,
                    standing=True,
                    # Nobody notes when it was put there; the message's time is older than any event's word.
                    event_ts=fact.ts,
                    source=fact.source,
                )
