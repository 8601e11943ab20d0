"""The pages of `/learn programme`: what I am in, the runs I look after, the programmes there are, and each whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import kit
from bot.blocks.plans_words import day_words
from bot.blocks.programmes_cards import leave_question
from bot.blocks.programmes_view import BACK, EDIT, OPEN, counted, notice, view
from bot.blocks.programmes_weeks import LESSON, links_of
from bot.blocks.runs import RunLine, run_line
from bot.blocks.typed import typed
from bot.ids import ActionId
from bot.programme_specs import MOST_STARTER, ProgrammeSpec, Week

TITLE, ONE_TITLE = "Programmes", "Programme"
NOTHING_FOR_YOU = (
    "You are in no programme at the moment. When a facilitator enrols you in one, you find it here: what is on this"
    " week, your goal, and what comes after."
)
NO_PROGRAMMES = (
    "There is no programme yet. Begin with a template: weeks, questions for a year and items are in it, and all of it"
    " can be changed."
)
MINE, RUNS, PROGRAMMES = "Mine", "Runs I look after", "Programmes"
NEW, NEW_RUN = "New programme", "New run"
MY_LINE = "*{title}*\n{first} – {last}{how}"
GOAL, GOAL_CONFIRMED, NO_GOAL = "Goal: {goal}", " · :white_check_mark: confirmed", "Not named yet."
SET_GOAL = "My goal"
LEAVE = "Leave it"
THIS_WEEK = "*This week ({number}): {title}*"
COMPLETED = " · finished on {day}"
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
    week: tuple[int, Week] | None = None  # the one that is on, and its number


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


def overview(page: Overview) -> kit.Modal:
    """The first page."""
    blocks = notice(page.notice)
    if page.mine or not page.may_make:
        blocks += [kit.header(MINE), *(block for one in page.mine for block in _mine(one))]
        blocks += [] if page.mine else [kit.section(NOTHING_FOR_YOU)]
    if page.runs:
        blocks += [kit.header(RUNS), *(run_line(one) for one in page.runs)]
    if page.may_make:
        blocks += [kit.header(PROGRAMMES), *(_programme_line(one) for one in page.programmes)]
        blocks += [] if page.programmes else [kit.section(NO_PROGRAMMES)]
        blocks += [kit.context(MORE.format(number=page.more))] if page.more else []
        blocks += [kit.actions("make", kit.button(NEW, ActionId.NEW_PROGRAMME, style="primary"))]
    return view(TITLE, blocks, "all", 0)


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
    number, week = one.week
    text = THIS_WEEK.format(number=number, title=kit.escape(week.title))
    links = links_of(week)
    blocks = [kit.section(f"{text}\n{typed(week.starter, MOST_STARTER)}" if week.starter else text)]
    return [*blocks, *([kit.context(links)] if links else [])]


def _programme_line(one: ProgrammeLine) -> kit.Block:
    silent = SILENT.format(numbers=_numbers(one.silent)) if one.silent else ""
    text = PROGRAMME_LINE.format(
        title=kit.escape(one.title),
        key=one.key,
        weeks=counted(one.weeks, NO_WEEKS, WEEK, WEEKS),
        silent=silent,
    )
    button = kit.button(OPEN, ActionId.OPEN_PROGRAMME, value=str(one.id), label=f"{OPEN} {one.title}"[:75])
    return kit.section(text, button, block_id=f"programme:{one.id}")


def _numbers(numbers: Sequence[int]) -> str:
    return ("week " if len(numbers) == 1 else "weeks ") + ", ".join(map(str, numbers))


def programme(spec: ProgrammeSpec, programme_id: int, runs: Sequence[RunLine], said: str = "") -> kit.Modal:
    """One programme, whole, with everything that can be changed."""
    value = str(programme_id)
    purpose = f"\n{typed(spec.purpose, 1_000)}" if spec.purpose else ""
    head = f"*{kit.escape(spec.title)}* · `{spec.key}`{purpose}"
    blocks = [*notice(said), kit.section(head, kit.button(EDIT, ActionId.EDIT_PROGRAMME, value=value))]
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
        *(run_line(run) for run in runs[:20]),
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
    return view(ONE_TITLE, blocks, "programme", programme_id)


def _week_line(programme_id: int, number: int, week: Week) -> kit.Block:
    lesson = f" · {LESSON.format(url=kit.escape(week.lesson))}" if week.lesson else ""
    voices = counted(len(week.contributions), NO_VOICE, ONE_VOICE, VOICES)
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
