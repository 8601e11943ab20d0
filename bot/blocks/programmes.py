"""The pages of `/learn programme`: mine, the runs I look after, the programmes there are, one of each, results."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.blocks import kit
from bot.blocks.plans_words import day_words
from bot.blocks.programmes_cards import leave_question
from bot.blocks.typed import typed
from bot.ids import ActionId, ModalId
from bot.programme_specs import ProgrammeSpec, Week

PAGE = "programmes"  # comes back with a press on any of these pages
TITLE, ONE_TITLE, RUN_TITLE, RESULTS_TITLE = "Programmes", "Programme", "Run of a programme", "Results"
NOTHING_FOR_YOU = (
    "You are in no programme at the moment. When a facilitator enrols you in one, you find it here: what is on this"
    " week, your goal, and what comes after."
)
NO_PROGRAMMES = (
    "There is no programme yet. Begin with a template: weeks, questions for a year and items are in it, and all of it"
    " can be changed."
)
MINE, RUNS, PROGRAMMES = "Mine", "Runs I look after", "Programmes"
NEW, NEW_RUN, OPEN, BACK, EDIT = "New programme", "New run", "Open", "Back to all", "Edit"
MY_LINE = "*{title}*\n{first} – {last}{how}"
GOAL, GOAL_CONFIRMED, NO_GOAL = "Goal: {goal}", " · :white_check_mark: confirmed", "Not named yet."
SET_GOAL = "My goal"
LEAVE = "Leave it"
THIS_WEEK = "*This week ({number}): {title}*"
LESSON, VOICE, STARTER = "<{url}|The lesson>", "<{url}|A colleague's voice>", "{starter}"
COMPLETED = " · finished on {day}"
RUN_LINE = "*{title}* · {name}\n{first} – {last} · {standing} · {people}"
STANDING = {
    "planned": "begins later",
    "running": "is on",
    "ended": "is over",
    "called_off": "called off",
}
PERSON, PEOPLE, NOBODY = "one person", "{number} people", "nobody yet"
PROGRAMME_LINE = "*{title}* · `{key}`\n{weeks}{silent}"
WEEK, WEEKS, NO_WEEKS = "one week", "{number} weeks", "no weeks yet"
SILENT = " · no colleague's voice in {numbers}"
MORE = "… and {number} more: `/learn programme name` opens one."

WEEK_LINE = "*{number}. {title}*{lesson}\n{voices}"
NO_VOICE = ":speech_balloon: No colleague's voice yet. Edit the week to put a link to a contribution into it."
ONE_VOICE, VOICES = "one colleague's voice", "{number} colleagues' voices"
ADD_WEEK = "Add a week"
QUESTIONS = "*Questions after the end*\n{lines}"
USUAL_QUESTIONS = (
    "*Questions after the end*\nThe usual ones, which go with any subject. Better write your own."
)
DAY = "• day {day}: {question}"
IDEAS = "*Items to adapt in the plan*\n{lines}"
IDEA = "• when {when} → {then} ({days} days)"
NO_IDEAS = "*Items to adapt in the plan*\nNone: everybody begins with an empty line."
ENDS = "*At the end of the plan, and for circles*\n{closing} closing and {circle} circle questions"
RETIRE = "Retire it"
RETIRE_SURE = "It is offered no more. Runs that are on go on, and its results stay."

FACTS = "{first} – {last} · {standing}"
SPACE, SPONSOR, FACILITATOR = "Space: <#{space}>", "Sponsor: {name}", "Facilitator: {name}"
ARCHIVED = ":warning: Its space is archived. Choose another one with Edit, or go on without."
NO_PEOPLE = "Nobody is in this run yet. Enrol people by name, from a channel, a user group, or a list."
STATE_LINE = "{enrolled} on the way · {completed} finished · {left} left"
NAMES = "*Who is in it:* {names}"
AND_MORE = "{names} and {number} more"
ENROL, SOME, END, CALL_OFF, RESULTS = "Enrol", "Finished or out", "End it now", "Call it off", "Results"
END_SURE = "It ends today for everybody who is still on the way: they are asked for their plans next."
CALL_OFF_SURE = "Nothing more comes from it to anybody. They are told in their morning note."

TOO_FEW = "Results are shown from five people on, so that nobody can be read out of them."
RESULT_LINES = (
    ("invited", "invited to make a plan"),
    ("planned", "made a plan"),
    ("checked_in", "answered a check-in"),
    ("talked", "talked with their manager"),
    ("closed", "closed their plan"),
)
OF_PEOPLE = "*{people} people*"
LINE_OF = "{bar} *{number}* {what}"
RATING = "*How well they say they can do it (1–10):* {before} before, {after} after, from {people} people"
NO_RATING = "*How well they say they can do it:* shown from five answers on."
STILL = "*Still using it after {months} months:* {yes} yes, {partly} partly, {no} no"
NO_STILL = "*Still using it after {months} months:* shown from five answers on."
VOICES_HEARD = (
    "*A colleague's voice:* {number} times learners heard from somebody: a talk, a reply, a helper or a buddy who said"
    " yes"
)
PRIVATE = "Counts only: no name and nothing that anybody wrote."


@dataclass(frozen=True, slots=True)
class Mine:
    """A run the person is in."""

    enrolment: int
    title: str
    first: date
    last: date
    goal: str = ""
    confirmed: bool = False
    completed_on: date | None = None
    before: bool = False  # the goal can still be named
    week: tuple[int, str, str, str, tuple[str, ...]] | None = None  # number, title, lesson, starter, voices


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list."""

    id: int
    title: str
    name: str
    first: date
    last: date
    standing: str
    people: int


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme in a list."""

    id: int
    title: str
    key: str
    weeks: int
    silent: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the first page."""

    mine: Sequence[Mine]
    runs: Sequence[RunLine]
    programmes: Sequence[ProgrammeLine]
    may_make: bool
    notice: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run, for whoever looks after it."""

    line: RunLine
    may_run: bool
    space: str | None
    space_archived: bool
    sponsor: str
    facilitator: str
    names: Sequence[str]
    enrolled: int
    completed: int
    left: int
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """What came of a run, as counts; None where fewer than five people are behind a figure."""

    title: str
    name: str
    people: int
    counts: dict[str, int] = field(default_factory=dict)
    rating: tuple[float, float, int] | None = None
    still: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    voices: int = 0


def overview(page: Overview) -> kit.Modal:
    """The first page."""
    blocks = _notice(page.notice)
    if page.mine or not page.may_make:
        blocks += [kit.header(MINE), *(block for one in page.mine for block in _mine(one))]
        blocks += [] if page.mine else [kit.section(NOTHING_FOR_YOU)]
    if page.runs:
        blocks += [kit.header(RUNS), *(_run_line(one) for one in page.runs)]
    if page.may_make:
        blocks += [kit.header(PROGRAMMES), *(_programme_line(one) for one in page.programmes)]
        blocks += [] if page.programmes else [kit.section(NO_PROGRAMMES)]
        blocks += [kit.context(MORE.format(number=page.more))] if page.more else []
        blocks += [kit.actions("make", kit.button(NEW, ActionId.NEW_PROGRAMME, style="primary"))]
    return _view(TITLE, blocks, "all", 0)


def _mine(one: Mine) -> list[kit.Block]:
    how = COMPLETED.format(day=day_words(one.completed_on)) if one.completed_on else ""
    text = MY_LINE.format(
        title=kit.escape(one.title), first=day_words(one.first), last=day_words(one.last), how=how
    )
    blocks = [kit.section(text)]
    if one.goal:
        confirmed = GOAL_CONFIRMED if one.confirmed else ""
        blocks.append(kit.context(GOAL.format(goal=typed(one.goal, 500)) + confirmed))
    blocks += _week_of(one)
    buttons = []
    if one.completed_on is None:
        value = str(one.enrolment)
        if one.before:
            style = None if one.goal else "primary"
            buttons.append(kit.button(SET_GOAL, ActionId.SET_GOAL, value=value, style=style))
        buttons.append(kit.button(LEAVE, ActionId.LEAVE_PROGRAMME, value=value, confirm=leave_question()))
    return [*blocks, *([kit.actions(f"mine:{one.enrolment}", *buttons)] if buttons else [])]


def _week_of(one: Mine) -> list[kit.Block]:
    if one.week is None:
        return []
    number, title, lesson, starter, voices = one.week
    links = [LESSON.format(url=kit.escape(lesson))] if lesson else []
    links += [VOICE.format(url=kit.escape(link)) for link in voices]
    text = THIS_WEEK.format(number=number, title=kit.escape(title))
    blocks = [kit.section(f"{text}\n{typed(starter, 1_000)}" if starter else text)]
    return [*blocks, *([kit.context(" · ".join(links))] if links else [])]


def _run_line(one: RunLine) -> kit.Block:
    button = kit.button(
        OPEN, ActionId.OPEN_RUN, value=str(one.id), label=f"{OPEN} {one.title} {one.name}"[:75]
    )
    return kit.section(_run_text(one), button, block_id=f"run:{one.id}")


def _run_text(one: RunLine) -> str:
    return RUN_LINE.format(
        title=kit.escape(one.title),
        name=kit.escape(one.name),
        first=day_words(one.first),
        last=day_words(one.last),
        standing=STANDING[one.standing],
        people=_counted(one.people, NOBODY, PERSON, PEOPLE),
    )


def _counted(number: int, none: str, one: str, many: str) -> str:
    return (none, one)[number] if number < 2 else many.format(number=number)  # noqa: PLR2004


def _programme_line(one: ProgrammeLine) -> kit.Block:
    silent = SILENT.format(numbers=_numbers(one.silent)) if one.silent else ""
    text = PROGRAMME_LINE.format(
        title=kit.escape(one.title),
        key=one.key,
        weeks=_counted(one.weeks, NO_WEEKS, WEEK, WEEKS),
        silent=silent,
    )
    button = kit.button(OPEN, ActionId.OPEN_PROGRAMME, value=str(one.id), label=f"{OPEN} {one.title}"[:75])
    return kit.section(text, button, block_id=f"programme:{one.id}")


def _numbers(numbers: Sequence[int]) -> str:
    return ("week " if len(numbers) == 1 else "weeks ") + ", ".join(map(str, numbers))


def programme(spec: ProgrammeSpec, programme_id: int, runs: Sequence[RunLine], notice: str = "") -> kit.Modal:
    """One programme, whole, with everything that can be changed."""
    value = str(programme_id)
    purpose = f"\n{typed(spec.purpose, 1_000)}" if spec.purpose else ""
    head = f"*{kit.escape(spec.title)}* · `{spec.key}`{purpose}"
    blocks = [*_notice(notice), kit.section(head, kit.button(EDIT, ActionId.EDIT_PROGRAMME, value=value))]
    blocks += [_week_line(programme_id, n, week) for n, week in enumerate(spec.weeks, 1)]
    blocks += [kit.actions("weeks", kit.button(ADD_WEEK, ActionId.ADD_WEEK, value=value)), kit.divider()]
    blocks += [
        kit.section(_questions(spec), kit.button(EDIT, ActionId.EDIT_QUESTIONS, value=value)),
        kit.section(_ideas(spec), kit.button(EDIT, ActionId.EDIT_IDEAS, value=value)),
        kit.section(
            ENDS.format(
                closing=len(spec.closing) or "the usual", circle=len(spec.circle_questions) or "the usual"
            ),
            kit.button(EDIT, ActionId.EDIT_ENDS, value=value),
        ),
        kit.divider(),
        *(_run_line(run) for run in runs[:20]),
    ]
    sure = kit.confirm("Retire this programme?", RETIRE_SURE, RETIRE, "Keep it")
    blocks.append(
        kit.actions(
            "programme",
            kit.button(NEW_RUN, ActionId.NEW_RUN, value=value, style="primary"),
            kit.button(BACK, ActionId.OPEN_PROGRAMMES),
            kit.button(RETIRE, ActionId.RETIRE_PROGRAMME, value=value, confirm=sure),
        )
    )
    return _view(ONE_TITLE, blocks, "programme", programme_id)


def _week_line(programme_id: int, number: int, week: Week) -> kit.Block:
    lesson = f" · {LESSON.format(url=kit.escape(week.lesson))}" if week.lesson else ""
    voices = _counted(len(week.contributions), NO_VOICE, ONE_VOICE, VOICES)
    text = WEEK_LINE.format(number=number, title=kit.escape(week.title), lesson=lesson, voices=voices)
    button = kit.button(
        EDIT, ActionId.EDIT_WEEK, value=f"{programme_id}:{number}", label=f"Edit week {number}"
    )
    return kit.section(text, button, block_id=f"week:{number}")


def _questions(spec: ProgrammeSpec) -> str:
    if not spec.check_ins:
        return USUAL_QUESTIONS
    lines = [DAY.format(day=one.day, question=typed(one.question, 180)) for one in spec.check_ins]
    return QUESTIONS.format(lines="\n".join(lines))


def _ideas(spec: ProgrammeSpec) -> str:
    if not spec.items:
        return NO_IDEAS
    lines = [
        IDEA.format(when=typed(one.when, 200), then=typed(one.then, 200), days=one.days) for one in spec.items
    ]
    return IDEAS.format(lines="\n".join(lines))


def run(page: RunPage) -> kit.Modal:
    """One run with its people, and what can be done with it."""
    line, value = page.line, str(page.line.id)
    facts = [SPACE.format(space=page.space)] if page.space else []
    facts += [SPONSOR.format(name=kit.escape(page.sponsor))] if page.sponsor else []
    facts += [FACILITATOR.format(name=kit.escape(page.facilitator))] if page.facilitator else []
    edit = kit.button(EDIT, ActionId.EDIT_RUN, value=value) if page.may_run else None
    blocks = [*_notice(page.notice), kit.section(_run_text(line), edit)]
    blocks += [kit.context(" · ".join(facts))] if facts else []
    blocks += [kit.section(ARCHIVED)] if page.space_archived else []
    blocks += _people(page)
    blocks.append(kit.actions("run", *_run_buttons(page)))
    return _view(RUN_TITLE, blocks, "run", line.id)


def _people(page: RunPage) -> list[kit.Block]:
    if not page.names:
        return [kit.section(NO_PEOPLE)]
    shown = ", ".join(kit.escape(name) for name in page.names[:40])
    rest = len(page.names) - 40
    names = AND_MORE.format(names=shown, number=rest) if rest > 0 else shown
    state = STATE_LINE.format(enrolled=page.enrolled, completed=page.completed, left=page.left)
    return [kit.section(NAMES.format(names=names)), kit.context(state)]


def _run_buttons(page: RunPage) -> list[kit.Block]:
    value, standing = str(page.line.id), page.line.standing
    is_on = standing in ("planned", "running") and page.may_run
    buttons = [kit.button(ENROL, ActionId.ENROL, value=value, style="primary")] if is_on else []
    if page.may_run and page.enrolled:
        buttons.append(kit.button(SOME, ActionId.RUN_PEOPLE, value=value))
        sure = kit.confirm("End this run today?", END_SURE, "End it", "Not yet")
        buttons.append(kit.button(END, ActionId.END_RUN, value=value, confirm=sure))
    if is_on:
        sure = kit.confirm("Call this run off?", CALL_OFF_SURE, "Call it off", "No", style="danger")
        buttons.append(kit.button(CALL_OFF, ActionId.CALL_OFF_RUN, value=value, confirm=sure))
    back = kit.button(BACK, ActionId.OPEN_PROGRAMMES)
    return [*buttons, kit.button(RESULTS, ActionId.SEE_RESULTS, value=value), back]


def results(shown: Results, run_id: int) -> kit.Modal:
    """What came of a run."""
    head = f"*{kit.escape(shown.title)}* · {kit.escape(shown.name)}"
    back = kit.actions("results", kit.button("Back", ActionId.OPEN_RUN, value=str(run_id)))
    if not shown.counts:
        return _view(RESULTS_TITLE, [kit.section(head), kit.section(TOO_FEW), back], "run", run_id)
    lines = [
        LINE_OF.format(bar=_bar(shown.counts[name], shown.people), number=shown.counts[name], what=what)
        for name, what in RESULT_LINES
    ]
    blocks = [
        kit.section(f"{head}\n{OF_PEOPLE.format(people=shown.people)}"),
        kit.section("\n".join(lines)),
        kit.section(_rating(shown)),
        *(kit.section(_still(shown, day, months)) for day, months in ((182, 6), (365, 12))),
        kit.section(VOICES_HEARD.format(number=shown.voices)),
        kit.context(PRIVATE),
        back,
    ]
    return _view(RESULTS_TITLE, blocks, "run", run_id)


def _bar(number: int, people: int) -> str:
    full = round(10 * number / people) if people else 0
    return "`" + "█" * full + "░" * (10 - full) + "`"


def _rating(shown: Results) -> str:
    if shown.rating is None:
        return NO_RATING
    before, after, people = shown.rating
    return RATING.format(before=f"{before:.1f}", after=f"{after:.1f}", people=people)


def _still(shown: Results, day: int, months: int) -> str:
    if day not in shown.still:
        return NO_STILL.format(months=months)
    yes, partly, no = shown.still[day]
    return STILL.format(months=months, yes=yes, partly=partly, no=no)


def _notice(text: str) -> list[kit.Block]:
    return [kit.section(f":bulb: {text}"), kit.divider()] if text else []


def _view(title: str, blocks: Sequence[kit.Block], what: str, shown: int) -> kit.Modal:
    kept: dict[str, object] = {"page": PAGE, "what": what, "id": shown}
    return kit.Modal(ModalId.PROGRAMMES, title, blocks, close="Close", private_metadata=kept)
