"""What one person's Home shows: their own gifts and questions, and what was kept lately where they may look."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from storage.contributions import Contribution, ContributionState
from storage.discussions import Question
from storage.library import visible_spaces
from storage.messages import Message
from storage.people import Person


@dataclass(frozen=True, slots=True)
class Shown:
    """A contribution or question as a line: its place, what it is, its title or else its words, and who gave it."""

    channel: str
    ts: str
    thread_ts: str | None
    kind: str
    title: str
    text: str
    person: str


def _message_of(row: type[Contribution] | type[Question]) -> object:
    return and_(
        Message.workspace == row.workspace,
        Message.channel == row.channel,
        Message.ts == row.ts,
        ~Message.deleted,
    )


def find_gifts(session: Session, workspace: str, author: str, most: int, after: str = "") -> list[Shown]:
    """The latest kept contributions of this person, posted after a ts."""
    query = (
        select(Contribution, Message)
        .join(Message, _message_of(Contribution))  # type: ignore[arg-type]  # a condition over two tables
        .where(Contribution.workspace == workspace, Contribution.author == author, Contribution.ts > after)
        .where(Contribution.state == ContributionState.KEPT)
        .order_by(Contribution.ts.desc())
        .limit(most)
    )
    return [_gift(given, message) for given, message in session.execute(query)]


def count_gifts(session: Session, workspace: str, author: str) -> int:
    """How many contributions of this person are kept."""
    query = select(func.count()).where(
        Contribution.workspace == workspace,
        Contribution.author == author,
        Contribution.state == ContributionState.KEPT,
    )
    return session.scalars(query).one()


def find_open_questions(
    session: Session, workspace: str, asker: str, most: int, after: str = ""
) -> list[Shown]:
    """The latest questions of this person that nobody's answer was marked for."""
    query = (
        select(Question, Message)
        .join(Message, _message_of(Question))  # type: ignore[arg-type]  # a condition over two tables
        .where(Question.workspace == workspace, Question.asker == asker, Question.ts > after)
        .where(~Question.withdrawn, Question.answer_ts.is_(None))
        .order_by(Question.ts.desc())
        .limit(most)
    )
    return [
        Shown(
            message.channel, message.ts, message.thread_ts, "question", "", asked.text or message.text, asker
        )
        for asked, message in session.execute(query)
    ]


def find_recent_gifts(
    session: Session, workspace: str, person: str, most: int, after: str = ""
) -> list[Shown]:
    """The contributions of others kept lately in spaces that this person may open."""
    query = (
        select(Contribution, Message)
        .join(Message, _message_of(Contribution))  # type: ignore[arg-type]  # a condition over two tables
        .join(Person, and_(Person.workspace == workspace, Person.id == Contribution.author))
        .where(Contribution.workspace == workspace, Contribution.author != person, Contribution.ts > after)
        .where(Contribution.state == ContributionState.KEPT, ~Person.left_out)
        .where(Contribution.channel.in_(visible_spaces(workspace, person)))
        .order_by(Contribution.ts.desc())
        .limit(most)
    )
    return [_gift(given, message) for given, message in session.execute(query)]


def _gift(given: Contribution, message: Message) -> Shown:
    words = given.text or message.text
    return Shown(message.channel, message.ts, message.thread_ts, given.kind, given.title, words, given.author)


def has_any_gift(session: Session, workspace: str) -> bool:
    """Whether anything was ever contributed here."""
    query = select(Contribution.id).where(
        Contribution.workspace == workspace, Contribution.state == ContributionState.KEPT
    )
    return session.execute(query.limit(1)).first() is not None
