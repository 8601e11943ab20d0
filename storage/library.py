"""The library: which contributions and discussions somebody finds, best first.

A result is one contribution or one thread. What the searcher may see is decided in one place,
`visible_spaces`, and together with every filter before anything is counted, ordered or cut.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    SQLColumnExpression,
    and_,
    case,
    desc,
    exists,
    func,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from storage.contributions import Contribution, ContributionState, Subject
from storage.discussions import Discussion, Question
from storage.messages import Message
from storage.people import Person
from storage.search import Term, matching_messages
from storage.spaces import Membership, Space

QUESTION, DISCUSSION = "question", "discussion"  # beside the kinds of contribution
Text = SQLColumnExpression[str] | SQLColumnExpression[str | None]
_FIRST_TS = 1_000_000_000  # ts compare as text, so an earlier instant would come after all others


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; empty means any. `since` and `horizon` are instants.

    Nothing behind the horizon is found, not even as a thread with newer replies; `since` asks when it was
    said.
    """

    workspace: str
    person: str
    terms: tuple[Term, ...] = ()
    spaces: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    since: datetime | None = None
    horizon: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One result: the first message of the thread, or the contribution's, and the best matching message."""

    channel: str
    ts: str
    hit: str


def visible_spaces(workspace: str, person: str) -> Select[str]:
    """The spaces that this person could open in Slack now: those they are in, and the public ones.

    Guests and people of other organisations see only where they are. Until Slack told us who a person is, or
    what kind of channel a space is, nothing counts as public.
    """
    theirs = select(Membership.channel).where(Membership.workspace == workspace, Membership.person == person)
    insider = exists().where(
        Person.workspace == workspace,
        Person.id == person,
        ~Person.is_guest,
        ~Person.is_external,
        Person.known_at.is_not(None),
    )
    public = and_(~Space.is_private, Space.known_at.is_not(None), insider)
    # Once the app was taken out nobody tells it who leaves; where it never was, an import told who was in.
    told = or_(Space.app_is_in, Space.joined_ts.is_(None))
    return select(Space.id).where(
        Space.workspace == workspace, ~Space.is_deleted, or_(public, and_(told, Space.id.in_(theirs)))
    )


def find_places(session: Session, search: Search, offset: int, limit: int) -> tuple[list[Place], int]:
    """`limit` results from `offset` on, and how many there are in all (0 when `offset` is too far)."""
    hits = _hits(session, search).subquery("hits")
    query = (
        select(hits.c.channel, hits.c.root, hits.c.ts, func.count().over())
        .outerjoin(Contribution, _kept_at(hits.c.channel, hits.c.root, search.workspace))
        .outerjoin(Question, _asked_at(hits.c.channel, hits.c.root, search.workspace))
        .outerjoin(Discussion, _discussed_at(hits.c.channel, hits.c.root, search.workspace))
        .where(hits.c.nth == 1, *_of_kind(search))
        .order_by(*_best_first(search, hits.c.rank), desc(hits.c.root), hits.c.channel)
        .offset(offset)
        .limit(limit)
    )
    rows = session.execute(query).all()
    return [Place(channel, ts, hit) for channel, ts, hit, _ in rows], rows[0][3] if rows else 0


def _hits(session: Session, search: Search) -> Select[str, str, str, float, int]:
    """The messages that match and that this person may see, each with the result it belongs to.

    Within one result they are numbered, the best first.
    """
    source = _source(session, search).subquery("source")
    # A reply that is itself a contribution stands for itself, any other for its thread.
    root = case(
        (Contribution.id.is_not(None), Message.ts), else_=func.coalesce(Message.thread_ts, Message.ts)
    )
    nth = func.row_number().over(partition_by=(Message.channel, root), order_by=(source.c.rank, Message.ts))
    workspace = search.workspace
    query = (
        select(Message.channel, Message.ts, root.label("root"), source.c.rank, nth.label("nth"))
        .join(source, source.c.id == Message.id)
        .outerjoin(Contribution, _kept_at(Message.channel, Message.ts, workspace))
        .outerjoin(Question, _asked_at(Message.channel, Message.ts, workspace))
        .where(
            Message.workspace == workspace,
            ~Message.deleted,
            Message.channel.in_(visible_spaces(workspace, search.person)),
        )
    )
    return query.where(*_said_by(search), *_when_and_where(search))


def _said_by(search: Search) -> list[ColumnElement[bool]]:
    # What a form gave was posted by the app; its words are the person's.
    speaker = func.coalesce(Contribution.author, Question.asker, Message.author, "")
    left_out = select(Person.id).where(Person.workspace == search.workspace, Person.left_out)
    conditions: list[ColumnElement[bool]] = [speaker.not_in(left_out)]
    if search.by:
        conditions.append(speaker.in_(search.by))
    return conditions


def _when_and_where(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.spaces:
        conditions.append(Message.channel.in_(search.spaces))
    if search.since is not None:
        conditions.append(Message.ts >= _as_ts(search.since))
    if search.horizon is not None:
        conditions.append(func.coalesce(Message.thread_ts, Message.ts) >= _as_ts(search.horizon))
    return conditions


def _source(session: Session, search: Search) -> Select[int, float]:
    """The messages to look at, as `id` and `rank`: by words, else by person, else one for each result."""
    if search.terms:
        return matching_messages(session, search.terms)
    workspace = search.workspace
    given = select(Contribution.channel, Contribution.ts).where(Contribution.workspace == workspace)
    asked = select(Question.channel, Question.ts).where(Question.workspace == workspace)
    if search.by:
        said = select(Message.channel, Message.ts).where(
            Message.workspace == workspace, Message.author.in_(search.by)
        )
        given, asked = (
            given.where(Contribution.author.in_(search.by)),
            asked.where(Question.asker.in_(search.by)),
        )
    else:
        said = select(Discussion.channel, Discussion.ts).where(Discussion.workspace == workspace)
    places = union(said, given, asked).subquery("places")
    return select(Message.id.label("id"), literal(0.0, Float).label("rank")).join(
        places,
        (Message.workspace == workspace) & (Message.channel == places.c[0]) & (Message.ts == places.c[1]),
    )


def _of_kind(search: Search) -> list[ColumnElement[bool]]:
    """Only contributions, questions and discussions, and of these the kinds and subjects wanted."""
    kept = Contribution.id.is_not(None)
    conditions: list[ColumnElement[bool]] = [or_(kept, Question.id.is_not(None), Discussion.ts.is_not(None))]
    if search.kinds:
        wanted: list[ColumnElement[bool]] = [Contribution.kind.in_(search.kinds)]
        if QUESTION in search.kinds:
            wanted.append(Question.id.is_not(None))
        if DISCUSSION in search.kinds:
            wanted.append(and_(~kept, Discussion.ts.is_not(None)))
        conditions.append(or_(*wanted))
    if search.subjects:
        labelled = exists().where(
            Subject.contribution == Contribution.id, Subject.subject.in_(search.subjects)
        )
        conditions.append(labelled)
    return conditions


def _best_first(search: Search, rank: ColumnElement[float]) -> list[ColumnElement[float]]:
    """Answered first, then contributions, then how well the words match; without words the newest first.

    More reasons to stand in front (endorsed, used) have their place in this sum.
    """
    if not search.terms:
        return []
    answered = case((Question.answer_ts.is_not(None), 2), else_=0)
    kept = case((Contribution.id.is_not(None), 1), else_=0)
    return [desc(answered + kept), rank]


def _kept_at(channel: Text, ts: Text, workspace: str) -> ColumnElement[bool]:
    return and_(
        Contribution.workspace == workspace,
        Contribution.channel == channel,
        Contribution.ts == ts,
        Contribution.state == ContributionState.KEPT,
    )


def _asked_at(channel: Text, ts: Text, workspace: str) -> ColumnElement[bool]:
    return and_(
        Question.workspace == workspace,
        Question.channel == channel,
        Question.ts == ts,
        ~Question.withdrawn,
    )


def _discussed_at(channel: Text, ts: Text, workspace: str) -> ColumnElement[bool]:
    return and_(
        Discussion.workspace == workspace,
        Discussion.channel == channel,
        Discussion.ts == ts,
        Discussion.replies > 0,
    )


def _as_ts(instant: datetime) -> str:
    return f"{max(int(instant.timestamp()), _FIRST_TS)}.000000"
