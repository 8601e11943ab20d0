"""The end of a plan: closing questions and the second self-rating when all is done or the twelve weeks are over."""

import json
from datetime import datetime

from bot.blocks import plans as blocks
from bot.blocks import plans_forms as forms
from bot.blocks.kit import Modal
from bot.interactions import Submission
from bot.rules.availability import calendar_of
from bot.rules.plans import Ask, origin_of, own_plan, retire, running_plan, title_of
from bot.rules.plans_calendar import CLOSING_LASTS
from bot.rules.plans_letters import Said, redraw, remind
from bot.rules.plans_reading import Wrong, read_rating
from storage.plans import ItemState, Plan, PlanState, PlanStep, find_items
from storage.sealing import seal, unseal
from storage.session import Session


def ask_closing(session: Session, plan: Plan, now: datetime) -> None:
    """Ask for the last look; what is still open closes with the plan."""
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    closes = calendar.next_working_day(calendar.today(now) + CLOSING_LASTS)
    plan.state, plan.step, plan.due_at = PlanState.CLOSING, PlanStep.EXPIRE, calendar.at(closes)
    items = find_items(session, plan)
    for item in items:
        item.step, item.due_at = "", None
    done = sum(item.state == ItemState.DONE for item in items)
    title = title_of(session, plan)
    card = blocks.closing(title, plan.id, done, len(items), closes)
    line = blocks.CLOSING_LINE.format(title=blocks.escaped(title))
    # All done, one taken up again, all done again: that is another last look.
    once = f"plan_closing:{plan.id}:{calendar.today(now).isoformat()}"
    said = Said(plan.person, once, line, card, about_closing(plan))
    remind(session, plan.workspace, said, now, not_after=plan.due_at)
    session.flush()


def expire(session: Session, plan: Plan, now: datetime) -> None:
    """Nobody answered the closing questions: the plan is closed without them."""
    _close(session, plan, PlanState.EXPIRED, now)


def open_closing(session: Session, ask: Ask) -> Modal:
    """The closing questions. Raises as `running_plan` does."""
    plan = running_plan(session, ask)
    return forms.closing_form(plan.id, _questions(session, plan), plan.rating_before)


def close(session: Session, form: Submission, ask: Ask, now: datetime) -> Plan | Wrong:
    """Keep the answers sealed and the second rating, and close the plan; or what is wrong, by block.

    The same form twice changes nothing. Raises as `running_plan` does for a plan that was closed otherwise.
    """
    plan = own_plan(session, ask)
    questions = _questions(session, plan)
    given = [
        (question, answer) for n, question in enumerate(questions) if (answer := form.words(f"answer:{n}"))
    ]
    if plan.state == PlanState.CLOSED and closing_answers(session, plan) == given:
        return plan
    running_plan(session, ask)
    rating = read_rating(form)
    if rating is None:
        return Wrong({"rating": forms.RATING_MISSING})
    plan.rating_after = rating
    plan.sealed_closing = seal(session, plan.workspace, json.dumps(given))
    _close(session, plan, PlanState.CLOSED, now)
    return plan


def _close(session: Session, plan: Plan, state: PlanState, now: datetime) -> None:
    plan.state, plan.closed_at = state, now
    for item in find_items(session, plan):
        if item.state == ItemState.OPEN:
            item.state = ItemState.CLOSED
    retire(session, plan, now)
    card = blocks.closed(title_of(session, plan), answered=state is PlanState.CLOSED)
    redraw(session, plan.workspace, about_closing(plan), card, now)


def closing_answers(session: Session, plan: Plan) -> list[tuple[str, str]]:
    """Each closing question that was answered, with the answer: the learner's alone."""
    if not plan.sealed_closing:
        return []
    pairs = json.loads(unseal(session, plan.workspace, plan.sealed_closing))
    return [(str(question), str(answer)) for question, answer in pairs]


def open_rating(session: Session, ask: Ask) -> Modal:
    """The form that changes the rating of the start. Raises as `running_plan` does."""
    plan = running_plan(session, ask)
    return forms.rating_form(plan.id, plan.rating_before)


def rate(session: Session, form: Submission, ask: Ask, now: datetime) -> Plan | Wrong:
    """Change the rating of the start; or what is wrong, by block. Raises as `running_plan` does."""
    del now
    plan, rating = running_plan(session, ask), read_rating(form)
    if rating is None:
        return Wrong({"rating": forms.RATING_MISSING})
    plan.rating_before = rating
    session.flush()
    return plan


def _questions(session: Session, plan: Plan) -> list[str]:
    asked = origin_of(session, plan).programme.closing
    questions = [question for question in asked if isinstance(question, str) and question.strip()]
    return questions[: forms.MOST_QUESTIONS] or list(forms.USUAL_QUESTIONS)


def about_closing(plan: Plan) -> str:
    """What the card of the last look is filed under."""
    return f"plan_closing:{plan.id}"
