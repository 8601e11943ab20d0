"""The morning note: how the one message looks that holds everything not urgent, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import kit
from bot.ids import ActionId

TITLE = "Good morning. This can wait, but is good to know:"
WAITS, ANSWERS, NOTED = "Waiting for you", "Answers to your questions", "Also for you"
MORE, ONE_MORE = "… and {number} more", "… and one more"
SHOW = "Show me"
WHY = {
    "daily": "you get one note on a working day when there is something for you",
    "weekly": "you get one note a week when there is something for you",
}
CHANGE = "How often: `/learn settings`."
ONE_REPLY, REPLIES = "{question}: one new reply", "{question}: {number} new replies"
HAS_ANSWER = "{line}, and one is marked as the answer"
A_QUESTION = "your question"
GONE = "That was taken back or answered meanwhile, so there is nothing left to show."
MOST_LINES = 5
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One line of the note: mrkdwn, where it leads, and the message kept for it that a button shows."""

    text: str
    url: str | None = None
    held: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a title."""

    title: str
    lines: Sequence[NoteLine]


def note(sections: Sequence[Section], rhythm: str) -> kit.Message:
    """The note; a section without lines does not show."""
    shown = [section for section in sections if section.lines]
    blocks = [kit.section(f"*{TITLE}*")]
    for section in shown:
        blocks += _section(section)
    footer = kit.started_footer(WHY[rhythm], "note", ActionId.STOP_KIND)
    return kit.Message(_summary(shown), [*blocks, kit.context(CHANGE), *footer])


def answered(question: str, number: int, *, marked: bool) -> str:
    """One line about a question that was replied to; `question` as plain words."""
    words = f"“{kit.escape(question)}”" if question else A_QUESTION
    line = ONE_REPLY.format(question=words) if number == 1 else REPLIES.format(question=words, number=number)
    return HAS_ANSWER.format(line=line) if marked else line


def _section(section: Section) -> list[kit.Block]:
    first, rest = section.lines[:MOST_LINES], len(section.lines) - MOST_LINES
    plain = "\n".join(_line(line) for line in first if line.held is None)
    blocks = [kit.section(f"*{section.title}*" + (f"\n{plain}" if plain else ""))]
    blocks += [_held(line) for line in first if line.held is not None]
    if rest > 0:
        blocks.append(kit.context(ONE_MORE if rest == 1 else MORE.format(number=rest)))
    return blocks


def _line(line: NoteLine) -> str:
    words = kit.shorten(line.text, LONGEST_LINE)
    return f"• {words} {kit.link(line.url, 'open')}" if line.url else f"• {words}"


def _held(line: NoteLine) -> kit.Block:
    button = kit.button(SHOW, ActionId.SHOW_NOTED, value=str(line.held))
    return kit.section(f"• {kit.shorten(line.text, LONGEST_LINE)}", button, block_id=f"noted:{line.held}")


def _summary(sections: Sequence[Section]) -> str:
    parts = [f"{section.title}: {len(section.lines)}" for section in sections]
    return f"{TITLE} {' · '.join(parts)}"
