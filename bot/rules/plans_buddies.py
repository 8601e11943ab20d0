"""Buddies: who is proposed to whom, spread fairly over the cohort, near in time zone, never the manager.

Colleagues' support predicts best whether a training is used (Hughes et al. 2020); the manager's would be judged.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.attention import Started, may_write
from bot.rules.managers import manager_of, reports_of
from bot.rules.preferences import is_zone
from storage.people import find_person
from storage.plans import Plan, count_buddies
from storage.plans_due import Origin, find_mates
from storage.session import Session

NEAR = timedelta(hours=3)  # apart, so that most of two working days overlap


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may become a buddy."""

    person: str
    apart: timedelta
    number: int  # of plans whose buddy they are or may become
    after: int  # places after the learner in the cohort, seen as a ring: so everybody is somebody's, also of nine


def rank(candidates: list[Candidate]) -> list[str]:
    """The best first: near ones, among them whoever has fewest, then the next in the ring."""
    by_merit = sorted(candidates, key=lambda one: (one.apart > NEAR, one.number, one.after))
    return [one.person for one in by_merit]


def propose_buddy(session: Session, plan: Plan, origin: Origin, now: datetime) -> str | None:
    """Whom to propose as this plan's buddy; whoever declined or left is not proposed again."""
    workspace, person = plan.workspace, plan.person
    related = {person, plan.buddy, manager_of(session, workspace, person)}
    related |= set(reports_of(session, workspace, person))
    ranked = rank([one for one in _candidates(session, plan, origin, now) if one.person not in related])
    willing = (one for one in ranked if may_write(session, workspace, one, Started.HELP, asked_by=person))
    return next(willing, None)


def _candidates(session: Session, plan: Plan, origin: Origin, now: datetime) -> list[Candidate]:
    mates = find_mates(session, plan.workspace, origin.cohort.id)
    people = [mate.id for mate in mates]
    numbers = count_buddies(session, plan.workspace, people)
    place = people.index(plan.person) if plan.person in people else 0
    own = find_person(session, plan.workspace, plan.person)
    here = _offset(own.tz if own is not None else "", now)
    return [
        Candidate(
            mate.id,
            abs(_offset(mate.tz, now) - here),
            numbers.get(mate.id, 0),
            (at - place) % len(mates),
        )
        for at, mate in enumerate(mates)
    ]


def _offset(zone: str, now: datetime) -> timedelta:
    local = now.astimezone(ZoneInfo(zone if is_zone(zone) else "UTC"))
    return local.utcoffset() or timedelta()
