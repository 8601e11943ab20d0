from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.outbox import (
    Letter,
    OutboxRow,
    change_channel,
    count_by_state,
    enqueue,
    find_sent,
    home_is_stale,
    post_to_person,
    post_to_space,
    react,
    rewrite,
)
from storage.outbox_claims import (
    HOLD,
    Sending,
    claim,
    find_last_ts,
    mark_failed,
    mark_sent,
    mark_unsure,
    put_back,
    remember_file,
    settle_stuck,
    store_dm,
)
from storage.outbox_doubts import store_heard, take_doubtful
from storage.outbox_due import (
    database_now,
    find_doubtful_workspaces,
    find_due,
    find_next_due,
    find_stuck,
    is_busy,
)
from storage.session import Database
from storage.workspaces import Workspace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEASE = timedelta(seconds=90)
OVER = timedelta(seconds=-1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session with two workspaces."""
    with database.write() as session:
        session.add_all([Workspace(id="T1"), Workspace(id="T2")])
        session.flush()
        yield session


def put(session: Session, letter: Letter) -> int:
    """The row of a letter that is stored now."""
    row = enqueue(session, letter, NOW)
    assert row is not None
    return row


def post(session: Session, channel: str = "C1", workspace: str = "T1", **more: object) -> int:
    """A post to a space."""
    return put(session, post_to_space(workspace, channel, {"text": "hi"}, **more))  # type: ignore[arg-type]


def due(session: Session, now: datetime = NOW) -> list[int]:
    """The rows whose turn it is."""
    return [row.id for row in find_due(session, now)]


def take(session: Session, row: int, lease: timedelta = LEASE) -> Sending:
    """Claim one row."""
    (letter,) = claim(session, [row], lease, NOW)
    return Sending(letter.workspace, letter.id, letter.attempt)


def state(session: Session, row: int) -> str:
    """The row's state in the database."""
    session.flush()
    return session.execute(select(OutboxRow.state).where(OutboxRow.id == row)).scalar_one()


def test_a_letter_with_the_same_once_vanishes(session: Session) -> None:
    """In its workspace; another workspace has keys of its own."""
    first = enqueue(session, post_to_space("T1", "C1", {"text": "hi"}, once="welcome"), NOW)
    again = enqueue(session, post_to_space("T1", "C1", {"text": "hi"}, once="welcome"), NOW)
    other = enqueue(session, post_to_space("T2", "C1", {"text": "hi"}, once="welcome"), NOW)
    assert first is not None
    assert again is None
    assert other is not None


def test_a_newer_state_replaces_a_waiting_one(session: Session) -> None:
    """The last word about a reaction, a drawing or a Home is the one that is said."""
    card = post(session)
    put(session, react("T1", "C1", "1.1", "eyes"))
    put(session, rewrite("T1", card, "C1", {"text": "old"}))
    put(session, home_is_stale("T1", "U1"))
    off = put(session, react("T1", "C1", "1.1", "eyes", standing=False))
    drawing = put(session, rewrite("T1", card, "C1", {"text": "new"}))
    home = put(session, home_is_stale("T1", "U1"))
    assert list(session.scalars(select(OutboxRow.id).order_by(OutboxRow.id))) == [card, off, drawing, home]


def test_a_state_in_flight_is_not_replaced(session: Session) -> None:
    """The newer one follows it; and when the older comes back undone it gives way."""
    old = put(session, react("T1", "C1", "1.1", "eyes"))
    sending = take(session, old)
    new = put(session, react("T1", "C1", "1.1", "eyes", standing=False))
    assert due(session) == []
    assert put_back(session, sending, "no connection", 1)
    assert due(session) == [new]


def test_one_letter_of_a_conversation_has_its_turn(session: Session) -> None:
    """The first of each, whatever waits behind it."""
    first, second, other = post(session), post(session), post(session, "C2")
    assert due(session) == [first, other]
    sending = take(session, first)
    assert due(session) == [other]
    mark_sent(session, sending, "C1", "1.1", NOW)
    assert due(session) == [second, other]


def test_a_claimed_letter_cannot_be_claimed_again(session: Session) -> None:
    """Nor one behind it, nor one that is not due."""
    first, second = post(session), post(session)
    future = post(session, "C2", due_at=NOW + timedelta(days=1))
    take(session, first)
    assert claim(session, [first, second, future], LEASE, NOW) == []


def test_two_letters_of_a_conversation_are_never_claimed_together(session: Session) -> None:
    """Also when the earlier does not hold the later any more."""
    first, second = post(session), post(session)
    session.get_one(OutboxRow, first).held_until = database_now(session) - HOLD
    session.flush()
    assert due(session) == [first, second]
    assert [letter.id for letter in claim(session, [first, second], LEASE, NOW)] == [first]


def test_every_workspace_gets_its_share(session: Session) -> None:
    """A thousand letters of one do not keep the other waiting."""
    for number in range(20):
        post(session, f"C{number}")
    other = post(session, "C1", "T2")
    rows = find_due(session, NOW, most=3)
    assert [row.workspace for row in rows] == ["T1"] * 3 + ["T2"]
    assert rows[-1].id == other


def test_a_method_that_rests_is_left_out(session: Session) -> None:
    """In that workspace only."""
    post(session)
    reaction = put(session, react("T1", "C2", "1.1", "eyes"))
    other = post(session, "C1", "T2")
    closed = {("T1", "chat.postMessage")}
    assert [row.id for row in find_due(session, NOW, closed)] == [reaction, other]


def test_only_the_attempt_that_holds_a_letter_may_speak_of_it(session: Session) -> None:
    """A sender that was away longer than its lease changes nothing."""
    row = post(session)
    old = take(session, row, OVER)
    assert find_doubtful_workspaces(session) == ["T1"]
    (doubtful,) = take_doubtful(session, "T1", LEASE)
    assert mark_sent(session, old, "C1", "1.1", NOW) is None
    assert not put_back(session, old, "no", 0)
    assert not mark_unsure(session, old, "no")
    assert mark_failed(session, old, "no") == []
    assert not remember_file(session, old, "F1")
    assert mark_sent(session, doubtful.sending, "C1", "1.1", NOW) is not None


def test_a_lease_that_runs_is_left_alone(session: Session) -> None:
    """Nobody looks for a letter whose call may still be under way."""
    take(session, post(session))
    assert find_doubtful_workspaces(session) == []
    assert take_doubtful(session, "T1", LEASE) == []


def test_what_refers_to_a_letter_has_its_place_when_it_was_sent(session: Session) -> None:
    """The thread of a reply and the target of a drawing come from the letter they name."""
    root = post(session)
    reply = post(session, thread_of=root)
    assert due(session) == [root]
    mark_sent(session, take(session, root), "C1", "7.7", NOW)
    drawing = put(session, rewrite("T1", root, "C9", {"text": "new"}))
    letters = claim(session, [reply, drawing], LEASE, NOW)
    assert [(letter.thread_ts, letter.target) for letter in letters] == [("7.7", None), (None, ("C1", "7.7"))]


def test_a_reply_to_a_reply_goes_to_the_thread(session: Session) -> None:
    """Slack threads have one level."""
    first = post(session, thread_ts="1.1")
    mark_sent(session, take(session, first), "C1", "2.2", NOW)
    (second,) = claim(session, [post(session, thread_of=first)], LEASE, NOW)
    assert second.thread_ts == "1.1"


def test_failing_takes_along_everything_that_refers_to_it(session: Session) -> None:
    """Down the whole chain, with a reason of its own."""
    root = post(session)
    reply = post(session, thread_of=root)
    drawing = put(session, rewrite("T1", reply, "C1", {"text": "new"}))
    bystander = post(session)
    assert mark_failed(session, take(session, root), "is_archived") == [root, reply, drawing]
    assert state(session, bystander) == "waiting"
    assert session.get_one(OutboxRow, root, populate_existing=True).error == "is_archived"
    assert count_by_state(session, "T1") == {"waiting": 1, "sending": 0, "unsure": 0, "sent": 0, "failed": 3}


def test_a_letter_that_waits_for_another_begins_to_count_its_hold(session: Session) -> None:
    """It delays the later ones of its conversation for ten minutes at most."""
    root = post(session)
    reply = post(session, "C2", thread_of=root)
    later = post(session, "C2")
    assert [row.id for row in find_stuck(session, NOW)] == [reply]
    settle_stuck(session, [reply])
    assert find_stuck(session, NOW) == []
    assert due(session) == [root]
    session.get_one(OutboxRow, reply, populate_existing=True).held_until = database_now(session) - HOLD
    session.flush()
    assert due(session) == [root, later]


def test_opening_a_dm_moves_what_waits_for_the_person(session: Session) -> None:
    """Also a letter that was written by somebody who did not know of the DM yet."""
    early = put(session, post_to_person("T1", "U1", {"text": "hi"}))
    store_dm(session, "T1", "U1", "D1")
    known = put(session, post_to_person("T1", "U1", {"text": "hi"}, dm="D1"))
    stale = put(session, post_to_person("T1", "U1", {"text": "hi"}))
    assert [row.conversation for row in find_due(session, NOW)] == ["D1", "U1"]
    assert [letter.id for letter in claim(session, [early, stale], LEASE, NOW)] == [early]
    rows = session.scalars(select(OutboxRow.conversation).where(OutboxRow.id.in_([early, known, stale])))
    assert list(rows) == ["D1"] * 3


def test_a_channel_that_gets_another_id_keeps_its_letters(session: Session) -> None:
    """What waits goes to the new id, what was sent is found there."""
    sent, waiting = post(session), post(session)
    mark_sent(session, take(session, sent), "C1", "1.1", NOW)
    change_channel(session, "T1", "C1", "C2")
    found = find_sent(session, "T1", "C2", "1.1")
    assert found is not None
    assert found.id == sent
    (letter,) = claim(session, [waiting], LEASE, NOW)
    assert (letter.conversation, letter.payload["channel"]) == ("C2", "C2")


def test_the_look_begins_at_the_last_word_we_know(session: Session) -> None:
    """Nothing known means from the beginning."""
    assert find_last_ts(session, "T1", "C1") == "0"
    mark_sent(session, take(session, post(session)), "C1", "1700000000.000100", NOW)
    assert find_last_ts(session, "T1", "C1") == "1700000000.000100"


def test_a_letter_heard_of_is_sent_wherever_it_was(session: Session) -> None:
    """Waiting again, in flight or in doubt: its event proves that it arrived."""
    row = post(session)
    take(session, row)
    key = session.get_one(OutboxRow, row).key
    assert [one.id for one in store_heard(session, "T1", {key: ("C1", "3.3")}, NOW)] == [row]
    assert state(session, row) == "sent"
    assert store_heard(session, "T1", {key: ("C1", "3.3")}, NOW) == []
    assert store_heard(session, "T2", {key: ("C1", "3.3")}, NOW) == []


def test_busy_means_due_or_in_flight_or_in_doubt(session: Session) -> None:
    """A letter of the future is not, nor one that waits for it."""
    tomorrow = NOW + timedelta(days=1)
    root = post(session, due_at=tomorrow)
    post(session, thread_of=root)
    assert not is_busy(session, NOW)
    assert find_next_due(session, NOW) == tomorrow
    assert is_busy(session, tomorrow)
    sending = take(session, post(session, "C2"))
    assert is_busy(session, NOW)
    mark_unsure(session, sending, "timeout")
    assert is_busy(session, NOW)
    mark_sent(session, sending, "C2", "1.1", NOW)
    assert not is_busy(session, NOW)


def test_the_databases_clock_is_real_time(session: Session) -> None:
    """Aware, in UTC, and never the world's."""
    told = database_now(session)
    assert told.tzinfo is UTC
    assert abs(told - datetime.now(UTC)) < timedelta(minutes=1)
