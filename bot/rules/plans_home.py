"""What Home shows of plans: the next items of one's own, and whom one helps."""

from datetime import datetime

from bot.blocks import plans_home as blocks
from bot.blocks.kit import Block
from bot.rules.naming import name_of
from bot.rules.plans import RUNNING_OR_INVITED, title_of
from bot.rules.plans_items import thing_of
from bot.rules.plans_page import asks_of
from storage.plans import (
    HelpState,
    ItemState,
    find_helped,
    find_items,
    find_plans_by,
    find_running_of_buddy,
)
from storage.session import Session

MOST = 5


def home_blocks(session: Session, workspace: str, person: str, _now: datetime) -> list[Block]:
    """The plan's part of this person's Home; nothing for who has no plan and helps nobody."""
    return [*_mine(session, workspace, person), *_helped(session, workspace, person)]


def _mine(session: Session, workspace: str, person: str) -> list[Block]:
    plans = find_plans_by(session, workspace, person)
    plan = next((one for one in plans if one.state in RUNNING_OR_INVITED), None)
    if plan is None:
        return []
    waiting = [item for item in find_items(session, plan) if item.state == ItemState.OPEN]
    things = [thing_of(item) for item in sorted(waiting, key=lambda item: item.due_on)]
    return blocks.mine(plan.state, title_of(session, plan), plan.id, things)


def _helped(session: Session, workspace: str, person: str) -> list[Block]:
    things = [
        (name_of(session, workspace, plan.person), thing_of(item))
        for plan, item in find_helped(session, workspace, person)
        if item.helper_state == HelpState.ACCEPTED and item.state == ItemState.OPEN
    ]
    buddies = [
        (name_of(session, workspace, plan.person), title_of(session, plan))
        for plan in find_running_of_buddy(session, workspace, person)
        if plan.buddy_state == HelpState.ACCEPTED
    ]
    return blocks.helped(things[:MOST], buddies[:MOST], len(asks_of(session, workspace, person)))
