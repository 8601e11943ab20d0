"""Where a person finds their talks: on Home, and in the morning note while one waits for their word."""

from datetime import datetime

from bot.blocks import talks as blocks
from bot.blocks.kit import Block
from bot.blocks.notes import NoteLine
from bot.rules import talk_cards
from bot.rules.cards import card_url
from storage.session import Session
from storage.talks import Talk, TalkState, find_talks_of

MOST = 5
OPEN = (TalkState.ASKED, TalkState.OFFERED, TalkState.AGREED)


def home_blocks(session: Session, workspace: str, person: str, now: datetime) -> list[Block]:
    """The talks that are not over, each with what this person can do about it."""
    talks = find_talks_of(session, workspace, person, OPEN)[:MOST]
    return blocks.on_home([talk_cards.picture(session, talk, person, now) for talk in talks])


def plan_lines(session: Session, workspace: str, person: str, now: datetime) -> list[str]:
    """One line of mrkdwn for each talk about a programme of this person's own."""
    talks = find_talks_of(session, workspace, person, (*OPEN, TalkState.HELD))
    mine = [talk for talk in talks if talk.learner == person]
    lines = [blocks.on_plan(talk_cards.picture(session, talk, person, now)) for talk in mine[-MOST:]]
    return [line for line in lines if line]


def note_lines(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """The talks for which this person has to choose a time, or to say how it went."""
    lines = []
    for talk in find_talks_of(session, workspace, person, OPEN):
        line = _line(talk, person, talk_cards.picture(session, talk, person, now))
        if line:
            lines.append(NoteLine(line, card_url(session, workspace, talk_cards.about(talk, person))))
    return lines


def _line(talk: Talk, person: str, shown: blocks.Card) -> str:
    if talk.state == TalkState.OFFERED and talk.offered_by != person:
        return blocks.line(blocks.LINE_WISHES, shown)
    if talk.state == TalkState.AGREED and shown.is_over:
        return blocks.line(blocks.LINE_HOW, shown)
    return ""
