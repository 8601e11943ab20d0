"""A week of a programme as its space is told of it: title, lesson, what opens the conversation, colleagues' voices."""

from bot.blocks import kit
from bot.blocks.typed import typed
from bot.programme_specs import MOST_STARTER, Week

HEAD = "*{title}*, week {number}: *{week}*"
LESSON, VOICE, VOICES = (
    "<{url}|The lesson>",
    "<{url}|A colleague's voice>",
    "<{url}|A colleague's voice ({number})>",
)
LINE = "This week in *{title}*: *{week}* (week {number}), in `/learn programme`"
ANSWER = "Answer in the thread: two sentences are plenty."


def is_worth_telling(week: Week) -> bool:
    """Whether there is more to a week than its title."""
    return bool(week.lesson or week.starter or week.contributions)


def told(title: str, number: int, week: Week) -> kit.Message:
    """One week, for the space of a run."""
    says = HEAD.format(title=kit.escape(title), number=number, week=kit.escape(week.title))
    blocks = [kit.section(says)]
    if week.starter:
        blocks += [kit.section(kit.quote(typed(week.starter, MOST_STARTER)))]
    links = links_of(week)
    blocks += [kit.context(links)] if links else []
    blocks += [kit.context(ANSWER)] if week.starter else []
    return kit.Message(says, blocks)


def line(title: str, number: int, week: Week) -> str:
    """One week, as a line of the morning note."""
    text = LINE.format(title=kit.escape(title), number=number, week=kit.escape(week.title))
    return f"{text} · {LESSON.format(url=kit.escape(week.lesson))}" if week.lesson else text


def links_of(week: Week) -> str:
    """Where to go from this week, on one line."""
    links = [LESSON.format(url=kit.escape(week.lesson))] if week.lesson else []
    text = VOICE if len(week.contributions) == 1 else VOICES
    links += [text.format(url=kit.escape(link), number=n) for n, link in enumerate(week.contributions, 1)]
    return " · ".join(links)
