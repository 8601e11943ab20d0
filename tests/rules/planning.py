"""People who were invited to a plan, for tests of plans: forms, presses and days, in verbs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.blocks.kit import Modal
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.rules import plans, plans_acts, plans_due
from bot.rules.plans_reading import Wrong
from storage.people import get_person
from storage.plans import Item, Plan, find_items, find_plan_of
from storage.plans_due import next_item_due, next_plan_due
from storage.programmes import Cohort, Enrolment
from storage.workspaces import Workspace
from tests.rules.learning import programme
from tests.rules.nouns import T

MONDAY = datetime(2027, 3, 8, 8, tzinfo=UTC)
DUE = date(2027, 3, 19)  # a Friday
ITEMS = [
    {"when": "my one-to-one begins", "then": "ask two questions first", "days": 10},
    {"when": "somebody brings me a problem", "then": "ask what they tried", "days": 21},
]


def cohort(session: Session, *people: str, zones: dict[str, str] | None = None) -> list[Enrolment]:
    """These people finished a programme together, and may be written to."""
    of = programme(session)
    of.items, of.closing = ITEMS, ["What do you do differently now?"]
    run = Cohort(
        workspace=T,
        programme=of.id,
        name="spring",
        starts_on=DUE - timedelta(days=60),
        ends_on=DUE - timedelta(days=12),
        state="ended",
        made_at=MONDAY,
    )
    session.add(run)
    session.flush()
    return [_enrol(session, run, person, (zones or {}).get(person, "UTC")) for person in people]


def _enrol(session: Session, run: Cohort, person: str, zone: str) -> Enrolment:
    known = get_person(session, T, person)
    known.tz, known.welcome_because = zone, "was enrolled"
    known.name = known.name or person.removeprefix("U").title()
    enrolment = Enrolment(
        workspace=T,
        cohort=run.id,
        person=person,
        state="completed",
        enrolled_at=MONDAY - timedelta(days=120),
        step="done",
        completed_on=MONDAY.date(),
    )
    session.add(enrolment)
    session.flush()
    return enrolment


def invited(session: Session, person: str = "UASHA", *others: str) -> Plan:
    """This person (and others with them) may make a plan."""
    enrolments = cohort(session, person, *others)
    for enrolment in enrolments:
        plans.invite(session, enrolment, MONDAY)
    return of(session, enrolments[0])


def of(session: Session, enrolment: Enrolment) -> Plan:
    """The plan of an enrolment."""
    plan = find_plan_of(session, T, enrolment.id)
    assert plan is not None
    return plan


def row(n: int = 0, *, due: date | None = DUE, helper: str | None = None, **words: str) -> dict[str, Any]:
    """One item as the form holds it."""
    return {
        f"cue:{n}": words.get("cue", f"cue number {n}"),
        f"action:{n}": words.get("action", f"do thing {n}"),
        f"due:{n}": due.isoformat() if due else None,
        f"helper:{n}": helper,
    }


def sends(
    session: Session,
    plan: Plan,
    values: dict[str, Any],
    form: ModalId = ModalId.MAKE_PLAN,
    now: datetime = MONDAY,
    *,
    view: str = "V1",
    person: str | None = None,
    **kept: Any,
) -> Modal | Wrong:
    """The person of the plan sends a form."""
    sent = Submission(T, person or plan.person, form, view, values, {"plan": plan.id, **kept})
    done = plans_acts.record_form(session, sent, now)
    session.flush()
    return done


def made(session: Session, *rows: dict[str, Any], buddy: str | None = None, others: Any = ()) -> Plan:
    """Asha made a plan of these items."""
    plan = invited(session, "UASHA", *others)
    values: dict[str, Any] = {"buddy": buddy, "no_buddy": (), "rating": "4"}
    for one in rows or (row(0), row(1, due=DUE + timedelta(days=14))):
        values |= one
    done = sends(session, plan, values)
    assert isinstance(done, Modal), done
    return plan


def items(session: Session, plan: Plan) -> list[Item]:
    """The items of a plan."""
    session.flush()
    return find_items(session, plan)


def presses(
    session: Session, person: str, action: ActionId, value: object, now: datetime = MONDAY, **kept: Any
) -> Modal:
    """Somebody presses a button of a card."""
    press = Press(T, person, action, str(value), "t", None, None, None, None, "1", metadata=kept)
    page = plans_acts.record_press(session, press, now)
    session.flush()
    return page


def done(session: Session, plan: Plan, item: Item, now: datetime = MONDAY, **values: Any) -> Modal | Wrong:
    """The person says that an item is done."""
    given = {"line": "", "file": (), **values}
    return sends(session, plan, given, ModalId.PLAN_DONE, now, view=f"VD{item.id}", item=item.id)


def passes(session: Session, until: datetime) -> None:
    """Everything that is due until then is done at its instant."""
    for _ in range(1000):
        session.flush()
        due = [next_plan_due(session, T), next_item_due(session, T)]
        following = min((instant for instant in due if instant is not None), default=None)
        if following is None or following > until:
            return
        plans_due.run_plans(session, T, following)
        plans_due.run_items(session, T, following)
    raise AssertionError("It never ends.")


def opens_elsewhere(session: Session, workspace: str) -> None:
    """There is another workspace."""
    session.add(Workspace(id=workspace))
    session.flush()
