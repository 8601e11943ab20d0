"""What people do on the page and forms of a plan: each act is read, done by its rule, and answered by the page."""

from collections.abc import Callable
from datetime import date, datetime

from bot.blocks import plans_forms as forms
from bot.blocks import plans_page as blocks
from bot.blocks.contributions import NOT_WHILE_LEFT_OUT
from bot.blocks.contributions_forms import note
from bot.blocks.kit import Modal
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.payloads import typed_number
from bot.rules import plans_changing, plans_closing, plans_items, plans_making, plans_people, plans_weeks
from bot.rules.plans import Ask, NoSuchPlan
from bot.rules.plans_items import Step
from bot.rules.plans_page import open_page
from bot.rules.plans_people import Word
from bot.rules.plans_reading import Wrong
from bot.rules.plans_weeks import Tap
from storage.people import is_left_out
from storage.plans import Plan, Tapped
from storage.session import Session

_TAPS = {
    ActionId.WEEK_DONE: Tapped.DONE,
    ActionId.WEEK_SOME: Tapped.SOME,
    ActionId.WEEK_NOT_YET: Tapped.NOT_YET,
}
_STEPS: dict[str, Callable[[Session, Step, datetime], Plan]] = {
    ActionId.ITEM_NOT_DONE: plans_items.take_up_again,
    ActionId.ITEM_ANOTHER_MONTH: plans_items.give_another_month,
    ActionId.ITEM_LET_GO: plans_items.let_go,
}


def number_in(value: object) -> int:
    """The id that a button or form carries; raises NoSuchPlan for anything else."""
    number = typed_number(str(value))
    if number is None:
        raise NoSuchPlan
    return number


def week_in(value: str) -> tuple[int, date]:
    """The plan and the Monday that a tap carries; raises NoSuchPlan for anything else."""
    plan, _, week = value.partition(":")
    try:
        return number_in(plan), date.fromisoformat(week)
    except ValueError as error:
        raise NoSuchPlan from error


def show(session: Session, workspace: str, person: str, now: datetime, plan: int | None = None) -> Modal:
    """The page, or a sentence for who is left out."""
    if is_left_out(session, workspace, person):
        return note(NOT_WHILE_LEFT_OUT)
    return open_page(session, workspace, person, now, plan)


def open_for(session: Session, press: Press, now: datetime) -> Modal:
    """The form that a button opens; raises as the forms do."""
    if press.action in _ITEM_FORMS:
        opens = _ITEM_FORMS[ActionId(press.action)]
        return opens(session, press.workspace, press.person, number_in(press.value))
    if press.action == ActionId.ADD_WEEK_LINE:
        plan, monday = week_in(press.value)
        return plans_weeks.open_line(session, Ask(press.workspace, press.person, plan), monday)
    if press.action == ActionId.CHOOSE_SOMEBODY:
        return _choose_somebody(session, press, now)
    ask = Ask(press.workspace, press.person, number_in(press.value))
    return _PLAN_FORMS.get(press.action, _open_make)(session, ask, now)


def _open_rating(session: Session, ask: Ask, now: datetime) -> Modal:
    del now
    return plans_closing.open_rating(session, ask)


def _open_closing(session: Session, ask: Ask, now: datetime) -> Modal:
    del now
    return plans_closing.open_closing(session, ask)


def _open_make(session: Session, ask: Ask, now: datetime) -> Modal:
    """The form that makes the plan, or the page once it is made."""
    form = plans_making.open_make(session, ask, now)
    return form if form is not None else open_page(session, ask.workspace, ask.person, now, ask.plan)


_ITEM_FORMS = {
    ActionId.ITEM_DONE: plans_changing.open_done,
    ActionId.CHANGE_ITEM: plans_changing.open_item,
}
_PLAN_FORMS: dict[str, Callable[[Session, Ask, datetime], Modal]] = {
    ActionId.ADD_ITEM: plans_changing.open_new_item,
    ActionId.CHANGE_BUDDY: plans_changing.open_buddy,
    ActionId.CHANGE_RATING: _open_rating,
    ActionId.CLOSE_PLAN: _open_closing,
}


def _choose_somebody(session: Session, press: Press, now: datetime) -> Modal:
    """Another helper for one item, another buddy, or the page where several items need one."""
    what, _, value = press.value.partition(":")
    number = number_in(value)
    if what == "item":
        return plans_changing.open_item(session, press.workspace, press.person, number)
    if what == "buddy":
        return plans_changing.open_buddy(session, Ask(press.workspace, press.person, number), now)
    return open_page(session, press.workspace, press.person, now, number)


def record_press(session: Session, press: Press, now: datetime) -> Modal:
    """Do what a button does at once, and show the page; on the page a refusal is a notice there.

    Elsewhere it raises what the rules raise.
    """
    on_page = press.metadata.get("page") == blocks.PAGE
    plan, notice = _shown_plan(press), ""
    try:
        plan = _act(session, press, now) or plan
    except BotError as error:
        if not on_page:
            raise
        notice = str(error)
    return open_page(session, press.workspace, press.person, now, plan, notice)


def _shown_plan(press: Press) -> int | None:
    shown = press.metadata.get("plan")
    return shown if isinstance(shown, int) else None


def _act(session: Session, press: Press, now: datetime) -> int | None:
    """Do it; the plan of the person's own that it was about, if it was one."""
    if press.action in _TAPS:
        plan, monday = week_in(press.value)
        given = Tap(press.workspace, press.person, plan, monday, _TAPS[ActionId(press.action)])
        return plans_weeks.tap(session, given, now).id
    number = number_in(press.value)
    if press.action in _STEPS:
        return _STEPS[press.action](session, Step(press.workspace, press.person, number), now).id
    agrees = press.action in (ActionId.AGREE_TO_HELP, ActionId.AGREE_TO_BUDDY)
    word = Word(press.workspace, press.person, number, agrees)
    if press.action in (ActionId.AGREE_TO_BUDDY, ActionId.DECLINE_TO_BUDDY):
        plans_people.decide_buddy(session, word, now)
    else:
        plans_people.decide_help(session, word, now)
    return None


def record_row(session: Session, press: Press, now: datetime) -> Modal:
    """One item more or less in the form that makes a plan; raises as `own_plan` does."""
    ask = Ask(press.workspace, press.person, number_in(press.metadata.get("plan")))
    return plans_making.redraw_make(session, ask, press, add=press.action == ActionId.ADD_PLAN_ROW, now=now)


def record_form(session: Session, form: Submission, now: datetime) -> Modal | Wrong:
    """Do what a form says, and show the page; or say what is wrong, under its block. Nothing typed is lost."""
    try:
        done = _FORMS[form.form](session, form, now)
    except BotError as error:
        return Wrong({next(iter(form.values), "rating"): str(error)})
    if isinstance(done, Wrong):
        return done
    return open_page(session, form.workspace, form.person, now, done.id)


def _ask(form: Submission) -> Ask:
    return Ask(form.workspace, form.person, number_in(form.metadata.get("plan")))


def _make(session: Session, form: Submission, now: datetime) -> Plan | Wrong:
    return plans_making.make(session, form, _ask(form), now)


def _item(session: Session, form: Submission, now: datetime) -> Plan | Wrong:
    kept = form.metadata.get("item")
    item = number_in(kept) if kept is not None else None
    return plans_changing.change_item(session, form, _ask(form), item, now)


def _done(session: Session, form: Submission, now: datetime) -> Plan | Wrong:
    return plans_changing.finish_item(session, form, number_in(form.metadata.get("item")), now)


def _buddy(session: Session, form: Submission, now: datetime) -> Plan | Wrong:
    return plans_changing.change_buddy(session, form, _ask(form), now)


def _rating(session: Session, form: Submission, now: datetime) -> Plan | Wrong:
    return plans_closing.rate(session, form, _ask(form), now)


def _week(session: Session, form: Submission, now: datetime) -> Plan | Wrong:
    plan, monday = week_in(f"{form.metadata.get('plan')}:{form.metadata.get('week')}")
    if len(form.words("line")) > forms.MOST_LINE:
        return Wrong({"line": forms.LINE_TOO_LONG.format(most=forms.MOST_LINE)})
    return plans_weeks.keep_line(session, form, Ask(form.workspace, form.person, plan), monday, now)


def _closing(session: Session, form: Submission, now: datetime) -> Plan | Wrong:
    return plans_closing.close(session, form, _ask(form), now)


_FORMS: dict[str, Callable[[Session, Submission, datetime], Plan | Wrong]] = {
    ModalId.MAKE_PLAN: _make,
    ModalId.PLAN_ITEM: _item,
    ModalId.PLAN_DONE: _done,
    ModalId.PLAN_BUDDY: _buddy,
    ModalId.PLAN_RATING: _rating,
    ModalId.PLAN_WEEK: _week,
    ModalId.PLAN_CLOSING: _closing,
}
