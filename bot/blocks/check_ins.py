"""How a check-in looks: its question, what the person planned, the ways to answer, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import kit
from bot.blocks.links import DAYS, MONTHS
from bot.blocks.typed import typed
from bot.ids import ActionId, ModalId

TITLE = "*{programme}, {since} later*"
LINE = "A question about {programme}, {since} later"
SINCE = {1: "a day", 7: "a week", 182: "half a year", 183: "half a year", 365: "a year", 366: "a year"}
SINCE_DAYS, SINCE_WEEKS, SINCE_MONTHS = "{number} days", "{number} weeks", "{number} months"
MOST_DAYS, MOST_WEEKS = 20, 120  # days up to which they are counted, then weeks, then months
MOST_QUESTION = 1000  # characters
ALSO = "*And {programme}, {since} later:* {question}"
MOST_ALSO = 3
ITEM = "You wanted to do this:"
TALK = "Around now is a good time to talk about it with your manager. What you write here can prepare it."
HOW = "Answer in the thread, or just write to me. Only you see it, unless you choose otherwise afterwards."
FIRST = (
    "One thing to know: what you reply here also stays in Slack's own history, which your company may export. What you"
    " write in the form does not; it is only in your journal, encrypted."
)
WRITE, SKIP, PAUSE, RESUME = "Write here", "Skip", "Pause until …", "Resume"
LATER = "Later"
READ_LAST = "Read what I wrote last time"
STILL_USED = "*Do you still use this?*"
YES, PARTLY, NO = "Yes", "Partly", "No"
STILL_USED_SAID = {
    "yes": "Yes, you still use this.",
    "partly": "You use this partly.",
    "no": "You don't use this any more.",
}
SNOOZES = {"hours": "In three hours", "day": "Tomorrow", "week": "Next week"}
WHY = "you took part in {programme}"

REMINDED = "This question from earlier today is still open. Two lines are plenty."
REMINDED_LATER = "This question still waits for you. It is my last reminder."
CAME_BACK = "You wanted to come back to this:"

# What became of it, in place of the buttons that are no use any more.
SNOOZED = "I come back to this on {day}. You can write any time before."
NEXT_FIRST = "The next check-in comes on {day}, so I leave this one here. You can write any time."
STILL_OPEN = "The question above is open again."
SKIPPED = "Skipped, and that is fine."
ANSWERED = "Saved in your journal. You can add to it any time."
OVERTAKEN = "The next check-in is here. You can still write to this one."
CALLED_OFF = (
    "You are no longer in this programme, so nothing more comes. What you write is still kept for you."
)
SILENT = "This one stayed quiet, and that is fine. You can still write to it."
PAUSED_NOW = "The check-ins are paused."
RESUMED = "The check-ins go on."
NEXT = "The next one comes on {day}."
NO_NEXT = "It was the last one."
COMES = "The next question after *{programme}* comes on {day}."
WAITS_WITH_LINK = "The questions after *{programme}* are paused. <{url}|Resume them> whenever you like."
WAITS_FOR_WORDS = (
    "The questions after *{programme}* are paused. They go on as soon as you answer the last one."
)

PAUSED = (
    "I have not heard from you about *{programme}*, so I pause its check-ins: nothing more comes by itself. Nobody is"
    " told, and what you wrote stays in your journal."
)
PAUSED_MORE = "Press the button when it suits you again. You can also answer an old question at any time."
PAUSED_LINE = "The check-ins of {programme} are paused until you resume them"
PAUSED_OVER = "The check-ins of *{programme}* go on."

PAUSE_TITLE = "Pause my messages"
PAUSE_UNTIL = "Until which day?"
PAUSE_HINT = (
    "Before that day I start no message to you: no check-ins, no notes. What was due comes afterwards."
)
DO_PAUSE, CANCEL = "Pause", "Cancel"
NO_DAY = "Choose the day on which I may write again."
PAUSE_SET = "Done. I write again from {day} on."

# Where a programme brings no questions of its own: for these days after the end, and others for the days between.
QUESTIONS = (
    "What of {programme} have you already used, or seen a chance to use?",
    "Which situation this week was a chance to do something differently? What did you do?",
    "What works for you by now, and what gets in the way?",
    "Looking back over these weeks: what did you do differently, and what came of it?",
    "What has become a habit? What did you drop, and why?",
    "Half a year on: what do you still do, and what would you tell somebody who starts now?",
    "A year on: what stayed with you, and what would you like to learn next?",
)
USUAL_DAYS = (2, 7, 16, 35, 70, 182, 365)
NEARLY = 1.35  # a question about half a year fits a day as near to it as this
BETWEEN = (
    "Whom did you tell about something from {programme}, and what did they make of it?",
    "What did you try that did not work as you had hoped, and what would you change?",
    "Which idea of {programme} comes up most often in your work?",
    "What would make it easier to use more of {programme}?",
    "When did you last notice that you do something differently than before?",
    "What do you know now that {programme} did not tell you?",
    "Who helped you to use it, and what did they do?",
    "Which part of {programme} have you not used yet, and is it still worth trying?",
    "What would you show a colleague who has ten minutes?",
    "What is the next small step with what you learned?",
    "What surprised you when you used it?",
    "What would you ask those who made {programme}?",
    "What do others do differently because of you?",
    "If you began {programme} again tomorrow, what would you pay more attention to?",
    "Which habit from before came back, and when?",
    "What would you like your team to know about it?",
    "Where did you explain something from {programme} in your own words?",
    "What have you read, seen or heard since that goes well with it?",
    "What has it changed in how you plan your day?",
    "What would you miss if you had not taken part?",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, of a programme, so many days after its end."""

    programme: str
    day: int
    text: str


@dataclass(frozen=True, slots=True)
class CheckIn:
    """All that a check-in shows; `status` is what became of it, while it is open there is none."""

    prompt: int
    question: Question
    also: Sequence[Question] = ()  # of other programmes, in the same message
    item: str | None = None
    has_written: bool = False
    is_first: bool = False
    for_talk: bool = False
    still_used: str | None = None  # None: not asked; "asked"; the answer
    status: str = ""
    can_put_off: bool = True
    can_resume: bool = False


def since(day: int) -> str:
    """How long ago the programme ended: "5 weeks"."""
    if day in SINCE:
        return SINCE[day]
    if day <= MOST_DAYS:
        return SINCE_DAYS.format(number=day)
    if day <= MOST_WEEKS:
        return SINCE_WEEKS.format(number=round(day / 7))
    return SINCE_MONTHS.format(number=round(day / 30.4))


def day_words(day: date) -> str:
    """A day as people say it: "Friday 4 December"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def default_questions(days: Sequence[int], programme: str) -> list[str]:
    """What to ask on each of these days after a programme that brings no questions; no two alike.

    A question that speaks of its time is asked on the day nearest to that, if there is one near.
    """
    chosen: dict[int, str] = {}
    for usual, question in zip(USUAL_DAYS, QUESTIONS, strict=True):
        near = min(
            (day for day in days if day not in chosen), key=lambda day: _apart(day, usual), default=None
        )
        if near is not None and _apart(near, usual) <= NEARLY:
            chosen[near] = question
    others = iter(BETWEEN)
    return [(chosen.get(day) or next(others)).format(programme=programme) for day in days]


def _apart(day: int, usual: int) -> float:
    return max(day / usual, usual / day)


def line(question: Question) -> str:
    """What the message is about, in one line."""
    return LINE.format(programme=kit.escape(question.programme), since=since(question.day))


def card(shown: CheckIn, opening: str = "") -> kit.Message:
    """The check-in; `opening` is said before it when it comes again."""
    question = shown.question
    title = TITLE.format(programme=kit.escape(question.programme), since=since(question.day))
    asked = typed(question.text, MOST_QUESTION)
    blocks = [kit.section(f"{opening}\n\n{title}\n{asked}" if opening else f"{title}\n{asked}")]
    blocks += [kit.section(_also(one)) for one in shown.also[:MOST_ALSO]]
    if shown.item:
        blocks.append(kit.section(f"{ITEM}\n{kit.quote(kit.escape(shown.item))}"))
    if shown.for_talk and not shown.status:
        blocks.append(kit.context(TALK))
    blocks += _still_used(shown)
    blocks += _what_now(shown)
    why = WHY.format(programme=kit.escape(question.programme))
    return kit.Message(f"{opening or title} {asked}", [*blocks, *_footer(why)])


def again_settled(shown: CheckIn) -> kit.Message:
    """A message that asked once more, when something became of the check-in: the question stands above."""
    text = f"*{kit.escape(shown.question.programme)}:* {shown.status or STILL_OPEN}"
    row = kit.actions(f"check_in:{shown.prompt}", *_buttons(shown))
    return kit.Message(text, [kit.section(text), row])


def paused(prompt: int, programme: str) -> kit.Message:
    """Nobody answered: the check-ins of this programme pause themselves, and say so."""
    name = kit.escape(programme)
    text = PAUSED.format(programme=name)
    button = kit.button(RESUME, ActionId.CHECK_IN_RESUME, value=str(prompt), style="primary")
    blocks = [kit.section(text), kit.context(PAUSED_MORE), kit.actions(f"paused:{prompt}", button)]
    return kit.Message(text, [*blocks, *_footer(WHY.format(programme=name))])


def comes(programme: str, day: date) -> str:
    """When the next question of this programme comes, in one line."""
    return COMES.format(programme=kit.escape(programme), day=day_words(day))


def is_paused(programme: str, url: str | None) -> str:
    """That no question of this programme comes by itself, with the message that has the button, in one line."""
    return (WAITS_WITH_LINK if url else WAITS_FOR_WORDS).format(programme=kit.escape(programme), url=url)


def paused_line(programme: str) -> str:
    """The same in one line."""
    return PAUSED_LINE.format(programme=kit.escape(programme))


def resumed(programme: str, upcoming: date | None) -> kit.Message:
    """The same message, once they go on."""
    text = f"{PAUSED_OVER.format(programme=kit.escape(programme))} {next_words(upcoming)}"
    return kit.Message(text, [kit.section(text)])


def next_words(upcoming: date | None) -> str:
    """When the next check-in comes."""
    return NO_NEXT if upcoming is None else NEXT.format(day=day_words(upcoming))


def pause_form(first: date) -> kit.Modal:
    """Until when nothing is to come; `first` is the earliest day that can be chosen."""
    field = kit.date_picker(PAUSE_UNTIL, "until", "until", first, hint=PAUSE_HINT)
    return kit.Modal(ModalId.PAUSE_CHECK_INS, PAUSE_TITLE, [field], submit=DO_PAUSE, close=CANCEL)


def _also(question: Question) -> str:
    return ALSO.format(
        programme=kit.escape(question.programme),
        since=since(question.day),
        question=typed(question.text, MOST_QUESTION),
    )


def _still_used(shown: CheckIn) -> list[kit.Block]:
    if shown.still_used is None:
        return []
    said = STILL_USED_SAID.get(shown.still_used)
    text = f"{STILL_USED} {said}" if said else STILL_USED
    value = str(shown.prompt)
    row = kit.actions(
        f"still_used:{shown.prompt}",
        kit.button(YES, ActionId.STILL_USED_YES, value=value),
        kit.button(PARTLY, ActionId.STILL_USED_PARTLY, value=value),
        kit.button(NO, ActionId.STILL_USED_NO, value=value),
    )
    return [kit.section(text), row]


def _what_now(shown: CheckIn) -> list[kit.Block]:
    blocks = [kit.section(shown.status)] if shown.status else [kit.context(HOW)]
    if shown.is_first:
        blocks.append(kit.context(FIRST))
    return [*blocks, kit.actions(f"check_in:{shown.prompt}", *_buttons(shown))]


def _buttons(shown: CheckIn) -> list[kit.Block]:
    value = str(shown.prompt)
    style = None if shown.status else "primary"
    buttons = [kit.button(WRITE, ActionId.WRITE_ANSWER, value=value, style=style)]
    if shown.can_put_off:
        options = [kit.option(words, f"{shown.prompt}:{choice}") for choice, words in SNOOZES.items()]
        menu = kit.select(LATER, "later", ActionId.CHECK_IN_LATER, options, placeholder=LATER)
        buttons.append(kit.control(menu))
        buttons.append(kit.button(SKIP, ActionId.CHECK_IN_SKIP, value=value))
        buttons.append(kit.button(PAUSE, ActionId.CHECK_IN_PAUSE, value=value))
    if shown.can_resume:
        buttons.append(kit.button(RESUME, ActionId.CHECK_IN_RESUME, value=value))
    if shown.has_written:
        buttons.append(kit.button(READ_LAST, ActionId.READ_LAST_ENTRY, value=value))
    return buttons


def _footer(why: str) -> list[kit.Block]:
    return kit.started_footer(why, "check_in", ActionId.STOP_KIND)
