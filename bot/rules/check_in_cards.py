"""The cards of check-ins: drawn from what is stored, redrawn in place when something became of them."""

from datetime import datetime

from bot.blocks import check_ins as blocks
from bot.blocks.kit import Message
from bot.rules import plans
from bot.rules.choices import read_choices
from storage import outbox_cards
from storage.check_ins import (
    OPEN,
    Prompt,
    PromptState,
    StillUsed,
    find_merged_into,
    find_of_enrolment,
)
from storage.check_ins_answers import has_written, was_asked_before
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Session


def about(prompt: Prompt) -> str:
    """What the letter with the question is filed under."""
    return f"prompt:{prompt.id}"


def about_again(prompt: Prompt) -> str:
    """What the letters that ask once more are filed under."""
    return f"prompt_again:{prompt.id}"


def about_pause(prompt: Prompt) -> str:
    """What the letter that says "paused" is filed under."""
    return f"prompt_paused:{prompt.id}"


def draw(session: Session, prompt: Prompt, *, opening: str = "", status: str = "") -> Message:
    """The check-in as it looks now; `opening` when it comes again, `status` when something became of it."""
    return blocks.card(_shown(session, prompt, status), opening)


def question_of(session: Session, prompt: Prompt) -> blocks.Question:
    """The question with the programme that it belongs to."""
    programme = _programme(session, prompt)
    title = programme.title if programme is not None else ""
    return blocks.Question(title, prompt.day or 0, prompt.question)


def redraw(session: Session, prompt: Prompt, now: datetime, status: str) -> None:
    """Show on every message that asked this what became of it."""
    if prompt.sent_at is None:
        return
    shown = _shown(session, prompt, status)
    outbox_cards.redraw(session, prompt.workspace, about(prompt), blocks.card(shown).payload(), now)
    again = blocks.again_settled(shown).payload()
    outbox_cards.redraw_every(session, prompt.workspace, about_again(prompt), again, now)


def say_resumed(session: Session, prompt: Prompt, now: datetime) -> None:
    """The message that said "paused" says when the next check-in comes; so does the card of the silent one."""
    coming = find_of_enrolment(session, prompt.workspace, prompt.enrolment or 0)
    days = [one.due_on for one in coming if one.state == PromptState.SCHEDULED and one.due_at is not None]
    card = blocks.resumed(question_of(session, prompt).programme, min(days, default=None)).payload()
    for one in coming:
        outbox_cards.redraw(session, prompt.workspace, about_pause(one), card, now)
        if one.state == PromptState.SILENT:
            redraw(session, one, now, blocks.RESUMED)


def asks_still_used(session: Session, prompt: Prompt) -> list[Prompt]:
    """Which of the check-ins in this message ask whether it is still used."""
    together = [prompt, *find_merged_into(session, prompt)]
    return [one for one in together if one.still_used is not None]


def _shown(session: Session, prompt: Prompt, status: str) -> blocks.CheckIn:
    merged = find_merged_into(session, prompt)
    usage = [one.still_used for one in (prompt, *merged) if one.still_used is not None]
    answered = [answer for answer in usage if answer != StillUsed.ASKED]
    is_open = prompt.state in (*OPEN, PromptState.SCHEDULED)
    return blocks.CheckIn(
        prompt.id,
        question_of(session, prompt),
        [question_of(session, one) for one in merged if one.enrolment != prompt.enrolment],
        item=_item(session, prompt),
        has_written=has_written(session, prompt),
        is_first=not was_asked_before(session, prompt),
        for_talk=prompt.day == read_choices(session, prompt.workspace).talk_day,
        still_used=next(iter(answered or usage), None),
        status=status,
        can_put_off=is_open,
        can_resume=prompt.state == PromptState.SILENT and _is_paused(session, prompt),
    )


def _item(session: Session, prompt: Prompt) -> str | None:
    enrolment = session.get(Enrolment, prompt.enrolment) if prompt.enrolment is not None else None
    return plans.item_to_quote(session, enrolment) if enrolment is not None else None


def _is_paused(session: Session, prompt: Prompt) -> bool:
    enrolment = session.get(Enrolment, prompt.enrolment) if prompt.enrolment is not None else None
    return enrolment is not None and enrolment.check_ins_paused is not None


def _programme(session: Session, prompt: Prompt) -> Programme | None:
    enrolment = session.get(Enrolment, prompt.enrolment) if prompt.enrolment is not None else None
    cohort = session.get(Cohort, enrolment.cohort) if enrolment is not None else None
    return session.get(Programme, cohort.programme) if cohort is not None else None
