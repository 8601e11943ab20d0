"""Forms about programmes: title and purpose, weeks, questions, items; a mistake keeps all that was typed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot import programme_specs as limits
from bot.blocks import programmes_forms as forms
from bot.blocks.kit import Modal
from bot.blocks.programmes_fields import NEEDED
from bot.errors import BotError
from bot.ids import ModalId
from bot.interactions import Submission
from bot.programme_files import templates
from bot.programme_specs import CheckIn, Idea, ProgrammeSpec, Week, is_address, is_key, key_from
from bot.rules import runs_forms
from bot.rules.programmes import programme_for, spec_of, store_spec
from bot.rules.programmes_pages import programme_page
from bot.rules.programmes_sent import Sent, Wrong, number
from bot.rules.programmes_weeks import redraw
from bot.rules.roles import is_admin
from bot.rules.runs import NotThisPerson, check_person
from storage.inbox import heard_before, was_heard
from storage.programmes_finding import find_programme_by_key
from storage.session import Session


def record(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    """What a form asks for happens, and the page with it is shown; else what is wrong, by block."""
    try:
        with session.begin_nested():  # half of a form is no form
            return _RECORD[ModalId(sent.form.form)](session, sent, now)
    except BotError as error:
        return Wrong({_first_block(sent.form): str(error)})


def _first_block(form: Submission) -> str:
    return next(iter(form.values), "title")


def _against_sponsor(session: Session, sent: Sent, known: str) -> str:
    """Why this person cannot be the sponsor, who reads the results of every run; empty when they can."""
    chosen = sent.form.words("sponsor")
    if not chosen or chosen == known:
        return ""
    if sent.asked.id and not is_admin(session, sent.workspace, sent.form.person):
        return forms.SPONSOR_BY_ADMIN
    try:
        check_person(session, sent.workspace, chosen)
    except NotThisPerson as error:
        return str(error)
    return ""


def _basics(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    form = sent.form
    if sent.asked.id:
        programme = programme_for(session, sent.asked)
        spec, key = spec_of(session, programme), programme.key
    else:
        chosen = templates().get(form.words("template"))
        spec = chosen.spec if chosen is not None else ProgrammeSpec("", "")
        key = form.words("key").lower() or (
            spec.key if not form.words("title") else key_from(form.words("title"))
        )
    title = form.words("title") or ("" if sent.asked.id else spec.title)
    if not title:
        return Wrong({"title": forms.TITLE_NEEDED})
    if not is_key(key):
        return Wrong({"key": forms.BAD_KEY})
    taken = find_programme_by_key(session, sent.workspace, key)
    if taken is not None and not taken.retired and not sent.asked.id:
        if was_heard(session, sent.workspace, form.key):  # this very form made it
            return programme_page(session, replace(sent.asked, id=taken.id), now)
        return Wrong({"key" if form.words("key") else "title": forms.KEY_TAKEN})
    if wrong := _against_sponsor(session, sent, spec.sponsor):
        return Wrong({"sponsor": wrong})
    made = replace(
        spec,
        key=key,
        title=title,
        purpose=form.words("purpose") or ("" if sent.asked.id else spec.purpose),
        subject=form.words("subject").lower() or ("" if sent.asked.id else spec.subject),
        sponsor=form.words("sponsor"),
    )
    heard_before(session, sent.workspace, form.key, now)
    return _stored(session, sent, made, now)


def _stored(session: Session, sent: Sent, spec: ProgrammeSpec, now: datetime) -> Modal:
    programme = store_spec(session, sent.workspace, spec, sent.form.person, now)
    redraw(session, programme, now)
    return programme_page(session, replace(sent.asked, id=programme.id), now)


def _week(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    spec = spec_of(session, programme_for(session, sent.asked))
    place, form = number(sent.form.metadata.get("number")), sent.form
    if not place and was_heard(session, sent.workspace, form.key):
        return programme_page(session, sent.asked, now)
    links = tuple(
        dict.fromkeys(line.strip("<> ") for line in form.words("voices").split("\n") if line.strip())
    )
    made = Week(form.words("title"), form.words("lesson"), form.words("starter"), links)
    wrong = _week_mistakes(made)
    if wrong:
        return Wrong(wrong)
    heard_before(session, sent.workspace, form.key, now)
    weeks = list(spec.weeks)
    if not 0 < place <= len(weeks):
        if len(weeks) >= limits.MOST_WEEKS:
            return Wrong({"title": forms.TOO_MANY_WEEKS})
        weeks.append(made)
    elif "out" in form.chosen("out"):
        del weeks[place - 1]
    else:
        weeks[place - 1] = made
    return _stored(session, sent, replace(spec, weeks=tuple(weeks)), now)


def _week_mistakes(week: Week) -> dict[str, str]:
    wrong = {} if week.title else {"title": NEEDED}
    if week.lesson and not is_address(week.lesson):
        wrong["lesson"] = forms.BAD_LINK
    bad = next((link for link in week.contributions if not is_address(link)), None)
    if bad is not None:
        wrong["voices"] = forms.BAD_LINKS.format(link=bad[:60])
    elif len(week.contributions) > limits.MOST_VOICES:
        wrong["voices"] = forms.TOO_MANY.format(most=limits.MOST_VOICES)
    return wrong


def _questions(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    spec = spec_of(session, programme_for(session, sent.asked))
    form = sent.form
    asked: dict[int, CheckIn] = {}
    blocks: dict[int, str] = {}
    for block in form.values:
        if block.startswith("day:") and form.words(block):
            _, day, still = block.split(":")
            asked[number(day)] = CheckIn(number(day), form.words(block), still == "1")
            blocks[number(day)] = block
    wrong = _add_day(form, asked, blocks) or _alike(asked, blocks)
    if wrong:
        return Wrong(wrong)
    return _stored(session, sent, replace(spec, check_ins=tuple(asked[day] for day in sorted(asked))), now)


def _add_day(form: Submission, asked: dict[int, CheckIn], blocks: dict[int, str]) -> dict[str, str]:
    question = form.words("question")
    if not question:
        return {}
    day = number(form.words("day"))
    if not 1 <= day <= limits.LAST_DAY:
        return {"day": forms.DAY_MISSING}
    if day in asked:
        return {"day": forms.DAY_TAKEN}
    if len(asked) >= limits.MOST_CHECK_INS:
        return {"question": forms.TOO_MANY_DAYS}
    asked[day], blocks[day] = CheckIn(day, question, day >= forms.HALF_A_YEAR), "question"
    return {}


def _alike(asked: Mapping[int, CheckIn], blocks: Mapping[int, str]) -> dict[str, str]:
    seen: dict[str, int] = {}
    for day in sorted(asked):
        folded = " ".join(asked[day].question.casefold().split())
        if folded in seen:
            return {blocks[day]: forms.ALIKE.format(day=seen[folded])}
        seen[folded] = day
    return {}


def _ideas(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    spec = spec_of(session, programme_for(session, sent.asked))
    wrong: dict[str, str] = {}
    made = []
    for n in range(limits.MOST_ITEMS):
        when, then = sent.form.words(f"when:{n}"), sent.form.words(f"then:{n}")
        if not when and not then:
            continue
        days = number(sent.form.words(f"days:{n}") or "14")
        if not (when and then):
            wrong[f"then:{n}" if when else f"when:{n}"] = forms.HALF
        elif not 1 <= days <= limits.LAST_ITEM_DAY:
            wrong[f"days:{n}"] = forms.BAD_DAYS
        made.append(Idea(when, then, days))
    return Wrong(wrong) if wrong else _stored(session, sent, replace(spec, items=tuple(made)), now)


def _ends(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    spec = spec_of(session, programme_for(session, sent.asked))
    wrong: dict[str, str] = {}
    closing = _lines(sent.form, "closing", limits.MOST_CLOSING, wrong)
    circle = _lines(sent.form, "circle", limits.MOST_CIRCLE, wrong)
    if wrong:
        return Wrong(wrong)
    return _stored(session, sent, replace(spec, closing=closing, circle_questions=circle), now)


def _lines(form: Submission, block: str, most: int, wrong: dict[str, str]) -> tuple[str, ...]:
    lines = [line.strip() for line in form.words(block).split("\n") if line.strip()]
    twice = next((line for n, line in enumerate(lines) if line in lines[:n]), None)
    if len(lines) > most:
        wrong[block] = forms.TOO_MANY.format(most=most)
    elif any(len(line) > limits.MOST_ASKED for line in lines):
        wrong[block] = forms.LINE_LONG.format(most=limits.MOST_ASKED)
    elif twice is not None:
        wrong[block] = forms.ALIKE_LINES.format(line=twice[:60])
    return tuple(lines)


_RECORD: dict[ModalId, Callable[[Session, Sent, datetime], Modal | Wrong]] = {
    ModalId.PROGRAMME_BASICS: _basics,
    ModalId.PROGRAMME_WEEK: _week,
    ModalId.PROGRAMME_QUESTIONS: _questions,
    ModalId.PROGRAMME_IDEAS: _ideas,
    ModalId.PROGRAMME_ENDS: _ends,
    ModalId.RUN_FORM: runs_forms.record_run,
    ModalId.ENROL: runs_forms.record_enrolling,
    ModalId.RUN_PEOPLE: runs_forms.record_people,
}
