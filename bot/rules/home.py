"""Home: one person's page, drawn when it is sent, from what they may see at that moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.blocks import home as blocks
from bot.blocks.kit import Block, permalink
from bot.incoming_world import HomeOpened
from bot.rules import journal_reading, plans_home, talk_overview
from bot.rules.choices import read_choices
from bot.rules.naming import name_of
from bot.rules.welcome import first_steps
from bot.slack_ts import ts_of
from storage import outbox
from storage.home import Shown, count_gifts, find_gifts, find_open_questions, find_recent_gifts
from storage.people import find_person, get_person, is_left_out
from storage.session import Session
from storage.spaces import find_spaces_of
from storage.workspaces import get_workspace

# The place where what comes after a programme adds its part of Home.
LEARNING: tuple[Callable[[Session, str, str, datetime], list[Block]], ...] = (
    plans_home.home_blocks,
    talk_overview.home_blocks,
    journal_reading.home_blocks,
)
MINE, RECENT, SPACES = 5, 5, 20
FREE_PLAN_SHOWS = timedelta(days=90)


def record_opened(session: Session, opened: HomeOpened, now: datetime) -> None:
    """Somebody looks at their Home: draw it anew. Looking is not an act that allows us to write to them."""
    known = find_person(session, opened.workspace, opened.person) or get_person(
        session, opened.workspace, opened.person
    )
    if opened.dm is not None and known.dm is None:
        known.dm = opened.dm
        session.flush()
    if opened.tab == "home":
        outbox.enqueue(session, outbox.home_is_stale(opened.workspace, opened.person), now)


def render_home(session: Session, workspace: str, person: str, now: datetime) -> dict[str, Any]:
    """The Home view of this person, as views.publish takes it."""
    if is_left_out(session, workspace, person):
        return blocks.left_out().view()
    after = _horizon(session, workspace, now)
    mine = find_gifts(session, workspace, person, MINE, after)
    asked = find_open_questions(session, workspace, person, MINE, after)
    recent = find_recent_gifts(session, workspace, person, RECENT, after)
    spaces = [space.id for space in find_spaces_of(session, workspace, person)[:SPACES]]
    if is_from_outside(session, workspace, person):
        choices = read_choices(session, workspace)
        gifts = [_line(session, workspace, one) for one in mine]
        return blocks.from_outside(gifts, spaces, next(iter(choices.tags)), choices.ask_tag).view()
    return blocks.home(
        blocks.Page(
            gifts=[_line(session, workspace, one) for one in mine],
            number=count_gifts(session, workspace, person),
            questions=[_line(session, workspace, one) for one in asked],
            spaces=spaces,
            recent=[_line(session, workspace, one) for one in recent],
            steps=first_steps(session, workspace, person),
            learning=[block for part in LEARNING for block in part(session, workspace, person, now)],
        )
    ).view()


def is_from_outside(session: Session, workspace: str, person: str) -> bool:
    """Whether Slack gives this person no commands of ours: they share a channel from another company."""
    known = find_person(session, workspace, person)
    return known is not None and known.is_external


def _horizon(session: Session, workspace: str, now: datetime) -> str:
    """On Slack's free plan nothing older than 90 days is shown."""
    if not read_choices(session, workspace).free_plan:
        return ""
    return ts_of(now - FREE_PLAN_SHOWS)


def _line(session: Session, workspace: str, shown: Shown) -> blocks.Line:
    url = permalink(get_workspace(session, workspace).url, shown.channel, shown.ts, shown.thread_ts)
    by = name_of(session, workspace, shown.person)
    return blocks.Line(url, shown.kind, shown.title, shown.text, by, shown.channel)
