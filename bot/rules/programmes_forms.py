"""The forms of `/learn programme`: opened for a press, and what becomes of them; a mistake keeps all that was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import programme_specs as limits
from bot.blocks import programmes_forms as forms
from bot.blocks.kit import Modal, escape
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.programme_files import templates
from bot.programme_specs import CheckIn, Idea, ProgrammeSpec, Week, is_address, is_key, key_from
from bot.roster_files import BadRoster, RosterLine
from bot.rules import completion
from bot.rules.enrolling import Enrolled, Enrolling, enrol
from bot.rules.naming import name_of
from bot.rules.programmes import (
    Asked,
    MayNotMake,
    cohort_for,
    may_make,
    programme_for,
    spec_of,
    store_spec,
)
from bot.rules.programmes_pages import programme_page, run_page
from bot.rules.rosters import Roster, take_in
from bot.rules.runs import Completion, NotInRun, RunFacts, change_run, complete_one, open_run
from bot.yaml_reading import find_date
from storage.inbox import heard_before
from storage.programmes import EnrolmentState
from storage.programmes_finding import (
    find_enrolment_of,
    find_members_of_space,
    find_programme_by_key,
)
from storage.session import Session
from storage.spaces import find_space

LONGEST_NUMBER = 16  # digits


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a form, by block."""

    by_block: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of `/learn programme`, with what Slack told us about what it names."""

    workspace: str
    form: Submission
    group: tuple[str, ...] = ()  # who is in the user group that was chosen
    lines: tuple[RosterLine, ...] = ()  # of the list or file
    emails: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> Asked:
        """Who sent it, about which programme."""
        return Asked(self.workspace, self.form.person, _number(self.form.metadata.get("programme")))

    @property
    def run(self) -> Asked:
        """Who sent it, about which run."""
        return Asked(self.workspace, self.form.person, _number(self.form.metadata.get("run")))


def open_for(session: Session, press: Press, now: datetime) -> Modal:
    """The form that a button opens. Raises what stands against it as a BotError."""
    del now
    first, _, second = press.value.partition(":")
    asked = Asked(press.workspace, press.person, _number(first))
    if press.action == ActionId.NEW_PROGRAMME:
        return open_new(session, asked)
    if press.action in (ActionId.EDIT_RUN, ActionId.RUN_PEOPLE):
        return _open_run(session, asked, ActionId(press.action))
    programme = programme_for(session, asked)
    spec = spec_of(session, programme)
    if press.action == ActionId.NEW_RUN:
        draft = forms.RunDraft(sponsor=programme.sponsor, facilitator=press.person)
        return forms.run_form(programme.id, 0, draft)
    if press.action in (ActionId.EDIT_WEEK, ActionId.ADD_WEEK):
        number = _number(second)
        shown = spec.weeks[number - 1] if 0 < number <= len(spec.weeks) else None
        return forms.week(programme.id, number if shown else 0, shown)
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
    known = [(key, one.spec.title) for key, one in templates().items()]
    return forms.basics(None, 0, known)


def open_enrol(session: Session, asked: Asked, groups: tuple[tuple[str, str], ...]) -> Modal:
    """The form that enrols. Raises NoSuchRun and MayNotRun."""
    return forms.enrol(cohort_for(session, asked).id, groups)


def _open_run(session: Session, asked: Asked, action: ActionId) -> Modal:
    cohort = cohort_for(session, asked)
    if action == ActionId.RUN_PEOPLE:
        return forms.people(cohort.id)
    draft = forms.RunDraft(
        cohort.name, cohort.starts_on, cohort.ends_on, cohort.space, cohort.sponsor, cohort.facilitator
    )
    return forms.run_form(cohort.programme, cohort.id, draft)


def record(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    """What a form asks for happens, and the page with it is shown; else what is wrong, by block."""
    try:
        return _RECORD[ModalId(sent.form.form)](session, sent, now)
    except BotError as error:
        return Wrong({_first_block(sent.form): str(error)})


def _first_block(form: Submission) -> str:
    return next(iter(form.values), "title")


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
    if taken is not None and not sent.asked.id:
        if not heard_before(session, sent.workspace, form.key, now):
            return Wrong({"key": forms.KEY_TAKEN})
        return programme_page(session, replace(sent.asked, id=taken.id), now)
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
    return programme_page(session, replace(sent.asked, id=programme.id), now)


def _week(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    spec = spec_of(session, programme_for(session, sent.asked))
    number, form = _number(sent.form.metadata.get("number")), sent.form
    if not number and heard_before(session, sent.workspace, form.key, now):
        return programme_page(session, sent.asked, now)
    links = tuple(
        dict.fromkeys(line.strip("<> ") for line in form.words("voices").split("\n") if line.strip())
    )
    made = Week(form.words("title"), form.words("lesson"), form.words("starter"), links)
    wrong = _week_mistakes(made)
    if wrong:
        return Wrong(wrong)
    weeks = list(spec.weeks)
    if not 0 < number <= len(weeks):
        weeks.append(made)
    elif "out" in form.chosen("out"):
        del weeks[number - 1]
    else:
        weeks[number - 1] = made
    return _stored(session, sent, replace(spec, weeks=tuple(weeks[: limits.MOST_WEEKS])), now)


def _week_mistakes(week: Week) -> dict[str, str]:
    wrong = {} if week.title else {"title": forms.NEEDED}
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
            asked[_number(day)] = CheckIn(_number(day), form.words(block), still == "1")
            blocks[_number(day)] = block
    wrong = _add_day(form, asked, blocks) or _alike(asked, blocks)
    if wrong:
        return Wrong(wrong)
    return _stored(session, sent, replace(spec, check_ins=tuple(asked[day] for day in sorted(asked))), now)


def _add_day(form: Submission, asked: dict[int, CheckIn], blocks: dict[int, str]) -> dict[str, str]:
    question = form.words("question")
    if not question:
        return {}
    day = _number(form.words("day"))
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
        days = _number(sent.form.words(f"days:{n}") or "14")
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


def _run(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    form = sent.form
    first, last = find_date(form.words("starts_on")), find_date(form.words("ends_on"))
    if not form.words("name") or first is None or last is None:
        missing = {"name": form.words("name"), "starts_on": first, "ends_on": last}
        return Wrong({block: forms.NEEDED for block, value in missing.items() if not value})
    facts = RunFacts(
        form.words("name"),
        first,
        last,
        form.words("space") or None,
        form.words("sponsor") or None,
        form.words("facilitator") or None,
    )
    try:
        if sent.run.id:
            cohort = change_run(session, cohort_for(session, sent.run), facts, form.person, now)
        else:
            cohort = open_run(session, sent.asked, facts, now)
    except BotError as error:
        return Wrong({_date_block(error): str(error)})
    return run_page(session, replace(sent.run, id=cohort.id), now)


def _date_block(error: BotError) -> str:
    names = {"NotThisPerson": "facilitator", "NameTaken": "name", "MayNotRun": "name", "MayNotMake": "name"}
    return names.get(type(error).__name__, "ends_on")


def _enrol(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    cohort = cohort_for(session, sent.run)
    form = sent.form
    people = [*form.chosen("people"), *sent.group]
    channel = form.words("channel")
    if channel:
        space = find_space(session, sent.workspace, channel)
        if space is None or not space.app_is_in:
            return Wrong({"channel": forms.NOT_IN_CHANNEL})
        people += _humans(session, sent.workspace, channel)
    if not people and not sent.lines:
        return Wrong({"people": forms.NOBODY})
    listed = 0
    if sent.lines:
        roster = Roster(sent.workspace, form.person, sent.lines, sent.emails, cohort.id)
        try:
            taken = take_in(session, roster, now)
        except BadRoster as error:
            return Wrong({"pasted" if form.words("pasted") else "file": str(error)[:2_900]})
        listed = taken.enrolled
    done = enrol(session, Enrolling(sent.workspace, form.person, cohort.id, tuple(people)), now)
    return run_page(session, sent.run, now, _said(session, sent.workspace, done, listed))


def _humans(session: Session, workspace: str, channel: str) -> list[str]:
    from storage.people import find_person

    members = find_members_of_space(session, workspace, channel)
    known = [(one, find_person(session, workspace, one)) for one in members]
    return [one for one, person in known if person is None or not person.is_bot]


def _said(session: Session, workspace: str, done: Enrolled, listed: int) -> str:
    number = len(done.enrolled) + listed
    parts = ["Nobody new is enrolled." if not number else f"Enrolled: {number}."]
    if done.already:
        names = ", ".join(escape(name_of(session, workspace, one)) for one in done.already[:10])
        parts.append(f"Already there: {names}.")
    parts += [escape(one.why) for one in done.refused[:10]]
    return " ".join(parts)


def _people(session: Session, sent: Sent, now: datetime) -> Modal | Wrong:
    cohort = cohort_for(session, sent.run)
    out = sent.form.words("what") == "out"
    for person in sent.form.chosen("people"):
        known = find_enrolment_of(session, cohort, person)
        if known is None or known.state == EnrolmentState.LEFT:
            if out:
                continue
            return Wrong({"people": f"{name_of(session, sent.workspace, person)}: {NotInRun()}"})
    for person in sent.form.chosen("people"):
        known = find_enrolment_of(session, cohort, person)
        if out and known is not None:
            completion.leave(session, known, now)
        elif known is not None:
            complete_one(session, Completion(sent.workspace, sent.form.person, cohort.id, person), now)
    return run_page(session, sent.run, now)


def _number(value: object) -> int:
    """What a form or button says, 0 for anything that is no number."""
    if isinstance(value, int):
        return value
    is_one = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < LONGEST_NUMBER
    return int(str(value)) if is_one else 0


_RECORD: dict[ModalId, Callable[[Session, Sent, datetime], Modal | Wrong]] = {
    ModalId.PROGRAMME_BASICS: _basics,
    ModalId.PROGRAMME_WEEK: _week,
    ModalId.PROGRAMME_QUESTIONS: _questions,
    ModalId.PROGRAMME_IDEAS: _ideas,
    ModalId.PROGRAMME_ENDS: _ends,
    ModalId.RUN_FORM: _run,
    ModalId.ENROL: _enrol,
    ModalId.RUN_PEOPLE: _people,
}
