"""Contributions: what people gave, how it came in, its subjects, and nominations waiting for the author's word."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    UniqueConstraint,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Name, SlackId, SlackTs, Words, in_space, in_workspace


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
    VOID = "void"  # the message went away, or was a contribution already


class Nomination(Base):
    """Somebody found a message worth keeping; one per message however many nominate."""

    __tablename__ = "nominations"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "ts"),
        in_space(),
        Index("ix_nominations_due", "state", "lapses_at"),
    )

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs]
    author: Mapped[SlackId]
    by: Mapped[SlackId]
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
