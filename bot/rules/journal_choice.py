"""What somebody wrote to the app without saying where it belongs: they are asked, and it waits sealed for a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks import journal as blocks
from bot.errors import NotFound
from bot.rules import journal, journal_sharing
from bot.rules.cards import tell
from bot.rules.journal_parts import entry_of
from bot.slack_ts import instant_of, ts_of
from storage import journal as stored
from storage import outbox_cards
from storage.check_ins import find_open, find_prompt
from storage.journal import EntryPart, PartState, Way
from storage.people import is_left_out
from storage.session import Session

UNDECIDED_FOR = timedelta(hours=24)
HELD_FOR = timedelta(minutes=10)  # a message of ours is marked as sent long before


class NothingWaits(NotFound):
    """I do not hold these words any more. If you want to keep them, just write them again."""


@dataclass(frozen=True, slots=True)
class Belongs:
    """A person says where what they wrote belongs: to a prompt, to none of them (0), or (None) nowhere."""

    workspace: str
    person: str
    channel: str
    prompt: int | None

    @property
    def subjects(self) -> tuple[str, ...]:
        """What is written and decided in this conversation."""
        return (f"{self.workspace}/journal/{self.channel}",)


def decide(session: Session, belongs: Belongs, now: datetime) -> None:
    """What was written goes where its person says, or is forgotten. Raises NothingWaits."""
    workspace, person = belongs.workspace, belongs.person
    parts = stored.find_parts_in(session, workspace, person, PartState.WAITING)
    if not parts or is_left_out(session, workspace, person):
        raise NothingWaits
    if belongs.prompt is None:
        drop(session, parts, blocks.FORGOTTEN, now)
        return
    prompt = journal.find_own_prompt(session, workspace, person, belongs.prompt) if belongs.prompt else None
    entry = entry_of(session, parts, prompt, Way.DIRECT, now)
    outbox_cards.rename(session, workspace, _about_choice(person), journal_sharing.about_entry(entry.id))
    journal_sharing.redraw_saved(session, entry, now)


def ask_where(
    session: Session,
    workspace: str,
    person: str,
    channel: str,
    ts: str,
    now: datetime,
    just_answered: int | None = None,
) -> None:
    """One card asks for all that waits, however many messages; it may go on with the question just answered."""
    waiting = stored.find_parts_in(session, workspace, person, PartState.WAITING)
    if len(waiting) > 1:
        return
    answered = find_prompt(session, workspace, just_answered) if just_answered is not None else None
    asked = [*find_open(session, workspace, person), *([answered] if answered is not None else [])]
    open_ones = [(one.id, one.question) for one in asked]
    about = _about_choice(person)
    outbox_cards.rename(session, workspace, about, f"{about}:before")
    tell(session, workspace, person, blocks.which(open_ones), now, about=about, once=f"where:{channel}:{ts}")


def drop(session: Session, parts: Sequence[EntryPart], says: str, now: datetime) -> None:
    """Forget these words; when nothing waits any more, the card says so."""
    asked = {part.person for part in parts if part.state == PartState.WAITING and part.person}
    for part in parts:
        part.state, part.sealed = PartState.GONE.value, ""
    session.flush()
    for person in asked:
        workspace = parts[0].workspace
        if not stored.find_parts_in(session, workspace, person, PartState.WAITING):
            card = blocks.sentence(says)
            outbox_cards.redraw(session, workspace, _about_choice(person), card.payload(), now)


def lapse(session: Session, workspace: str, now: datetime) -> None:
    """What is held for nothing is asked about, what nobody decided about in a day is forgotten."""
    day_ago = ts_of(now - UNDECIDED_FOR)
    for part in stored.find_overdue(session, workspace, ts_of(now - HELD_FOR), day_ago):
        if part.ts <= day_ago:
            drop(session, [part], blocks.LAPSED, now)
        elif part.person is not None:
            part.state = PartState.WAITING.value
            session.flush()
            ask_where(session, workspace, part.person, part.channel, part.ts, now)


def next_lapse(session: Session, workspace: str) -> datetime | None:
    """When the next of these is due."""
    held = stored.first_undecided(session, workspace, PartState.HELD)
    other = stored.first_undecided(session, workspace, PartState.WAITING, PartState.EARLY)
    due = [instant_of(held) + HELD_FOR] if held else []
    due += [instant_of(other) + UNDECIDED_FOR] if other else []
    return min(due, default=None)


def _about_choice(person: str) -> str:
    return f"entry_choice:{person}"
