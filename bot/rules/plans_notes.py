"""What the morning note says of plans: which request for help, or for a buddy, waits for an answer, and whose."""

from datetime import datetime

from bot.blocks import plans as blocks
from bot.blocks.notes import NoteLine
from bot.rules.availability import calendar_of
from bot.rules.cards import card_url
from bot.rules.naming import name_of
from bot.rules.plans import title_of
from bot.rules.plans_items import thing_of
from bot.rules.plans_people import about_buddy, about_help
from storage.outbox_cards import find_card
from storage.plans import (
    HelpState,
    ItemState,
    find_helped,
    find_items,
    find_running_of,
    find_running_of_buddy,
)
from storage.session import Session

PATIENCE = 3  # working days, like every promise of an answer


def note_lines(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """The requests that this person got and has not answered, and those of theirs that others have not."""
    lines = []
    for plan in find_running_of_buddy(session, workspace, person):
        if plan.buddy_state == HelpState.ASKED:
            name, title = name_of(session, workspace, plan.person), title_of(session, plan)
            text = blocks.BUDDY_LINE.format(name=blocks.escaped(name), title=blocks.escaped(title))
            lines.append((text, about_buddy(plan)))
    for plan, item in find_helped(session, workspace, person):
        if item.helper_state == HelpState.ASKED and item.state == ItemState.OPEN:
            name = blocks.escaped(name_of(session, workspace, plan.person))
            text = blocks.HELP_LINE.format(name=name, item=thing_of(item).words)
            lines.append((text, about_help(plan, person)))
    urls = [(text, card_url(session, workspace, about)) for text, about in lines]
    asked = [NoteLine(text, url) for text, url in urls if url is not None]
    return [*asked, *_unanswered(session, workspace, person, now)]


def _unanswered(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """Whose word on helping this person waits for since some working days: asking should not end in silence."""
    calendar = calendar_of(session, workspace, person, now)
    lines = []
    for plan in find_running_of(session, workspace, [person]):
        for item in find_items(session, plan):
            if item.helper is None or item.helper_state != HelpState.ASKED or item.state != ItemState.OPEN:
                continue
            card = find_card(session, workspace, about_help(plan, item.helper))
            asked_on = calendar.today(card.sent_at) if card is not None and card.sent_at is not None else None
            if asked_on is not None and calendar.add_working_days(asked_on, PATIENCE) <= calendar.today(now):
                name = blocks.escaped(name_of(session, workspace, item.helper))
                lines.append(NoteLine(blocks.SILENT_LINE.format(name=name, item=thing_of(item).words)))
    return lines
