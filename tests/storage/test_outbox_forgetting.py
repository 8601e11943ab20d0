"""Forgetting letters: what nothing asks for goes after 90 days, what still has a use stays however old it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from schedules import outbox as schedule
from storage.outbox import (
    Letter,
    OutboxRow,
    count_by_state,
    enqueue,
    home_is_stale,
    post_to_space,
    react,
    rewrite,
)
from storage.outbox_claims import Sending, claim, mark_failed, mark_sent, mark_unsure, settle_stuck
from storage.outbox_doubts import count_refused, give_up_lost, take_doubtful
from storage.outbox_forgetting import MOST, forget_letters
from storage.session import Database, Session
from storage.workspaces import Workspace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=91)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session with two workspaces."""
    with database.write() as session:
        session.add_all([Workspace(id="T1"), Workspace(id="T2")])
        session.flush()
        yield session


def put(session: Session, letter: Letter) -> int:
    """The row of a letter that waits."""
    row = enqueue(session, letter, NOW)
    assert row is not None
    return row


def post(session: Session, workspace: str = "T1", **more: str | int) -> int:
    """A post that waits."""
    return put(session, post_to_space(workspace, "C1", {"text": "hi"}, **more))  # type: ignore[arg-type]


def take(session: Session, row: int) -> Sending:
    """Somebody sends it."""
    (letter,) = claim(session, [row], timedelta(seconds=90), NOW)
    return Sending(letter.workspace, letter.id, letter.attempt)


def sent(session: Session, row: int, ts: str | None = None, at: datetime = NOW) -> int:
    """It was sent."""
    assert mark_sent(session, take(session, row), "C1" if ts else None, ts, at)
    session.flush()
    return row


def left(session: Session, workspace: str = "T1") -> list[int]:
    """The letters that are there."""
    query = select(OutboxRow.id).where(OutboxRow.workspace == workspace)
    return list(session.scalars(query.order_by(OutboxRow.id)))


def test_what_nothing_asks_for_goes_after_ninety_days(session: Session) -> None:
    """Posts, reactions, drawings of Home, sent or failed; not a day earlier, and of this workspace only."""
    rows = [
        sent(session, post(session), "1.1"),
        sent(session, put(session, react("T1", "C1", "1.1", "eyes"))),
        sent(session, put(session, home_is_stale("T1", "U1"))),
    ]
    failed = post(session)
    mark_failed(session, take(session, failed), "is_archived")
    newest = sent(session, post(session), "9.1")
    other = sent(session, post(session, "T2"), "1.1")
    sent(session, post(session, "T2"), "9.1")
    schedule.forget(session, "T1", NOW + timedelta(days=89))
    assert left(session) == [*rows, failed, newest]
    schedule.forget(session, "T1", LATER)
    assert left(session) == [newest]
    assert other in left(session, "T2")
    assert schedule.next_forgetting(session, "T1") is None


def test_what_still_has_a_use_stays(session: Session) -> None:
    """What waits or was sent lately, what has a name, the newest of a conversation, what another letter refers to."""
    once = sent(session, post(session, once="welcome:U1"), "1.1")
    card = sent(session, post(session, about="prompt:1"), "1.2")
    plain = sent(session, post(session), "1.3")
    drawing = sent(session, put(session, rewrite("T1", plain, "C1", {"text": "new"})))
    root = sent(session, post(session), "1.4")
    late = sent(session, post(session), "1.5", at=LATER - timedelta(days=1))
    newest = sent(session, post(session), "1.6")
    gone = sent(session, post(session), "1.55")
    waits = post(session)
    reply = post(session, thread_of=root)
    assert forget_letters(session, "T1", LATER) == 1
    assert left(session) == sorted([waits, once, card, plain, drawing, root, reply, late, newest])
    assert gone not in left(session)


def test_an_older_drawing_goes_with_the_next(session: Session) -> None:
    """Of a card that was drawn three times, the last picture is enough."""
    card = sent(session, post(session, about="card:1"), "1.1")
    for n in range(3):
        drawing = sent(session, put(session, rewrite("T1", card, "C1", {"blocks": [n]})))
    assert left(session) == [card, drawing]


def test_it_goes_in_small_steps(session: Session) -> None:
    """So that nobody waits for it."""
    for _ in range(MOST + 1):
        put(session, home_is_stale("T1", "U1"))
        session.execute(text("UPDATE outbox SET state = 'sent', ts = NULL"))
    assert [forget_letters(session, "T1", LATER) for _ in range(3)] == [MOST, 1, 0]


@pytest.mark.parametrize("backend", ["sqlite"])  # which index PostgreSQL takes depends on what is stored
def test_only_what_may_go_is_looked_at(database: Database) -> None:
    """The migration made an index for the very words of the query, else each look would read every letter."""
    asked: list[tuple[str, Any]] = []
    event.listen(database.writer, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    with database.write() as session:
        forget_letters(session, "T1", LATER)
        statement, values = asked[-1]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert "ix_outbox_forgettable (workspace=? AND due_at<?)" in str(plan)


def test_only_what_slack_refused_is_called_refused(session: Session) -> None:
    """A letter that was given up for a reason of ours, or followed another one, is nobody's fault."""
    refused = post(session)
    mark_failed(session, take(session, refused), "is_archived")
    follower = post(session, thread_of=refused)
    settle_stuck(session, [follower])
    reminder = put(session, post_to_space("T2", "C2", {"text": "hi"}, reminder=True))
    (letter,) = claim(session, [reminder], timedelta(seconds=-1), NOW)
    mark_unsure(session, Sending("T2", letter.id, letter.attempt), "timeout")
    for doubtful in take_doubtful(session, "T2", timedelta(seconds=90)):
        give_up_lost(session, doubtful)
    assert count_by_state(session)["failed"] == 3
    assert count_refused(session) == 1
