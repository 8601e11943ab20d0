"""What may leave the database: everything of public spaces, of private ones counts only, of people no counts.

Numbers about people are for them alone, so the file of people names them and no more.

Nobody who asked to be left out is in it, nor people of other organisations, nor anything that was deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from storage.contributions import Contribution, ContributionState, Subject
from storage.discussions import Discussion, Question
from storage.messages import Message
from storage.people import Person
from storage.reactions import Reaction
from storage.spaces import Membership, Space

AT_ONCE = 1_000
Table = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Exported:
    """One table of an export: its name, its columns, and its rows."""

    name: str
    query: Table

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.query.selected_columns]

    def rows(self, session: Session) -> Iterator[tuple[Any, ...]]:
        """The rows, a thousand in memory at most."""
        for row in session.execute(self.query.execution_options(yield_per=AT_ONCE)):
            yield tuple(row)


def exported_tables() -> list[Exported]:
    """Every table of an export."""
    return [
        Exported("spaces", _spaces()),
        Exported("people", _people()),
        Exported("contributions", _contributions()),
        Exported("discussions", _discussions()),
        Exported("questions", _questions()),
        Exported("reactions", _reactions()),
    ]


def _spaces() -> Table:
    def counted(table: Any, *which: ColumnElement[bool]) -> Any:
        here = (table.workspace == Space.workspace, table.channel == Space.id)
        return select(func.count()).select_from(table).where(*here, *which).scalar_subquery()

    return (
        select(
            Space.workspace,
            Space.id,
            # The name of a private space is for those who are in it.
            case((Space.is_private, ""), else_=Space.name).label("name"),
            Space.is_private,
            Space.is_shared,
            Space.is_archived,
            counted(Membership).label("members"),
            counted(Message, ~Message.deleted).label("messages"),
            counted(Message, ~Message.deleted, Message.thread_ts.is_not(None)).label("replies"),
            counted(Discussion, Discussion.replies > 0).label("discussions"),
            counted(Question, ~Question.withdrawn).label("questions"),
            counted(Contribution, Contribution.state == ContributionState.KEPT).label("contributions"),
        )
        .where(~Space.is_deleted)
        .order_by(Space.workspace, Space.id)
    )


def _people() -> Table:
    return (
        select(
            Person.workspace,
            Person.id,
            Person.name,
            Person.is_bot,
            Person.is_guest,
            Person.is_deactivated,
        )
        .where(~Person.left_out, ~Person.is_external)
        .order_by(Person.workspace, Person.id)
    )


def _contributions() -> Table:
    subjects = (
        select(func.aggregate_strings(Subject.subject, " "))
        .where(Subject.contribution == Contribution.id)
        .scalar_subquery()
    )
    return (
        select(
            Contribution.workspace,
            Contribution.channel,
            Contribution.ts,
            Contribution.author,
            Contribution.kind,
            Contribution.via,
            Contribution.title,
            func.coalesce(func.nullif(Contribution.text, ""), _own_post(), "").label("text"),
            Contribution.challenge,
            func.coalesce(subjects, "").label("subjects"),
            Contribution.shared_at,
        )
        .outerjoin(Message, _at(Contribution))
        .where(
            Contribution.state == ContributionState.KEPT,
            Contribution.ts.is_not(None),
            _in_public(Contribution),
            ~_is_hidden(Contribution, Contribution.author),
        )
        .order_by(Contribution.workspace, Contribution.channel, Contribution.ts)
    )


def _own_post() -> ColumnElement[str | None]:
    """What the author posted; what the app posted for a form is not in their words."""
    theirs = or_(Contribution.form.is_(None), Message.author == Contribution.author)
    return case((theirs, Message.text))


def _discussions() -> Table:
    return (
        select(
            Discussion.workspace,
            Discussion.channel,
            Discussion.ts,
            Discussion.state,
            Discussion.replies,
            Discussion.last_ts,
        )
        .where(Discussion.replies > 0, _in_public(Discussion))
        .order_by(Discussion.workspace, Discussion.channel, Discussion.ts)
    )


def _questions() -> Table:
    return (
        select(
            Question.workspace,
            Question.channel,
            Question.ts,
            Question.asker,
            Question.via,
            func.coalesce(func.nullif(Question.text, ""), Message.text, "").label("text"),
            Question.asked_at,
            Question.answer_ts,
            case((_is_hidden(Question, Question.accepted_by), None), else_=Question.accepted_by).label(
                "accepted_by"
            ),
            Question.accepted_at,
        )
        .outerjoin(Message, _at(Question))
        .where(
            ~Question.withdrawn,
            Question.ts.is_not(None),
            _in_public(Question),
            ~_is_hidden(Question, Question.asker),
        )
        .order_by(Question.workspace, Question.channel, Question.ts)
    )


def _reactions() -> Table:
    return (
        select(Reaction.workspace, Reaction.channel, Reaction.ts, Reaction.person, Reaction.emoji)
        .where(Reaction.standing.is_(True), _in_public(Reaction), ~_is_hidden(Reaction, Reaction.person))
        .order_by(Reaction.workspace, Reaction.channel, Reaction.ts, Reaction.person, Reaction.emoji)
    )


def _at(table: Any) -> ColumnElement[bool]:
    return and_(
        Message.workspace == table.workspace, Message.channel == table.channel, Message.ts == table.ts
    )


def _in_public(table: Any) -> ColumnElement[bool]:
    here = (Space.workspace == table.workspace, Space.id == table.channel)
    return select(Space.id).where(*here, ~Space.is_private, ~Space.is_deleted).exists()


def _is_hidden(table: Any, person: Any) -> ColumnElement[bool]:
    hidden = or_(Person.left_out, Person.is_external, false())
    return select(Person.id).where(Person.workspace == table.workspace, Person.id == person, hidden).exists()
