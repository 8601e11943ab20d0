"""What the morning note says of plans: whose request for help, or for a buddy, waits for an answer."""

from datetime import datetime

from bot.blocks import plans as blocks
from bot.blocks.notes import NoteLine
from bot.rules.cards import card_url
from bot.rules.naming import name_of
from bot.rules.plans import title_of
from bot.rules.plans_items import thing_of
from bot.rules.plans_people import about_buddy, about_help
from storage.plans import HelpState, ItemState, find_helped, find_running_of_buddy
from storage.session import Session


def note_lines(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """The requests that this person got and has not answered."""
    del now
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
    return [NoteLine(text, url) for text, url in urls if url is not None]
