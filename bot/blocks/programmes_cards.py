"""What is said about programmes in direct messages: being enrolled, the goal a week before, the manager's one tap."""

from dataclasses import dataclass
from datetime import date

from bot.blocks import kit
from bot.blocks.plans_words import day_words
from bot.blocks.typed import typed
from bot.ids import ActionId, ModalId

ENROLLED = "{by} enrolled you in *{title}*."
ENROLLED_BY_NOBODY = "You are enrolled in *{title}*."
FROM_TO = "From {first} to {last}."
WITH_SPACE = "From {first} to {last}, in <#{space}>."
WHAT_COMES = (
    "A week before the start I ask you for one goal. After the end you make a small plan with colleagues who help, and"
    " I come back with a few short questions over a year. All of it is in `/learn programme`."
)
NO_MANAGER = (
    "I don't know who your manager is. Say it in `/learn plan`: your manager then sees your goal. Without one a buddy"
    " of your choice helps."
)
SEE, SEE_RUN, LEAVE = "What is in it", "See the programmes", "Leave it"
LEAVE_SURE = "Nothing more comes from it. What you write in your journal stays yours."
WHY = "you are enrolled in {title}"

GOAL = "*{title}* begins on {day}. What is the one thing you want to be able to do afterwards?"
GOAL_MORE = "One sentence is enough. {manager} sees it and confirms it with one tap; nobody else does."
YOUR_MANAGER, NOBODY = "Your manager {name}", "Your manager, once I know who that is,"
SET_GOAL, CHANGE_GOAL = "Name my goal", "Change it"
GOAL_SET = "Your goal for *{title}*:"
WAITS, CONFIRMED, ALONE = "{name} was asked to confirm it.", "{name} stands behind it.", "It is noted."
GOAL_TITLE, GOAL_LABEL = "My one goal", "After this programme I want to be able to …"
GOAL_EXAMPLE = "run a one-to-one in which I talk less than half of the time"
GOAL_HINT = "Something that others could notice. Your manager sees it."
GOAL_EMPTY = "Say it in one sentence; you can change it later."
MOST_GOAL = 500
SAVE, CANCEL = "Save", "Cancel"

CONFIRM = "{name} begins *{title}* on {day} and chose one goal:"
CONFIRM_MORE = "One tap tells {name} that you stand behind it. To talk about it, just write to {name}."
YES = "Good goal"
YOU_CONFIRMED = "You stand behind {name}'s goal for *{title}*:"
WHY_GOAL = "{name} is in your team"
GOAL_CHANGED = "This goal was changed or taken back meanwhile, so there is nothing left to confirm."

NAMED = {
    "sponsor": "{name} named you as the sponsor of *{title}*, run {run}: you stand behind it and see its results.",
    "facilitator": "{name} asked you to look after *{title}*, run {run}: its people, its dates and what comes of it.",
}
NAMED_MORE = "If that is a mistake, tell {name}, who can change it. You find the run in `/learn programme`."
NAMED_LINE = "{name} named you as {duty} of {title}"
WHY_NAMED = "{name} named you"


@dataclass(frozen=True, slots=True)
class Begin:
    """Somebody in a run, as cards show it; names are plain words."""

    enrolment: int
    title: str
    purpose: str
    starts_on: date
    ends_on: date
    space: str | None
    by: str
    manager: str | None


def enrolled(shown: Begin) -> kit.Message:
    """They are in, and this is what comes."""
    title = kit.escape(shown.title)
    says = (
        ENROLLED.format(by=kit.escape(shown.by), title=title)
        if shown.by
        else ENROLLED_BY_NOBODY.format(title=title)
    )
    when = (WITH_SPACE if shown.space else FROM_TO).format(
        first=day_words(shown.starts_on), last=day_words(shown.ends_on), space=shown.space
    )
    purpose = [kit.section(kit.quote(typed(shown.purpose, 600)))] if shown.purpose else []
    blocks = [kit.section(f"{says}\n{when}"), *purpose, kit.section(WHAT_COMES)]
    blocks += [] if shown.manager else [kit.context(NO_MANAGER)]
    see = kit.button(SEE, ActionId.OPEN_PROGRAMMES, style="primary")
    out = kit.button(LEAVE, ActionId.LEAVE_PROGRAMME, value=str(shown.enrolment), confirm=leave_question())
    blocks += [kit.actions("programme", see, out)]
    return kit.Message(says, [*blocks, *_footer(WHY, title=title)])


def named_for_run(name: str, title: str, run: str, duty: str) -> kit.Message:
    """Somebody was named as the sponsor or facilitator of a run."""
    who = kit.escape(name)
    says = NAMED[duty].format(name=who, title=kit.escape(title), run=kit.escape(run))
    see = kit.actions("programme", kit.button(SEE_RUN, ActionId.OPEN_PROGRAMMES, style="primary"))
    blocks = [kit.section(says), kit.context(NAMED_MORE.format(name=who)), see]
    return kit.Message(says, [*blocks, *_footer(WHY_NAMED, name=who)])


def leave_question() -> kit.Block:
    """Before somebody leaves a programme."""
    return kit.confirm("Leave this programme?", LEAVE_SURE, LEAVE, "Stay")


def ask_goal(shown: Begin) -> kit.Message:
    """A week before: one goal."""
    title = kit.escape(shown.title)
    says = GOAL.format(title=title, day=day_words(shown.starts_on))
    manager = YOUR_MANAGER.format(name=kit.escape(shown.manager)) if shown.manager else NOBODY
    press = kit.button(SET_GOAL, ActionId.SET_GOAL, value=str(shown.enrolment), style="primary")
    blocks = [kit.section(says), kit.context(GOAL_MORE.format(manager=manager)), kit.actions("goal", press)]
    return kit.Message(says, [*blocks, *_footer(WHY, title=title)])


def goal_set(shown: Begin, goal: str, *, confirmed_by: str | None) -> kit.Message:
    """The same card with the goal on it."""
    title = kit.escape(shown.title)
    says = GOAL_SET.format(title=title)
    if confirmed_by:
        state = CONFIRMED.format(name=kit.escape(confirmed_by))
    else:
        state = WAITS.format(name=kit.escape(shown.manager)) if shown.manager else ALONE
    press = kit.button(CHANGE_GOAL, ActionId.SET_GOAL, value=str(shown.enrolment))
    blocks = [
        kit.section(f"{says}\n{kit.quote(typed(goal, MOST_GOAL))}"),
        kit.context(state),
        kit.actions("goal", press),
    ]
    return kit.Message(says, [*blocks, *_footer(WHY, title=title)])


def goal_form(enrolment: int, title: str, goal: str, manager: str | None) -> kit.Modal:
    """One goal, in one sentence."""
    who = YOUR_MANAGER.format(name=kit.escape(manager)) if manager else NOBODY
    blocks = [
        kit.section(f"*{kit.escape(title)}*"),
        kit.text_input(
            GOAL_LABEL,
            "goal",
            "goal",
            goal or None,
            multiline=True,
            max_length=MOST_GOAL,
            hint=GOAL_HINT,
            placeholder=GOAL_EXAMPLE,
        ),
        kit.context(GOAL_MORE.format(manager=who)),
    ]
    kept: dict[str, object] = {"enrolment": enrolment}
    return kit.Modal(ModalId.GOAL, GOAL_TITLE, blocks, submit=SAVE, close=CANCEL, private_metadata=kept)


def ask_manager(name: str, shown: Begin, goal: str, *, confirmed: bool = False) -> kit.Message:
    """To the manager: one card, one tap."""
    who, title = kit.escape(name), kit.escape(shown.title)
    text = YOU_CONFIRMED if confirmed else CONFIRM
    says = text.format(name=who, title=title, day=day_words(shown.starts_on))
    blocks = [kit.section(f"{says}\n{kit.quote(typed(goal, MOST_GOAL))}")]
    if not confirmed:
        press = kit.button(YES, ActionId.CONFIRM_GOAL, value=str(shown.enrolment), style="primary")
        blocks += [kit.context(CONFIRM_MORE.format(name=who)), kit.actions("goal", press)]
    return kit.Message(says, [*blocks, *_footer(WHY_GOAL, name=who)])


def sentence(text: str) -> kit.Message:
    """Something to say in one sentence."""
    return kit.Message(text, [kit.section(text)])


def _footer(why: str, **names: str) -> list[kit.Block]:
    return kit.started_footer(why.format(**names), "programme", ActionId.STOP_KIND)
