"""Recording what is said in spaces: every post, edit and deletion once, in any order, and what follows from it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.incoming import MessageFact, Source
from bot.rules.quietness import arrives_closed, is_quiet
from bot.rules.settling import settle
from storage.discussions import ThreadState, derive_discussions
from storage.locks import lock
from storage.messages import ADD_FILES, ADD_MESSAGES, drop_files, find_messages, find_wordless
from storage.people import ADD_PEOPLE
from storage.reactions import find_places_with_reactions
from storage.session import Session
from storage.spaces import ADD_SPACES, mark_private

Place = tuple[str, str]


def record(session: Session, facts: Sequence[MessageFact], now: datetime) -> None:
    """Store what was said, changed or taken back in one workspace, and settle what follows.

    Safe to repeat and indifferent to order: a fact that is known, or older than what is known, changes nothing.
    """
    merged = merge(facts)
    workspace = merged[0].workspace
    ADD_PEOPLE(
        session, {(workspace, fact.author, fact.external, fact.by_bot) for fact in merged if fact.author}
    )
    ADD_SPACES(session, _spaces(merged))
    if private := {fact.channel for fact in merged if fact.private}:
        mark_private(session, workspace, private)
    ADD_MESSAGES(session, [_row(fact) for fact in merged])
    _record_files(session, workspace, merged)
    _derive_threads(session, workspace, merged, now)
    worth = _worth_settling(session, workspace, merged)
    quiet = {fact.place for fact in merged if is_quiet(fact.source, fact.ts, now)}
    settle(session, workspace, worth - quiet, now, quiet=False)
    settle(session, workspace, worth & quiet, now, quiet=True)


def merge(facts: Sequence[MessageFact]) -> list[MessageFact]:
    """One fact per message: the latest version of its words, deleted if any says so, whatever the order."""
    merged: dict[Place, MessageFact] = {}
    for fact in facts:
        known = merged.get(fact.place)
        merged[fact.place] = fact if known is None else _merge_two(known, fact)
    return list(merged.values())


def _merge_two(first: MessageFact, second: MessageFact) -> MessageFact:
    # A deletion tells no words; of two that do, the later version does.
    older, newer = sorted((first, second), key=lambda fact: (not fact.deleted, fact.version))
    return replace(
        newer,
        thread_ts=first.thread_ts or second.thread_ts,
        author=first.author or second.author,
        by_bot=first.by_bot or second.by_bot,
        external=first.external or second.external,
        deleted=older.deleted or newer.deleted,
    )


def _spaces(facts: Iterable[MessageFact]) -> set[tuple[str, str, bool, bool]]:
    return {
        (fact.workspace, fact.channel, fact.private, fact.source is not Source.IMPORTED) for fact in facts
    }


def _row(fact: MessageFact) -> tuple[object, ...]:
    words = "" if fact.deleted else fact.text
    return (
        fact.workspace,
        fact.channel,
        fact.ts,
        fact.thread_ts,
        fact.author,
        fact.by_bot,
        words,
        fact.version,
        fact.deleted,
    )


def _record_files(session: Session, workspace: str, facts: Sequence[MessageFact]) -> None:
    gone = [fact.place for fact in facts if fact.deleted]
    if gone:
        drop_files(session, workspace, gone)
    with_files = [fact for fact in facts if fact.files and not fact.deleted]
    if not with_files:
        return
    wordless = find_wordless(session, workspace, [fact.place for fact in with_files])
    ADD_FILES(
        session,
        [
            (workspace, fact.channel, fact.ts, file.id, file.name, file.mimetype, file.size, file.duration_ms)
            for fact in with_files
            if fact.place not in wordless
            for file in {file.id: file for file in fact.files}.values()
        ],
    )


def _derive_threads(session: Session, workspace: str, facts: Sequence[MessageFact], now: datetime) -> None:
    # A deletion may not say in which thread it was; the stored message does.
    unknown = [fact.place for fact in facts if fact.deleted and fact.thread_ts is None]
    found = find_messages(session, workspace, unknown) if unknown else []
    known = {(message.channel, message.thread_ts) for message in found if message.thread_ts is not None}
    lock(
        session, [f"{workspace}/{channel}/{root}" for channel, root in known]
    )  # their facts could not name it
    derive_discussions(session, workspace, known, ThreadState.OPEN)
    replies = [(fact.channel, fact.thread_ts, fact) for fact in facts if fact.thread_ts is not None]
    threads = {(channel, root) for channel, root, _ in replies}
    alive = {
        (channel, root) for channel, root, fact in replies if not arrives_closed(fact.source, fact.ts, now)
    }
    derive_discussions(session, workspace, alive, ThreadState.OPEN)
    derive_discussions(session, workspace, threads - alive, ThreadState.CLOSED)


def _worth_settling(session: Session, workspace: str, facts: Sequence[MessageFact]) -> set[Place]:
    """Most messages have no consequence: only a tag, a clip, a change, or a reaction that came before them has."""
    changed = {fact.place for fact in facts if "#" in fact.text or fact.version or fact.deleted}
    changed |= {fact.place for fact in facts if any(file.is_clip for file in fact.files)}
    others = [fact.place for fact in facts if fact.place not in changed]
    return changed | find_places_with_reactions(session, workspace, others)
