"""What is forgotten when somebody asks to be left out: words, files, gifts, and letters on their way."""

from typing import Any

from sqlalchemy import delete, or_, select, tuple_, update
from sqlalchemy.orm import Session

from storage.contributions import Contribution, Nomination, NominationState, Subject
from storage.discussions import Question
from storage.messages import Message
from storage.outbox import LetterState, OutboxRow
from storage.outbox_claims import give_up
from storage.outbox_forgotten import FORGOTTEN, forget_words
from storage.people import Role

_FETCHED_LATER: Any = {"synchronize_session": False}
_FRESH = {"populate_existing": True}


def find_given(session: Session, workspace: str, person: str) -> list[Contribution]:
    """Everything this person contributed."""
    query = select(Contribution).where(Contribution.workspace == workspace, Contribution.author == person)
    return list(session.scalars(query.order_by(Contribution.id)))


def find_asked(session: Session, workspace: str, person: str) -> list[Question]:
    """Everything this person asked on purpose."""
    query = select(Question).where(Question.workspace == workspace, Question.asker == person)
    return list(session.scalars(query.order_by(Question.id)))


def find_open_nominations(session: Session, workspace: str, person: str) -> list[Nomination]:
    """The nominations that wait for an answer, of this person's messages or made by them."""
    query = select(Nomination).where(
        Nomination.workspace == workspace,
        Nomination.state == NominationState.ASKED,
        or_(Nomination.author == person, Nomination.by == person),
    )
    return list(session.scalars(query.order_by(Nomination.channel, Nomination.ts)))


def forget_gift(session: Session, given: Contribution) -> None:
    """Keep of a contribution only that there was one."""
    given.title = given.text = given.challenge = ""
    session.execute(delete(Subject).where(Subject.contribution == given.id), execution_options=_FETCHED_LATER)


def forget_posts(session: Session, workspace: str, places: list[tuple[str, str]]) -> None:
    """Forget the words that the app posted for somebody at these places (channel, ts)."""
    if places:
        session.execute(
            update(Message)
            .where(Message.workspace == workspace, tuple_(Message.channel, Message.ts).in_(sorted(places)))
            .values(text=""),
            execution_options=_FETCHED_LATER,
        )


def end_roles(session: Session, workspace: str, person: str) -> list[Role]:
    """Take all roles from this person; returns what they were."""
    roles = list(session.scalars(select(Role).where(Role.workspace == workspace, Role.person == person)))
    for role in roles:
        session.delete(role)
    session.flush()
    return roles


def forget_sent(session: Session, workspace: str, about: str) -> None:
    """Keep no word of what was posted about this thing; that it was posted, and where, stays."""
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.workspace == workspace,
            OutboxRow.about == about,
            OutboxRow.state == LetterState.SENT.value,
        )
        .values(payload={}),
        execution_options=_FETCHED_LATER,
    )


def cancel_waiting(session: Session, workspace: str, person: str) -> None:
    """Drop the letters to this person that surely never left."""
    never_left = [
        row for row in _lock_open(session, workspace, OutboxRow.recipient == person) if _never_left(row)
    ]
    _drop(session, [row.id for row in never_left])


def forget_letters(session: Session, workspace: str, person: str, about: list[str]) -> None:
    """Keep no word of the letters to this person, or about these things of theirs.

    Those that surely never left are dropped. Those in flight or in doubt lose their words at once and do not go again;
    only their key and their place stay, for 90 days, so that none arrives twice.
    """
    theirs = or_(OutboxRow.recipient == person, OutboxRow.about.in_(about))
    opened = _lock_open(session, workspace, theirs)
    _drop(session, [row.id for row in opened if _never_left(row)])
    for row in opened:
        if not _never_left(row):
            _forget_one(session, row)
    session.flush()
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.workspace == workspace,
            theirs,
            OutboxRow.state.in_((LetterState.SENT.value, LetterState.FAILED.value)),
        )
        .values(payload={}),
        execution_options=_FETCHED_LATER,
    )
    session.expire_all()


def _forget_one(session: Session, row: OutboxRow) -> None:
    forget_words(row)
    if row.state == LetterState.WAITING:
        give_up(session, row, FORGOTTEN)


def _lock_open(session: Session, workspace: str, which: Any) -> list[OutboxRow]:
    """The letters that are not settled yet; a sender cannot take them meanwhile."""
    done = (LetterState.SENT.value, LetterState.FAILED.value)
    query = select(OutboxRow).where(OutboxRow.workspace == workspace, which, OutboxRow.state.not_in(done))
    session.flush()
    return list(session.scalars(query.order_by(OutboxRow.id).with_for_update(), execution_options=_FRESH))


def _never_left(row: OutboxRow) -> bool:
    return row.state == LetterState.WAITING and row.first_unsure_at is None


def _drop(session: Session, rows: list[int]) -> None:
    if rows:
        refers = or_(OutboxRow.target_of.in_(rows), OutboxRow.thread_of.in_(rows))
        session.execute(
            delete(OutboxRow).where(or_(refers, OutboxRow.id.in_(rows))), execution_options=_FETCHED_LATER
        )
        session.flush()
