"""The forms of `/learn programme` as they open, for whoever may send them."""

from collections.abc import Callable

from bot.blocks import programmes_forms as forms
from bot.blocks import runs_forms
from bot.blocks.kit import Modal
from bot.ids import ActionId
from bot.interactions import Press
from bot.programme_files import templates
from bot.rules.programmes import Asked, MayNotMake, cohort_for, may_make, programme_for, spec_of
from bot.rules.programmes_sent import number
from storage.session import Session


def open_for(session: Session, press: Press) -> Modal:
    """The form that a button opens. Raises what stands against it as a BotError."""
    first, _, second = press.value.partition(":")
    asked = Asked(press.workspace, press.person, number(first))
    if press.action == ActionId.NEW_PROGRAMME:
        return open_new(session, asked)
    if press.action in (ActionId.EDIT_RUN, ActionId.RUN_PEOPLE):
        return _open_run(session, asked, ActionId(press.action))
    programme = programme_for(session, asked)
    spec = spec_of(session, programme)
    if press.action == ActionId.NEW_RUN:
        draft = runs_forms.RunDraft(sponsor=programme.sponsor, facilitator=press.person)
        return runs_forms.run_form(programme.id, 0, draft)
    if press.action in (ActionId.EDIT_WEEK, ActionId.ADD_WEEK):
        week = number(second)
        shown = spec.weeks[week - 1] if 0 < week <= len(spec.weeks) else None
        return forms.week(programme.id, week if shown else 0, shown)
    opened: dict[str, Callable[[], Modal]] = {
        ActionId.EDIT_PROGRAMME: lambda: forms.basics(spec, programme.id, ()),
        ActionId.EDIT_QUESTIONS: lambda: forms.questions(programme.id, spec.check_ins),
        ActionId.EDIT_IDEAS: lambda: forms.ideas(programme.id, spec.items),
        ActionId.EDIT_ENDS: lambda: forms.ends(programme.id, spec.closing, spec.circle_questions),
    }
    return opened[press.action]()


def open_new(session: Session, asked: Asked) -> Modal:
    """The form of a new programme. Raises MayNotMake."""
    if not may_make(session, asked.workspace, asked.by):
        raise MayNotMake
    known = [(key, one.spec) for key, one in templates().items()]
    return forms.basics(None, 0, known)


def open_enrol(session: Session, asked: Asked, groups: tuple[tuple[str, str], ...]) -> Modal:
    """The form that enrols. Raises NoSuchRun and MayNotRun."""
    return runs_forms.enrol(cohort_for(session, asked).id, groups)


def _open_run(session: Session, asked: Asked, action: ActionId) -> Modal:
    cohort = cohort_for(session, asked)
    if action == ActionId.RUN_PEOPLE:
        return runs_forms.people(cohort.id)
    draft = runs_forms.RunDraft(
        cohort.name, cohort.starts_on, cohort.ends_on, cohort.space, cohort.sponsor, cohort.facilitator
    )
    return runs_forms.run_form(cohort.programme, cohort.id, draft)
