"""Contributions: what people gave, how it came in, its subjects, and nominations that wait for a word."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Select,
    UniqueConstraint,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Json, Name, SlackId, SlackTs, Words, in_space, in_workspace


class Kind(StrEnum):
    """What somebody gave."""

    INSIGHT = "insight"
    SOLUTION = "solution"
    DEMO = "demo"


class Via(StrEnum):
    """The ways in."""

    TAG = "tag"
    SHORTCUT = "shortcut"
    NOMINATION = "nomination"
    FORM = "form"


class ContributionState(StrEnum):
    """Where a contribution stands."""

    AWAITING_CLIP = "awaiting_clip"  # the author said "Post the clip myself" and has 30 minutes
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class Contribution(Base):
    """An insight, solution or demo; its place is empty until its message is posted."""

    __tablename__ = "contributions"
    __table_args__ = (
        UniqueConstraint("workspace", "channel", "ts", name="one_contribution_per_message"),
        UniqueConstraint("workspace", "form", name="one_contribution_per_form"),
        in_workspace(),
        in_space(),
        Index("ix_contributions_author", "workspace", "author"),
        Index("ix_contributions_clip_until", "workspace", "state", "clip_until"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), Identity(always=False), primary_key=True
    )
    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs | None]
    form: Mapped[SlackId | None]
    author: Mapped[SlackId]
    kind: Mapped[Name]
    via: Mapped[Name]
    title: Mapped[Words] = mapped_column(default="", server_default="")
    text: Mapped[Words] = mapped_column(default="", server_default="")  # of the form, else in its message
    challenge: Mapped[Words] = mapped_column(default="", server_default="")
    state: Mapped[Name]
    shared_at: Mapped[Instant]
    clip_until: Mapped[Instant | None]


class Subject(Base):
    """A short lower-case label on a contribution."""

    __tablename__ = "contribution_subjects"
    __table_args__ = (
        PrimaryKeyConstraint("contribution", "subject"),
        ForeignKeyConstraint(["contribution"], ["contributions.id"], ondelete="CASCADE"),
        Index("ix_contribution_subjects_subject", "workspace", "subject"),
        in_workspace(),
    )

    workspace: Mapped[SlackId]
    contribution: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"))
    subject: Mapped[Name]


class NominationState(StrEnum):
    """What became of a 💡."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    VOID = "void"  # taken back after the card had gone out, or nothing is left to decide


class NominationVia(StrEnum):
    """How somebody nominated: a reaction can be taken back, the shortcut's form is a word."""

    REACTION = "reaction"
    SHORTCUT = "shortcut"


class Nomination(Base):
    """Somebody found a message worth keeping; one per message however many nominate."""

    __tablename__ = "nominations"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "ts"),
        in_space(),
        Index("ix_nominations_due", "workspace", "state", "lapses_at"),
    )

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs]
    author: Mapped[SlackId]
    by: Mapped[SlackId]
    via: Mapped[Name] = mapped_column(default="reaction", server_default="reaction")
    kind: Mapped[Name] = mapped_column(default=Kind.INSIGHT.value, server_default=Kind.INSIGHT.value)
    title: Mapped[Words] = mapped_column(default="", server_default="")  # as whoever nominated proposes it
    subjects: Mapped[Json] = mapped_column(default=list, server_default="[]")
    state: Mapped[Name]
    asked_at: Mapped[Instant]
    lapses_at: Mapped[Instant]


def find_contribution(session: Session, workspace: str, channel: str, ts: str) -> Contribution | None:
    """The contribution at this message, withdrawn ones too."""
    return next(iter(find_contributions(session, workspace, [(channel, ts)])), None)


def find_contributions(
    session: Session, workspace: str, places: Iterable[tuple[str, str]]
) -> list[Contribution]:
    """The contributions at these places (channel, ts), withdrawn ones too."""
    query = select(Contribution).where(
        Contribution.workspace == workspace,
        tuple_(Contribution.channel, Contribution.ts).in_(sorted(set(places))),
    )
    return list(session.scalars(query.order_by(Contribution.id)))


def subjects_of(session: Session, contribution: Contribution) -> list[str]:
    """Its subjects, in alphabetical order."""
    query = select(Subject.subject).where(Subject.contribution == contribution.id).order_by(Subject.subject)
    return list(session.scalars(query))


def find_by_form(session: Session, workspace: str, form: str) -> Contribution | None:
    """The contribution that came of this form, if it was sent before."""
    query = select(Contribution).where(Contribution.workspace == workspace, Contribution.form == form)
    return session.scalars(query).first()


def add_subjects(session: Session, contribution: Contribution, subjects: Iterable[str]) -> None:
    """Give a stored contribution these subjects too."""
    known = set(subjects_of(session, contribution))
    session.add_all(
        Subject(workspace=contribution.workspace, contribution=contribution.id, subject=subject)
        for subject in sorted(set(subjects) - known)
    )


def known_subjects(session: Session, workspace: str, spaces: Select[str], most: int = 100) -> list[str]:
    """The subjects of what stands in these spaces, the most used first."""
    query = (
        select(Subject.subject)
        .join(Contribution, Contribution.id == Subject.contribution)
        .where(Subject.workspace == workspace)
        .where(Contribution.state == ContributionState.KEPT, Contribution.channel.in_(spaces))
        .group_by(Subject.subject)
    )
    return list(session.scalars(query.order_by(func.count().desc(), Subject.subject).limit(most)))


def find_offers(
    session: Session, workspace: str, author: str, since: datetime, *, channel: str | None = None
) -> list[Contribution]:
    """The clips that this person said since `since` they would post themselves, oldest first, held for us."""
    query = select(Contribution).where(
        Contribution.workspace == workspace,
        Contribution.author == author,
        Contribution.clip_until.is_not(None),
        Contribution.shared_at >= since,
    )
    if channel is not None:
        query = query.where(Contribution.channel == channel)
    # Two clips that arrive in two transactions must not both take the same offer.
    ordered = query.order_by(Contribution.shared_at, Contribution.id).with_for_update()
    return list(session.scalars(ordered))


def find_lapsed_offers(session: Session, workspace: str, now: datetime) -> list[Contribution]:
    """The clips that did not come in time."""
    query = select(Contribution).where(
        Contribution.workspace == workspace,
        Contribution.state == ContributionState.AWAITING_CLIP,
        Contribution.clip_until <= now,
    )
    return list(session.scalars(query.order_by(Contribution.id).with_for_update(skip_locked=True)))


def next_offer_to_lapse(session: Session, workspace: str) -> datetime | None:
    """When the next awaited clip is too late."""
    query = select(func.min(Contribution.clip_until)).where(
        Contribution.workspace == workspace, Contribution.state == ContributionState.AWAITING_CLIP
    )
    return session.scalars(query).one()


def find_nomination(session: Session, workspace: str, channel: str, ts: str) -> Nomination | None:
    """The nomination of this message, whatever became of it."""
    return session.get(Nomination, (workspace, channel, ts))


def find_lapsed_nominations(session: Session, workspace: str, now: datetime) -> list[Nomination]:
    """The nominations that their authors left unanswered until now."""
    query = select(Nomination).where(
        Nomination.workspace == workspace,
        Nomination.state == NominationState.ASKED,
        Nomination.lapses_at <= now,
    )
    ordered = query.order_by(Nomination.channel, Nomination.ts)
    return list(session.scalars(ordered.with_for_update(skip_locked=True)))


def next_nomination_to_lapse(session: Session, workspace: str) -> datetime | None:
    """When the next unanswered nomination lapses."""
    query = select(func.min(Nomination.lapses_at)).where(
        Nomination.workspace == workspace, Nomination.state == NominationState.ASKED
    )
    return session.scalars(query).one()
