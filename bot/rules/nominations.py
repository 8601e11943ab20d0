"""Nominations: anyone marks a message with 💡, its author is asked once and says yes or no within a week."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.blocks import contributions as blocks
from bot.blocks.kit import Message as Card
from bot.blocks.kit import permalink
from bot.blocks.notes import NoteLine
from bot.rules import contributions
from bot.rules.attention import Started, has_acted, may_write
from bot.rules.budget import Request, request
from bot.rules.cards import card_url
from bot.rules.choices import Choices, read_choices
from bot.rules.contributions import Gift
from bot.rules.naming import SOMEBODY, name_of
from storage import outbox_cards
from storage.contributions import (
    Kind,
    Nomination,
    NominationState,
    NominationVia,
    Via,
    find_lapsed_nominations,
    find_nomination,
)
from storage.leaving import find_open_nominations
from storage.messages import Message, find_message
from storage.people import find_person, is_left_out, names_of
from storage.reactions import find_reactions
from storage.session import Session
from storage.workspaces import get_workspace


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody pressed on the question about a nominated message."""

    workspace: str
    channel: str
    ts: str
    person: str
    agrees: bool

    @property
    def subjects(self) -> tuple[str, ...]:
        """The message."""
        return (f"{self.workspace}/{self.channel}/{self.ts}",)


class Heard(Enum):
    """What became of a press."""

    DONE = auto()
    NOT_YOURS = auto()
    OVER = auto()
    LEFT_OUT = auto()


def settle(session: Session, message: Message, choices: Choices, now: datetime, *, quiet: bool) -> None:
    """Ask the author while somebody else finds this worth keeping; take it back when nobody does."""
    known = find_nomination(session, message.workspace, message.channel, message.ts)
    by = _nominators(session, message, known, choices)
    if known is None:
        if by and not quiet:
            ask(session, message, _by_reaction(message, by[0], choices, now), by, now)
    elif known.state == NominationState.ASKED:
        if by:
            _show_question(session, message, by, now)
        else:
            _take_back(session, known, message, now)
    elif known.state == NominationState.VOID and by and not quiet:
        known.state, known.asked_at, known.lapses_at = (
            NominationState.ASKED,
            now,
            now + choices.nomination_lapse,
        )
        _show_question(session, message, by, now)


def ask(session: Session, message: Message, nomination: Nomination, by: list[str], now: datetime) -> bool:
    """Ask the message's author; False when we may not write to them."""
    workspace, author = message.workspace, nomination.author
    if not may_write(session, workspace, author, Started.NOMINATION, asked_by=nomination.by):
        return False
    session.add(nomination)
    session.flush()
    card, about = _question(session, message, by), about_of(message.channel, message.ts)
    if outbox_cards.redraw(session, workspace, about, card.payload(), now):
        return True  # asked before, taken back, and asked again: one card all along
    line = blocks.WHY_NOMINATED.format(names=blocks.named(_shown_names(session, workspace, by)))
    asked = Request(workspace, author, Started.NOMINATION, about, line, nomination.by, about)
    request(session, asked, card, now)
    return True


def about_of(channel: str, ts: str) -> str:
    """What the letters about this nomination are filed under."""
    return f"nomination:{channel}:{ts}"


def decide(session: Session, word: Word, now: datetime) -> Heard:
    """The author says yes or no; a second press changes nothing."""
    known = find_nomination(session, word.workspace, word.channel, word.ts)
    if known is None:
        return Heard.OVER
    if known.author != word.person:
        return Heard.NOT_YOURS
    agreed = NominationState.AGREED if word.agrees else NominationState.DECLINED
    if known.state == agreed:
        return Heard.DONE
    message = find_message(session, word.workspace, word.channel, word.ts)
    if known.state != NominationState.ASKED or message is None or message.deleted:
        return Heard.OVER
    if word.agrees and not _keep(session, known, message, now):
        return Heard.LEFT_OUT
    known.state = agreed
    has_acted(session, word.workspace, word.person, "answered a nomination")
    _show_outcome(session, known, message, blocks.KEPT if word.agrees else blocks.DECLINED, now)
    return Heard.DONE


def lapse(session: Session, workspace: str, now: datetime) -> None:
    """Close the questions that nobody answered in time."""
    for nomination in find_lapsed_nominations(session, workspace, now):
        nomination.state = NominationState.LAPSED
        message = find_message(session, workspace, nomination.channel, nomination.ts)
        _show_outcome(session, nomination, message, blocks.LAPSED, now)


def _keep(session: Session, nomination: Nomination, message: Message, now: datetime) -> bool:
    choices = read_choices(session, message.workspace)
    subjects = tuple(str(subject) for subject in nomination.subjects)
    gift = Gift(Kind(nomination.kind), Via.NOMINATION, nomination.title, subjects)
    return contributions.keep(session, message, gift, choices, now) is not None


def _nominators(session: Session, message: Message, known: Nomination | None, choices: Choices) -> list[str]:
    """Who nominates this message now, the first one first; nobody when it can't be kept (any more)."""
    if message.deleted or message.by_bot or message.author is None:
        return []
    if is_left_out(session, message.workspace, message.author) or contributions.is_kept(session, message):
        return []
    place = (message.channel, message.ts)
    standing = find_reactions(session, message.workspace, [place], [choices.nominate_emoji])
    by_word = [known.by] if known is not None and known.via == NominationVia.SHORTCUT else []
    people = dict.fromkeys(by_word + [reaction.person for reaction in standing])
    return [
        person
        for person in people
        if person != message.author and _counts(session, message.workspace, person)
    ]


def _counts(session: Session, workspace: str, person: str) -> bool:
    known = find_person(session, workspace, person)
    return known is None or not (known.is_bot or known.left_out)


def _by_reaction(message: Message, by: str, choices: Choices, now: datetime) -> Nomination:
    return Nomination(
        workspace=message.workspace,
        channel=message.channel,
        ts=message.ts,
        author=message.author or "",
        by=by,
        via=NominationVia.REACTION,
        kind=Kind.INSIGHT,
        title="",
        subjects=[],
        state=NominationState.ASKED,
        asked_at=now,
        lapses_at=now + choices.nomination_lapse,
    )


def _take_back(session: Session, known: Nomination, message: Message, now: datetime) -> None:
    """An unsent question leaves no trace; one that was asked is explained."""
    if outbox_cards.take_back(session, known.workspace, about_of(known.channel, known.ts)):
        session.delete(known)
        return
    known.state = NominationState.VOID
    reason = blocks.TAKEN_BACK
    if message.deleted:
        reason = blocks.MESSAGE_GONE
    elif contributions.is_kept(session, message):
        reason = blocks.KEPT_ANYWAY
    _show_outcome(session, known, message, reason, now)


def _show_question(session: Session, message: Message, by: list[str], now: datetime) -> None:
    """The card names everybody who nominates and quotes the words as they are now."""
    about = about_of(message.channel, message.ts)
    card = _question(session, message, by).payload()
    outbox_cards.redraw(session, message.workspace, about, card, now)


def _show_outcome(
    session: Session, nomination: Nomination, message: Message | None, outcome: str, now: datetime
) -> None:
    stands = message is not None and not message.deleted
    text, link = (message.text, _link(session, message)) if message is not None and stands else ("", None)
    card = blocks.settled_nomination(outcome, text, link)
    about = about_of(nomination.channel, nomination.ts)
    outbox_cards.redraw(session, nomination.workspace, about, card.payload(), now)


def _question(session: Session, message: Message, by: list[str]) -> Card:
    shown = _shown_names(session, message.workspace, by)
    return blocks.nomination(shown, message.text, _link(session, message), f"{message.channel}:{message.ts}")


def _shown_names(session: Session, workspace: str, by: list[str]) -> list[str]:
    names = names_of(session, workspace, set(by))
    return [names.get(person, SOMEBODY) for person in by]


def note_lines(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """The messages of this person about whose keeping somebody waits for their word."""
    del now
    waiting = find_open_nominations(session, workspace, person)
    places = [(one.channel, one.ts) for one in waiting if one.author == person]
    urls = [card_url(session, workspace, about_of(*place)) for place in places]
    return [NoteLine(blocks.WAITS, url) for url in urls if url is not None]


def _link(session: Session, message: Message) -> str:
    url = get_workspace(session, message.workspace).url
    return permalink(url, message.channel, message.ts, message.thread_ts)


def author_of(session: Session, workspace: str, channel: str, ts: str) -> str:
    """The name of the one whose word counts."""
    known = find_nomination(session, workspace, channel, ts)
    return name_of(session, workspace, known.author if known is not None else "")
