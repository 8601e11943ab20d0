"""Attention: whatever happens, nobody who did nothing is written to first."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.interactions import CommandUse, Press
from bot.rules import attention, leaving, role_changes, roles, welcome
from bot.rules.role_changes import RoleChange
from bot.rules.roles import Duty, RoleKey
from storage.outbox import OutboxRow, post_to_person
from storage.outbox import enqueue as put
from storage.people import Person, find_person
from storage.session import Database, Session
from storage.workspaces import Workspace
from tests.rules.nouns import NOW, TS, C, T, marked, said
from tests.rules.world import BOT, joins, leaves, open_office, profile

PEOPLE = ("UASHA", "UMARA", "UTOM", "UEXT", "UGUEST")
WHO = st.sampled_from(PEOPLE)
TIMES = st.integers(min_value=1_800_000_000, max_value=1_800_000_020).map(lambda n: f"{n}.000100")
TEXTS = st.sampled_from(["hello", "#solution do it", "why? #ask", "#insight"])

Step = Callable[[Session], Any]


def _leave(session: Session, person: str) -> None:
    try:
        leaving.leave_out(session, leaving.Wish(T, person), NOW)
    except roles.LastAdmin:
        return


def _give(session: Session, by: str, person: str, duty: Duty, scope: str) -> None:
    try:
        role_changes.give(session, RoleChange(T, by, RoleKey(person, duty, scope)), NOW)
    except (role_changes.NotYours, role_changes.CannotAsk, role_changes.GuestsAreNotProposed):
        return


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda p, t, ts: lambda s: said(s, p, t, ts), WHO, TEXTS, TIMES),
    st.builds(lambda p, ts: lambda s: marked(s, p, "bulb", ts), WHO, TIMES),
    st.builds(lambda p, ts: lambda s: joins(s, p, C, ts), WHO, TIMES),
    st.builds(lambda p, i, ts: lambda s: joins(s, p, C, ts, inviter=i), WHO, WHO, TIMES),
    st.builds(lambda i, ts: lambda s: joins(s, BOT, C, ts, inviter=i), WHO, TIMES),
    st.builds(lambda p, ts: lambda s: leaves(s, p, C, ts), WHO, TIMES),
    st.builds(lambda p: lambda s: welcome.record_visit(s, CommandUse(T, p, C, "", "t"), NOW), WHO),
    st.builds(lambda p: lambda s: _leave(s, p), WHO),
    st.builds(lambda p: lambda s: leaving.take_in(s, leaving.Wish(T, p), NOW), WHO),
    st.builds(
        lambda b, p, d: lambda s: _give(s, b, p, d, "git" if d is Duty.EXPERT else C),
        WHO,
        WHO,
        st.sampled_from([Duty.EXPERT, Duty.SPONSOR, Duty.FACILITATOR]),
    ),
    st.builds(lambda p, ts: lambda s: profile(s, {"id": p, "deleted": True, "team_id": T}, ts), WHO, TIMES),
)


def _check(session: Session, before: int) -> int:
    """Every letter started by this step went to somebody to whom that was allowed; returns the newest row."""
    session.flush()
    rows = session.query(OutboxRow).filter(OutboxRow.id > before).order_by(OutboxRow.id).all()
    for row in rows:
        if row.started and row.recipient is not None and row.method == "chat.postMessage":
            known = find_person(session, T, row.recipient)
            assert known is not None
            assert not any((known.left_out, known.is_deactivated, known.is_bot)), row.about
            asked_by_name = (row.about or "").startswith(("nomination:", "role:")) or "said" in str(
                row.payload
            )
            assert known.welcome_because is not None or asked_by_name
            assert known.welcome_because is not None or not known.is_external
    return max([before, *(row.id for row in rows)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12))
def test_nobody_who_did_nothing_is_written_to(database: Database, steps: list[Step]) -> None:
    """Whatever facts arrive in whatever order, a started letter has a reason that its reader gave, or a named asker."""
    for session in open_office(database):
        session.add(Person(workspace=T, id="UEXT", name="Ext", is_external=True))
        session.add(Person(workspace=T, id="UGUEST", name="Guest", is_guest=True))
        session.flush()
        newest = 0
        for step in steps:
            step(session)
            newest = _check(session, newest)


def test_stopping_rewrites_the_message_itself(database: Database) -> None:
    """After "Stop these" the message says so in place of the button, and the kind stays stopped."""
    for session in open_office(database):
        role_changes.give(session, RoleChange(T, "UASHA", RoleKey("UTOM", Duty.MODERATOR)), NOW)
        session.flush()
        letter = session.query(OutboxRow).filter(OutboxRow.recipient == "UTOM").one()
        letter.state, letter.channel, letter.ts = "sent", "D1", TS
        session.flush()
        press = Press(T, "UTOM", "stop_kind", "role", "t", "D1", TS, None, None, "1.0")
        assert attention.record_stop(session, press, NOW)  # so nothing else is said
        session.flush()
        redrawn = session.query(OutboxRow).filter(OutboxRow.method == "chat.update").one()
        assert "Allow these again in `/learn settings`" in str(redrawn.payload)
        assert "stop_kind" not in str(redrawn.payload)
        assert attention.stopped_kinds(session, T, "UTOM") == ["role"]
        assert not attention.may_write(session, T, "UTOM", attention.Started.ROLE, asked_by="UASHA")


def test_a_stop_of_somebody_elses_message_changes_no_message(database: Database) -> None:
    """Only the reader of a letter sees it change."""
    for session in open_office(database):
        put(session, post_to_person(T, "UTOM", {"text": "x", "blocks": []}), NOW)
        row = session.query(OutboxRow).one()
        row.state, row.channel, row.ts = "sent", "D1", TS
        session.flush()
        press = Press(T, "UMARA", "stop_kind", "role", "t", "D1", TS, None, None, "1.0")
        assert not attention.record_stop(session, press, NOW)  # so Mara is told in an answer of her own
        session.flush()
        assert session.query(OutboxRow).count() == 1
        assert session.get(Workspace, T) is not None
