"""Check-ins: prompts with the instant they are due, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from storage.base import (
    Base,
    Day,
    Instant,
    Name,
    RowId,
    RowRef,
    SlackId,
    SlackTs,
    Words,
    in_workspace,
    of_person,
    of_row,
)
from storage.outbox import find_sent
from storage.programmes import Cohort, Enrolment, Programme


class PromptKind(StrEnum):
    """What a prompt belongs to."""

    CHECK_IN = "check_in"  # after a programme
    REFLECTION = "reflection"  # weekly, without one


class PromptState(StrEnum):
    """Where a prompt is."""

    SCHEDULED = "scheduled"
    SENT = "sent"
    SNOOZED = "snoozed"  # sent, and comes again at `due_at`
    ANSWERED = "answered"
    SKIPPED = "skipped"
    MERGED = "merged"  # into a later one
    SILENT = "silent"  # nobody answered, and nothing more is asked about it
    CALLED_OFF = "called_off"
    MISSED = "missed"  # never sent, `why` says why


class StillUsed(StrEnum):
    """The answer to "Do you still use this?"."""

    ASKED = "asked"
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


OPEN = (PromptState.SENT, PromptState.SNOOZED)
WERE_SENT = (*OPEN, PromptState.ANSWERED, PromptState.SKIPPED, PromptState.SILENT)


class Prompt(Base):
    """One question to one person: a check-in after a programme, or a weekly reflection without one."""

    __tablename__ = "prompts"
    __table_args__ = (
        UniqueConstraint("workspace", "once", name="one_prompt_once"),
        of_row("enrolment", "enrolments.id"),
        of_row("merged_into", "prompts.id", ondelete="SET NULL"),
        in_workspace(),
        of_person(),
        Index("ix_prompts_due", "workspace", "due_at"),
        Index("ix_prompts_person", "workspace", "person", "state"),
        Index("ix_prompts_place", "workspace", "channel", "ts"),
        Index("ix_prompts_enrolment", "enrolment"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    once: Mapped[Name]  # check_in:ENROLMENT:DAY, reflection:PERSON:DATE
    person: Mapped[SlackId]
    kind: Mapped[Name]  # PromptKind
    enrolment: Mapped[RowRef | None]
    day: Mapped[int | None]  # counted from the end of the programme
    question: Mapped[Words]
    planned_on: Mapped[Day]  # where the person lives, before leave, holidays and merging
    due_on: Mapped[Day]  # the same after them
    due_at: Mapped[Instant | None]  # the next thing to do with it: send, remind, give up; empty when nothing
    state: Mapped[Name]  # PromptState
    why: Mapped[Words] = mapped_column(
        default="", server_default=""
    )  # why it was moved, merged or never sent
    merged_into: Mapped[RowRef | None]
    sent_at: Mapped[Instant | None]
    channel: Mapped[SlackId | None]
    ts: Mapped[SlackTs | None]
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    answered_at: Mapped[Instant | None]
    still_used: Mapped[Name | None]  # StillUsed; empty when it is not asked


@dataclass(frozen=True, slots=True)
class Due:
    """A prompt whose time has come, and whose it is."""

    id: int
    person: str


def find_prompt(session: Session, workspace: str, prompt: int) -> Prompt | None:
    """One prompt."""
    found = session.get(Prompt, prompt)
    return found if found is not None and found.workspace == workspace else None


def find_prompt_at(session: Session, workspace: str, channel: str, ts: str) -> Prompt | None:
    """The prompt that was asked, or asked again, by the message at this place."""
    query = select(Prompt).where(Prompt.workspace == workspace, Prompt.channel == channel, Prompt.ts == ts)
    found = session.scalars(query).first()
    if found is not None:
        return found
    letter = find_sent(session, workspace, channel, ts)
    noun, _, rest = (letter.about or "").partition(":") if letter is not None else ("", "", "")
    number = rest.partition(":")[0]
    is_ours = noun in {"prompt", "prompt_again", "prompt_paused"} and number.isdecimal()
    return find_prompt(session, workspace, int(number)) if is_ours else None


def find_open(session: Session, workspace: str, person: str) -> list[Prompt]:
    """Prompts of every kind that this person was sent and has not answered, the latest first."""
    query = select(Prompt).where(
        Prompt.workspace == workspace, Prompt.person == person, Prompt.state.in_(OPEN)
    )
    return list(session.scalars(query.order_by(Prompt.sent_at.desc(), Prompt.id.desc())))


def find_of_enrolment(session: Session, workspace: str, enrolment: int) -> list[Prompt]:
    """The check-ins of one enrolment, by day."""
    query = select(Prompt).where(Prompt.workspace == workspace, Prompt.enrolment == enrolment)
    return list(session.scalars(query.order_by(Prompt.day, Prompt.id)))


def find_unsent(session: Session, workspace: str, person: str) -> list[tuple[Prompt, str | None]]:
    """This person's check-ins that can still come, each with why its enrolment's are paused.

    A check-in merged into one that was not sent either may come by itself again, when the days change.
    """
    into = aliased(Prompt)
    undecided = and_(
        Prompt.state == PromptState.MERGED,
        into.state.in_((PromptState.SCHEDULED, PromptState.CALLED_OFF)),
        into.sent_at.is_(None),
    )
    query = (
        select(Prompt, Enrolment.check_ins_paused)
        .join(Enrolment, Enrolment.id == Prompt.enrolment)
        .outerjoin(into, into.id == Prompt.merged_into)
        .where(
            Prompt.workspace == workspace,
            Prompt.person == person,
            Prompt.kind == PromptKind.CHECK_IN,
            Prompt.state.in_((PromptState.SCHEDULED, PromptState.MERGED)),
            or_(Prompt.state == PromptState.SCHEDULED, undecided),
        )
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(Prompt.planned_on, Prompt.id))]


def find_merged_into(session: Session, prompt: Prompt) -> list[Prompt]:
    """The check-ins that came with this one, by day."""
    query = select(Prompt).where(
        Prompt.workspace == prompt.workspace,
        Prompt.person == prompt.person,
        Prompt.state == PromptState.MERGED,
        Prompt.merged_into == prompt.id,
    )
    return list(session.scalars(query.order_by(Prompt.planned_on, Prompt.id)))


def last_sent_on(session: Session, workspace: str, person: str) -> date | None:
    """The day of this person's last check-in."""
    query = select(func.max(Prompt.due_on)).where(
        Prompt.workspace == workspace,
        Prompt.person == person,
        Prompt.kind == PromptKind.CHECK_IN,
        Prompt.state.in_(WERE_SENT),
        Prompt.sent_at.is_not(None),
    )
    return session.scalar(query)


def find_days_ahead(session: Session, workspace: str, person: str, since: date) -> list[date]:
    """The days from `since` on for which this person's check-ins are planned."""
    query = select(Prompt.due_on).where(
        Prompt.workspace == workspace,
        Prompt.person == person,
        Prompt.state == PromptState.SCHEDULED,
        Prompt.kind == PromptKind.CHECK_IN,
        Prompt.due_on >= since,
    )
    return list(session.scalars(query))


def find_kept_back(session: Session, workspace: str, person: str, since: date, until: date) -> list[Prompt]:
    """This person's check-ins of these days that came later, with another one, or not at all; the newest first."""
    query = select(Prompt).where(
        Prompt.workspace == workspace,
        Prompt.person == person,
        Prompt.kind == PromptKind.CHECK_IN,
        Prompt.state.in_((PromptState.SCHEDULED, PromptState.MERGED, PromptState.MISSED)),
        Prompt.why != "",
        Prompt.planned_on >= since,
        Prompt.planned_on <= until,
    )
    return list(session.scalars(query.order_by(Prompt.planned_on.desc(), Prompt.id.desc())))


def has_check_in_between(session: Session, workspace: str, person: str, first: date, last: date) -> bool:
    """Whether a check-in came or comes in these days, both included."""
    query = select(Prompt.id).where(
        Prompt.workspace == workspace,
        Prompt.person == person,
        Prompt.kind == PromptKind.CHECK_IN,
        Prompt.state.in_((PromptState.SCHEDULED, *WERE_SENT)),
        Prompt.due_on >= first,
        Prompt.due_on <= last,
    )
    return session.execute(query.limit(1)).first() is not None


def take_due(session: Session, workspace: str, now: datetime, most: int) -> list[Due]:
    """Check-ins whose time has come, the earliest first, that no other replica is at."""
    query = select(Prompt.id, Prompt.person).where(
        Prompt.workspace == workspace, Prompt.due_at <= now, Prompt.kind == PromptKind.CHECK_IN
    )
    taken = query.order_by(Prompt.due_at, Prompt.id).limit(most).with_for_update(skip_locked=True)
    return [Due(row.id, row.person) for row in session.execute(taken)]


def find_due_of(session: Session, workspace: str, people: Sequence[str], now: datetime) -> list[Prompt]:
    """What is due of these people."""
    query = select(Prompt).where(
        Prompt.workspace == workspace,
        Prompt.person.in_(people),
        Prompt.due_at <= now,
        Prompt.kind == PromptKind.CHECK_IN,
    )
    return list(session.scalars(query.order_by(Prompt.due_at, Prompt.id)))


def find_origins(
    session: Session, workspace: str, prompts: Sequence[Prompt]
) -> list[tuple[Enrolment, Cohort, Programme]]:
    """The enrolments that these prompts belong to, each with its run and programme."""
    query = (
        select(Enrolment, Cohort, Programme)
        .join(Cohort, Cohort.id == Enrolment.cohort)
        .join(Programme, Programme.id == Cohort.programme)
        .where(Enrolment.workspace == workspace, Enrolment.id.in_({one.enrolment for one in prompts}))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def next_check_in(session: Session, workspace: str) -> datetime | None:
    """When the next thing is to be done with a check-in."""
    query = select(Prompt.due_at).where(
        Prompt.workspace == workspace, Prompt.due_at.is_not(None), Prompt.kind == PromptKind.CHECK_IN
    )
    return session.scalars(query.order_by(Prompt.due_at).limit(1)).first()


def count_prompts(session: Session, workspace: str | None = None) -> dict[str, int]:
    """How many prompts are in each state."""
    query = select(Prompt.state, func.count().label("number")).group_by(Prompt.state)
    if workspace is not None:
        query = query.where(Prompt.workspace == workspace)
    counted = {row.state: row.number for row in session.execute(query)}
    return {state.value: counted.get(state.value, 0) for state in PromptState}
