"""Who sees what of a plan: the one place that decides it, asked on every path.

The learner sees everything. Buddy and manager see the items and their state; a helper that item only. Evidence is for
the approver, and while nobody approves, the learner's alone, as ratings, weekly taps and closing answers always are.
"""

from enum import StrEnum

from bot.rules.managers import manager_of, reports_of
from storage.people import find_person
from storage.plans import (
    MADE,
    HelpState,
    Item,
    Plan,
    find_helped,
    find_items,
    find_running_of,
    find_running_of_buddy,
)
from storage.session import Session


class Thing(StrEnum):
    """What there is to see of a plan."""

    ITEM = "item"  # its words and due date
    STATE = "state"  # of an item
    PEOPLE = "people"  # who helps, who is the buddy
    EVIDENCE = "evidence"
    RATING = "rating"
    LOG = "log"  # weekly taps and their lines
    CLOSING = "closing"  # the closing answers


class Viewer(StrEnum):
    """What somebody is to a plan."""

    LEARNER = "learner"
    BUDDY = "buddy"
    MANAGER = "manager"
    HELPER = "helper"


SEES = {
    Viewer.LEARNER: frozenset(Thing),
    Viewer.BUDDY: frozenset((Thing.ITEM, Thing.STATE)),
    Viewer.MANAGER: frozenset((Thing.ITEM, Thing.STATE)),
    Viewer.HELPER: frozenset((Thing.ITEM, Thing.STATE)),  # of the items they help with
}
_HELPS = (HelpState.ASKED, HelpState.ACCEPTED)


def viewers(session: Session, plan: Plan, person: str, item: Item | None = None) -> set[Viewer]:
    """What this person is to the plan now, as a whole or (with `item`) to that item; nothing for a stranger.

    A buddy who was only asked sees nothing yet; a helper who was asked sees the item, to decide about it.
    """
    known = find_person(session, plan.workspace, person)
    if known is None or known.left_out or known.is_deactivated:
        return set()
    if person == plan.person:
        return {Viewer.LEARNER}
    if plan.state not in MADE:
        return set()
    found = set()
    if plan.buddy == person and plan.buddy_state == HelpState.ACCEPTED:
        found.add(Viewer.BUDDY)
    if manager_of(session, plan.workspace, plan.person) == person:
        found.add(Viewer.MANAGER)
    if item is not None and item.plan == plan.id and item.helper == person and item.helper_state in _HELPS:
        found.add(Viewer.HELPER)
    return found


def may_see(session: Session, plan: Plan, person: str, thing: Thing, item: Item | None = None) -> bool:
    """Whether this person may see this of the plan, or (with `item`) of that item."""
    return any(thing in SEES[viewer] for viewer in viewers(session, plan, person, item))


def items_seen_by(session: Session, plan: Plan, person: str) -> list[Item]:
    """The items of the plan that this person may see."""
    return [item for item in find_items(session, plan) if may_see(session, plan, person, Thing.ITEM, item)]


def plans_seen_by(session: Session, workspace: str, person: str) -> list[Plan]:
    """The running plans of others of which this person may see something."""
    found = {plan.id: plan for plan in find_running_of_buddy(session, workspace, person)}
    found |= {plan.id: plan for plan, _ in find_helped(session, workspace, person)}
    reports = reports_of(session, workspace, person)
    found |= {plan.id: plan for plan in find_running_of(session, workspace, reports)}
    others = (plan for _, plan in sorted(found.items()) if plan.person != person)
    return [plan for plan in others if items_seen_by(session, plan, person)]
