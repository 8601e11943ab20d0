"""A run of a programme: its line in lists, its page with its people, and what came of it as counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.blocks import kit
from bot.blocks.plans_words import day_words
from bot.blocks.programmes_view import BACK, EDIT, OPEN, counted, notice, view
from bot.ids import ActionId

RUN_TITLE, RESULTS_TITLE = "Run of a programme", "Results"
RUN_LINE = "*{title}* · {name}\n{first} – {last} · {standing} · {people}"
STANDING = {
    "planned": "begins later",
    "running": "is on",
    "ended": "is over",
    "called_off": "called off",
}
PERSON, PEOPLE, NOBODY = "one person", "{number} people", "nobody yet"
SPACE, SPONSOR, FACILITATOR = "Space: <#{space}>", "Sponsor: {name}", "Facilitator: {name}"
ARCHIVED = ":warning: Its space is archived. Choose another one with Edit, or go on without."
NOT_IN = (
    ":warning: I am not in its space, so I cannot open its weeks there. Type `/invite @commonplace` in that channel, or"
    " choose another one with Edit."
)
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
class RunPage:
    """One run, for whoever looks after it."""

    line: RunLine
    may_run: bool
    space: str | None
    trouble: str  # what is the matter with the space; empty when all is well
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


def run_line(one: RunLine) -> kit.Block:
    """A run in a list, with the way to its page."""
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
        people=counted(one.people, NOBODY, PERSON, PEOPLE),
    )


def run(page: RunPage) -> kit.Modal:
    """One run with its people, and what can be done with it."""
    line, value = page.line, str(page.line.id)
    facts = [SPACE.format(space=page.space)] if page.space else []
    facts += [SPONSOR.format(name=kit.escape(page.sponsor))] if page.sponsor else []
    facts += [FACILITATOR.format(name=kit.escape(page.facilitator))] if page.facilitator else []
    edit = kit.button(EDIT, ActionId.EDIT_RUN, value=value) if page.may_run else None
    blocks = [*notice(page.notice), kit.section(_run_text(line), edit)]
    blocks += [kit.context(" · ".join(facts))] if facts else []
    blocks += [kit.section(page.trouble)] if page.trouble else []
    blocks += _people(page)
    blocks.append(kit.actions("run", *_run_buttons(page)))
    return view(RUN_TITLE, blocks, "run", line.id)


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
    if page.may_run and page.enrolled and standing != "planned":
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
        return view(RESULTS_TITLE, [kit.section(head), kit.section(TOO_FEW), back], "run", run_id)
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
    return view(RESULTS_TITLE, blocks, "run", run_id)


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
