"""Where a person finds their circles, beside its own conversation: on the page of their plan."""

from bot.blocks import circles as blocks
from bot.rules.naming import name_of
from storage.circles import find_all_of, find_members
from storage.session import Session


def plan_lines(session: Session, workspace: str, person: str) -> list[str]:
    """One line of mrkdwn for each circle that goes on."""
    lines = []
    for circle in find_all_of(session, workspace, person):
        others = [one for one in find_members(session, circle) if one != person]
        names = [name_of(session, workspace, one) for one in others]
        lines.append(blocks.on_plan(names, has_place=circle.channel is not None))
    return lines
