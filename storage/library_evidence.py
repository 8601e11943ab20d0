"""Who may know: what people gave, answered and replied at the results of a search."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, desc, exists, func, literal, select, tuple_
from sqlalchemy.orm import Session

from storage.contributions import Contribution, ContributionState
from storage.discussions import Question
from storage.library import Place
from storage.messages import Message
from storage.people import Person


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one person gave on something, and so may know."""

    person: str
    contributions: int
    answers: int
    replies: int


def find_evidence(session: Session, workspace: str, places: Sequence[Place], most: int) -> list[Evidence]:
    """Who contributed, had an answer accepted or replied at these places, most first.

    Bots, people of other organisations, deactivated accounts and whoever is left out are not among them, and
    a reply to one's own post tells nothing about what one knows.
    """
    at = sorted({(place.channel, place.ts) for place in places})
    if not at:
        return []
    counted = (
        select(Contribution.author, literal(1), literal(0), literal(0))
        .where(
            Contribution.workspace == workspace,
            Contribution.state == ContributionState.KEPT,
            tuple_(Contribution.channel, Contribution.ts).in_(at),
        )
        .union_all(_answers(workspace, at), _replies(workspace, at))
        .subquery("counted")
    )
    person, given, answered, replied = counted.c
    gave, won, said = func.sum(given), func.sum(answered), func.sum(replied)
    query = (
        select(person, gave, won, said)
        .join(Person, (Person.workspace == workspace) & (Person.id == person))
        .where(~Person.is_bot, ~Person.is_external, ~Person.is_deactivated, ~Person.left_out)
        .group_by(person)
        .order_by(desc(gave + won), desc(said), person)
        .limit(most)
    )
    return [Evidence(who, int(a), int(b), int(c)) for who, a, b, c in session.execute(query)]


def _answers(workspace: str, at: list[tuple[str, str]]) -> Select[str | None, int, int, int]:
    reply = (Message.channel == Question.channel) & (Message.ts == Question.answer_ts)
    return (
        select(Message.author, literal(0), literal(1), literal(0))
        .join(Question, (Question.workspace == Message.workspace) & reply)
        .where(
            Question.workspace == workspace,
            ~Question.withdrawn,
            ~Message.deleted,
            tuple_(Question.channel, Question.ts).in_(at),
        )
    )


def _replies(workspace: str, at: list[tuple[str, str]]) -> Select[str | None, int, int, int]:
    own = exists().where(
        Question.workspace == Message.workspace,
        Question.channel == Message.channel,
        Question.ts == Message.thread_ts,
        Question.asker == Message.author,
    )
    first = Message.__table__.alias("first")
    begun = exists().where(
        first.c.workspace == Message.workspace,
        first.c.channel == Message.channel,
        first.c.ts == Message.thread_ts,
        first.c.author == Message.author,
    )
    return select(Message.author, literal(0), literal(0), literal(1)).where(
        Message.workspace == workspace,
        tuple_(Message.channel, Message.thread_ts).in_(at),
        ~Message.deleted,
        ~own,
        ~begun,
    )
