"""What happens by itself: each rhythm's name, when it is next due, and the function that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from schedules import (
    attention,
    check_ins,
    circles,
    contributions,
    inbox,
    journal,
    outbox,
    plans,
    programmes,
    talks,
)
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something kept in our tables as due instants, done when they have come."""

    name: str
    # Does what is due in one workspace, safe to repeat; True when it left some for another transaction.
    run_due: Callable[[Session, str, datetime], bool | None]
    next_due: Callable[[Session, str], datetime | None]  # the earliest instant that is not done


SCHEDULES = (
    Schedule("nominations lapse", contributions.lapse_nominations, contributions.next_nomination),
    Schedule("clip offers lapse", contributions.lapse_clip_offers, contributions.next_clip_offer),
    Schedule("check-ins", check_ins.send_due, check_ins.next_due),
    Schedule("weekly reflections", journal.send_reflections, journal.next_due_reflection),
    Schedule("undecided words are forgotten", journal.forget_undecided, journal.next_forgetting),
    Schedule("programmes", programmes.run_due, programmes.next_due),
    Schedule("weeks of programmes", programmes.run_weeks, programmes.next_week),
    Schedule("plans", plans.run_plans, plans.next_plan),
    Schedule("items of plans", plans.run_items, plans.next_item),
    Schedule("everybody planned again", attention.plan_again, attention.next_planning),
    Schedule("what was held back", attention.look_again, attention.next_waiting),
    Schedule("morning notes", attention.write_notes, attention.next_morning),
    Schedule("talks", talks.run_due, talks.next_due),
    Schedule("circles", circles.run_due, circles.next_due),
    Schedule("the inbox forgets", inbox.forget, inbox.next_forgetting),
    Schedule("the outbox forgets", outbox.forget, outbox.next_forgetting),
)
