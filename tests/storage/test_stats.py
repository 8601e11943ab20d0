from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from bot.incoming import MessageFact, ReactionFact
from bot.rules import messages, reactions
from storage.check_ins import PromptState
from storage.outbox import enqueue, post_to_space
from storage.session import Database
from storage.stats import read_stats
from storage.workspaces import Workspace

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("workspaces", "people", "spaces", "messages", "replies", "discussions"), 0),
    **dict.fromkeys(("questions", "contributions", "reactions", "programmes", "plans", "items"), 0),
    "prompts": {state.value: 0 for state in PromptState},
    "entries": 0,
    "requests": 0,
    "outbox": {"waiting": 0, "sending": 0, "unsure": 0, "sent": 0, "failed": 0},
    "inbox": {"seen": 0, "failed": 0},
}


def test_an_empty_database_has_every_key_at_zero(database: Database) -> None:
    """Programs may rely on every key from the first day, also for what comes later."""
    with database.read() as session:
        assert read_stats(session) == NOTHING


def fill(database: Database, workspace: str) -> None:
    """A small life in one workspace."""
    said = [
        MessageFact(workspace, "C1", "1.0", author="U1", text="hello #ask"),
        MessageFact(workspace, "C1", "2.0", author="U2", text="#til so", thread_ts="1.0"),
        MessageFact(workspace, "C1", "3.0", author="U1", text="oops"),
        MessageFact(workspace, "C1", "3.0", deleted=True),
        MessageFact(workspace, "C2", "4.0", text="beep", by_bot=True),
        MessageFact(workspace, "C3", "5.0", author="U1", text="gone with its channel"),
    ]
    given = [ReactionFact(workspace, "C1", "1.0", who, "tada", who == "U1", "6.0") for who in ("U1", "U2")]
    with database.write() as session:
        session.add(Workspace(id=workspace))
        session.flush()
        messages.record(session, said, NOW)
        reactions.record(session, given, NOW)
        enqueue(session, post_to_space(workspace, "C1", {"text": "hi"}), NOW)
        session.execute(text("UPDATE spaces SET is_deleted = :yes WHERE id = 'C3'"), {"yes": True})
        session.commit()


def test_counts_what_stands(database: Database) -> None:
    """Deleted posts, deleted spaces and removed reactions do not count; bots' posts do."""
    fill(database, "T1")
    with database.read() as session:
        stats = read_stats(session)
    expected = {"workspaces": 1, "people": 2, "spaces": 2, "messages": 3, "replies": 1, "discussions": 1}
    expected |= {"questions": 1, "contributions": 1, "reactions": 1}
    assert {key: stats[key] for key in expected} == expected
    # The letter above, and the app's own mark on the contribution.
    assert stats["outbox"]["waiting"] >= 1


def test_counts_one_workspace_alone(database: Database) -> None:
    """Nothing of another workspace is counted."""
    fill(database, "T1")
    fill(database, "T2")
    with database.read() as session:
        alone, both = read_stats(session, "T2"), read_stats(session)
        nobody = read_stats(session, "T3")
    assert (alone["messages"], both["messages"]) == (3, 6)
    assert (alone["workspaces"], both["workspaces"]) == (1, 2)
    assert nobody == NOTHING
