"""Helpers and buddies: asked by a named person, free to say no, nudged once, and replaced kindly when they leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.blocks import plans as blocks
from bot.errors import NotFound
from bot.rules.attention import Started, has_acted
from bot.rules.availability import calendar_of
from bot.rules.choices import read_choices
from bot.rules.naming import name_of
from bot.rules.plans import call_off_plan, title_of
from bot.rules.plans_calendar import end_of
from bot.rules.plans_items import schedule_item, thing_of
from bot.rules.plans_letters import Said, ask, mention, redraw, remind, stale_home
from storage.outbox_cards import take_back
from storage.plans import (
    RUNNING,
    HelpState,
    Item,
    ItemState,
    Plan,
    find_helped,
    find_item,
    find_items,
    find_plan,
    find_plans_by,
    find_running_of_buddy,
)
from storage.session import Session


class NothingToDecide(NotFound):
    """This is settled meanwhile, so there is nothing left to decide."""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says who was asked to help with an item, or (with `item` a plan) to be a buddy."""

    workspace: str
    person: str
    item: int
    agrees: bool


def ask_helpers(session: Session, plan: Plan, items: Iterable[Item], key: str, now: datetime) -> None:
    """Ask the helpers of these items, each with one card; `key` is of the form by which they were chosen."""
    asked = [item for item in items if item.helper is not None and item.helper_state == HelpState.ASKED]
    asked.sort(key=lambda item: (str(item.helper), item.number))
    name, title = name_of(session, plan.workspace, plan.person), title_of(session, plan)
    for helper, group in groupby(asked, key=lambda item: str(item.helper)):
        things = [thing_of(item, item.helper_state) for item in group]
        line = blocks.HELP_LINE.format(name=blocks.escaped(name), item=things[0].words)
        card = blocks.ask_help(name, title, things)
        said = Said(helper, f"help:{plan.id}:{helper}:{key}", line, card, about_help(plan, helper))
        ask(session, plan.workspace, said, now, by=plan.person)
        stale_home(session, plan.workspace, helper, now)


def ask_buddy(session: Session, plan: Plan, key: str, now: datetime) -> None:
    """Ask the buddy of this plan, if one was chosen; `key` is of the form by which they were chosen."""
    if plan.buddy is None or plan.buddy_state != HelpState.ASKED:
        return
    name, title = name_of(session, plan.workspace, plan.person), title_of(session, plan)
    line = blocks.BUDDY_LINE.format(name=blocks.escaped(name), title=blocks.escaped(title))
    card = blocks.ask_buddy(name, title, plan.id, read_choices(session, plan.workspace).plan_weeks)
    said = Said(plan.buddy, f"buddy:{plan.id}:{plan.buddy}:{key}", line, card, about_buddy(plan))
    ask(session, plan.workspace, said, now, by=plan.person)
    stale_home(session, plan.workspace, plan.buddy, now)


def decide_help(session: Session, word: Word, now: datetime) -> None:
    """Who was asked says yes or no to one item; twice the same changes nothing. Raises NothingToDecide."""
    found = find_item(session, word.workspace, word.item)
    if found is None or found[1].helper != word.person or not _waits(*found):
        raise NothingToDecide
    plan, item = found
    state = HelpState.ACCEPTED if word.agrees else HelpState.DECLINED
    if item.helper_state == state:
        return
    item.helper_state = state
    has_acted(session, word.workspace, word.person, "answered a request for help")
    schedule_item(session, plan, item, now)
    show_help(session, plan, word.person, now)
    _tell_helped(session, plan, item, now)


def _waits(plan: Plan, item: Item) -> bool:
    return plan.state in RUNNING and item.state == ItemState.OPEN and item.helper_state != HelpState.LEFT


def _tell_helped(session: Session, plan: Plan, item: Item, now: datetime) -> None:
    """A yes is a line of the morning note; a no comes at once, with a way on."""
    helper = item.helper or ""
    name, thing = name_of(session, plan.workspace, helper), thing_of(item)
    once = f"help_word:{item.id}:{helper}:{item.helper_state}:{now.date().isoformat()}"
    if item.helper_state == HelpState.ACCEPTED:
        line = blocks.ACCEPTED_LINE.format(name=blocks.escaped(name), item=thing.words)
        mention(session, plan.workspace, plan.person, once, line, now, by=helper)
    else:
        line = blocks.HELP_DECLINED.format(name=blocks.escaped(name), item=thing.words)
        card = blocks.no_help(blocks.HELP_DECLINED, name, [thing], plan.id)
        said = Said(plan.person, once, line, card, f"help_word:{item.id}")
        ask(session, plan.workspace, said, now, by=helper, kind=Started.PLAN)
    stale_home(session, plan.workspace, plan.person, now)


def decide_buddy(session: Session, word: Word, now: datetime) -> None:
    """Who was asked to be a buddy says yes or no; `item` is the plan. Raises NothingToDecide."""
    plan = find_plan(session, word.workspace, word.item)
    if plan is None or plan.buddy != word.person or plan.state not in RUNNING:
        raise NothingToDecide
    if plan.buddy_state not in (HelpState.ASKED, HelpState.ACCEPTED, HelpState.DECLINED):
        raise NothingToDecide
    state = HelpState.ACCEPTED if word.agrees else HelpState.DECLINED
    if plan.buddy_state == state:
        return
    plan.buddy_state = state
    has_acted(session, word.workspace, word.person, "answered a request to be a buddy")
    name = name_of(session, plan.workspace, plan.person)
    redraw(session, plan.workspace, about_buddy(plan), blocks.buddy_decided(name, accepts=word.agrees), now)
    _tell_buddied(session, plan, now)


def _tell_buddied(session: Session, plan: Plan, now: datetime) -> None:
    buddy = plan.buddy or ""
    name = name_of(session, plan.workspace, buddy)
    once = f"buddy_word:{plan.id}:{buddy}:{plan.buddy_state}:{now.date().isoformat()}"
    if plan.buddy_state == HelpState.ACCEPTED:
        line = blocks.BUDDY_ACCEPTED_LINE.format(name=blocks.escaped(name))
        mention(session, plan.workspace, plan.person, once, line, now, by=buddy)
    else:
        line = blocks.BUDDY_DECLINED.format(name=blocks.escaped(name))
        card = blocks.no_buddy(blocks.BUDDY_DECLINED, name, plan.id)
        said = Said(plan.person, once, line, card, f"buddy_word:{plan.id}")
        ask(session, plan.workspace, said, now, by=buddy, kind=Started.PLAN)
    for person in (plan.person, buddy):
        stale_home(session, plan.workspace, person, now)


def show_help(session: Session, plan: Plan, helper: str, now: datetime) -> None:
    """The helper's card shows what they are asked and what they said; one about nothing any more is taken back."""
    mine = [item for item in find_items(session, plan) if item.helper == helper]
    if mine:
        name, title = name_of(session, plan.workspace, plan.person), title_of(session, plan)
        things = [thing_of(item, _shown_state(plan, item)) for item in mine]
        redraw(session, plan.workspace, about_help(plan, helper), blocks.ask_help(name, title, things), now)
    elif not take_back(session, plan.workspace, about_help(plan, helper)):
        settled = blocks.sentence(blocks.NOTHING_TO_DECIDE)
        redraw(session, plan.workspace, about_help(plan, helper), settled, now)
    stale_home(session, plan.workspace, helper, now)


def _shown_state(plan: Plan, item: Item) -> str:
    answered = item.helper_state in (HelpState.ACCEPTED, HelpState.DECLINED)
    return item.helper_state if answered or _waits(plan, item) else ""


def show_buddy_gone(session: Session, plan: Plan, buddy: str, now: datetime) -> None:
    """Who is not asked to be buddy any more hears no more of it."""
    if not take_back(session, plan.workspace, about_buddy(plan)):
        redraw(session, plan.workspace, about_buddy(plan), blocks.sentence(blocks.NOTHING_TO_DECIDE), now)
    stale_home(session, plan.workspace, buddy, now)


def nudge(session: Session, plan: Plan, item: Item, now: datetime) -> None:
    """Remind the helper, once, the working day before; too late it is not said at all."""
    helper = item.helper or ""
    item.nudged_for = item.due_on
    calendar = calendar_of(session, plan.workspace, helper, now, heeds_pause=False)
    if calendar.today(now) <= item.due_on and item.helper_state == HelpState.ACCEPTED:
        name, thing = name_of(session, plan.workspace, plan.person), thing_of(item)
        line = blocks.NUDGE_LINE.format(name=blocks.escaped(name), item=thing.words)
        once = f"plan_nudge:{item.id}:{item.due_on.isoformat()}"
        said = Said(helper, once, line, blocks.nudge(name, thing), once)
        not_after = end_of(calendar, item.due_on)
        ask(session, plan.workspace, said, now, by=plan.person, not_after=not_after)
    schedule_item(session, plan, item, now)


def person_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Somebody left or asked to be left out: their plans end, and whom they helped may ask others; safe to repeat."""
    for plan in find_plans_by(session, workspace, person):
        call_off_plan(session, plan, now)
    helper_left(session, workspace, person, now)
    buddy_left(session, workspace, person, now)


def helper_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """The items this person helped with have no helper any more; each learner is told once per plan."""
    helped = [found for found in find_helped(session, workspace, person) if found[1].state == ItemState.OPEN]
    name = name_of(session, workspace, person)
    for _, group in groupby(helped, key=lambda found: found[0].id):
        rows = list(group)
        plan, items = rows[0][0], [item for _, item in rows]
        for item in items:
            item.helper_state = HelpState.LEFT
            schedule_item(session, plan, item, now)
        _say_left(session, plan, items, name, now)


def _say_left(session: Session, plan: Plan, items: Sequence[Item], name: str, now: datetime) -> None:
    things = [thing_of(item) for item in items]
    card = blocks.no_help(blocks.HELP_LEFT, name, things, plan.id)
    line = blocks.HELP_LEFT.format(name=blocks.escaped(name), item=things[0].words)
    once = f"help_left:{items[0].id}:{items[0].helper}"
    remind(session, plan.workspace, Said(plan.person, once, line, card, once), now)
    stale_home(session, plan.workspace, plan.person, now)


def buddy_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """The plans whose buddy this person was have none any more; the learners are told."""
    name = name_of(session, workspace, person)
    for plan in find_running_of_buddy(session, workspace, person):
        plan.buddy_state = HelpState.LEFT
        line = blocks.BUDDY_LEFT.format(name=blocks.escaped(name))
        card = blocks.no_buddy(blocks.BUDDY_LEFT, name, plan.id)
        once = f"buddy_left:{plan.id}:{person}"
        remind(session, workspace, Said(plan.person, once, line, card, once), now)
        stale_home(session, workspace, plan.person, now)
    session.flush()


def about_help(plan: Plan, helper: str) -> str:
    """What the card to a helper is filed under."""
    return f"help:{plan.id}:{helper}"


def about_buddy(plan: Plan) -> str:
    """What the card to the buddy is filed under."""
    return f"buddy:{plan.id}:{plan.buddy}"
