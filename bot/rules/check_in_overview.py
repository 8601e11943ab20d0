"""When the next question comes, or that none comes by itself: on the page of the person's plan."""

from datetime import datetime

from bot.blocks import check_ins as blocks
from bot.rules.cards import card_url
from bot.rules.check_in_cards import about, about_pause, question_of
from storage import check_ins as stored
from storage.check_ins import Prompt, PromptState
from storage.programmes import Enrolment
from storage.programmes_finding import find_enrolments_of
from storage.session import Session


def plan_lines(session: Session, workspace: str, person: str, now: datetime) -> list[str]:
    """One line of mrkdwn for each programme that still asks something."""
    del now
    lines = (_line(session, enrolment) for enrolment in find_enrolments_of(session, workspace, person))
    return [line for line in lines if line is not None]


def _line(session: Session, enrolment: Enrolment) -> str | None:
    asked = stored.find_of_enrolment(session, enrolment.workspace, enrolment.id)
    coming = [one for one in asked if one.state == PromptState.SCHEDULED and one.due_at is not None]
    if not coming:
        return None
    first = min(coming, key=lambda one: one.due_on)
    programme = question_of(session, first).programme
    if enrolment.check_ins_paused is None:
        return blocks.comes(programme, first.due_on)
    return blocks.is_paused(programme, _where_to_resume(session, asked))


def _where_to_resume(session: Session, asked: list[Prompt]) -> str | None:
    """The newest message with the button that resumes them."""
    for one in reversed(asked):
        for card in (about_pause(one), about(one)) if one.state == PromptState.SILENT else ():
            url = card_url(session, one.workspace, card)
            if url is not None:
                return url
    return None
