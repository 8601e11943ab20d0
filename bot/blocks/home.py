"""How the Home tab looks and what it says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import kit
from bot.blocks.welcome import Step, step_lines
from bot.ids import ActionId

WHAT = (
    "*Commonplace* is where we keep what we learn from each other: share a solution, ask a question, find what"
    " colleagues already know."
)
SHARE, ASK, FIND, SETTINGS = "Share", "Ask", "Find", "Settings"
STEPS = "First steps"
GIFTS, QUESTIONS, SPACES, RECENT = "What I gave", "My open questions", "My spaces", "Kept lately"
NO_GIFTS = (
    "Nothing yet, and that is fine. When you solve something, post it in one of your spaces with `#solution` as its"
    " first or last word, or press Share."
)
NO_QUESTIONS = "None is open. Press Ask when you are stuck: somebody has been there before."
NO_SPACES = (
    "You are in none of my spaces yet. I am in a channel once somebody types `/invite` and my name there."
)
NO_RECENT = "Nothing was kept yet where you can look. The first one could be yours."
ONE_KEPT, KEPT = (
    "One contribution of yours is kept. Only you see this number.",
    ("{number} contributions of yours are kept. Only you see this number."),
)
LEFT_OUT = (
    "*You are left out.* Only ids are kept of you, no text and no figures, and I never write to you first."
)
FROM_OUTSIDE = (
    "*Commonplace* is where people here keep what they learn from each other, also in the channels that you share with"
    " them. A post there that begins or ends with {tag} is kept, and one with `#{ask}` is a question that is not"
    " forgotten. I never write to you first."
)
NOTHING_FROM_OUTSIDE = "Nothing yet, and that is fine."
COME_BACK = "Take me in again"
WORDS = 100
_TAG = re.compile(r"\A\s*#[\w-]+\s+|\s+#[\w-]+\s*\Z")  # says the kind, which is shown beside it


@dataclass(frozen=True, slots=True)
class Line:
    """A contribution or question in a list."""

    url: str
    kind: str
    title: str
    text: str
    by: str
    channel: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one person's Home shows; `steps` are empty for everybody but an admin who is not through them."""

    gifts: Sequence[Line]
    number: int
    questions: Sequence[Line]
    spaces: Sequence[str]
    recent: Sequence[Line]
    steps: Sequence[Step] = ()
    learning: Sequence[kit.Block] = ()  # what comes after a programme, by noun


def home(page: Page) -> kit.Home:
    """The Home of one person."""
    blocks = [kit.section(WHAT), buttons("home")]
    if page.steps:
        blocks += [kit.header(STEPS), kit.section(step_lines(page.steps))]
    blocks += page.learning
    blocks += _part(GIFTS, [_mine(line) for line in page.gifts], NO_GIFTS)
    if page.number:
        blocks.append(kit.context(ONE_KEPT if page.number == 1 else KEPT.format(number=page.number)))
    blocks += _part(QUESTIONS, [_mine(line) for line in page.questions], NO_QUESTIONS)
    blocks += _part(SPACES, [" · ".join(f"<#{channel}>" for channel in page.spaces)], NO_SPACES)
    blocks += _part(RECENT, [_others(line) for line in page.recent], NO_RECENT)
    return kit.Home(blocks)


def buttons(block: str) -> kit.Block:
    """The row of what anybody can do."""
    return kit.actions(
        block,
        kit.button(SHARE, ActionId.OPEN_SHARE, style="primary"),
        kit.button(ASK, ActionId.OPEN_ASK),
        kit.button(FIND, ActionId.OPEN_FIND),
        kit.button(SETTINGS, ActionId.OPEN_SETTINGS),
    )


def from_outside(gifts: Sequence[Line], spaces: Sequence[str], tag: str, ask: str) -> kit.Home:
    """The Home of somebody of another company: commands, forms and what comes after programmes are not for them."""
    settings = kit.button(SETTINGS, ActionId.OPEN_SETTINGS)
    shown = " · ".join(f"<#{channel}>" for channel in spaces)
    return kit.Home(
        [
            kit.section(FROM_OUTSIDE.format(tag=f"`#{tag}`", ask=ask)),
            kit.actions("home", settings),
            *_part(GIFTS, [_mine(line) for line in gifts], NOTHING_FROM_OUTSIDE),
            *(_part(SPACES, [shown], "") if shown else ()),
        ]
    )


def left_out() -> kit.Home:
    """The Home of somebody who asked to be left out."""
    again = kit.button(COME_BACK, ActionId.TAKE_ME_IN)
    return kit.Home([kit.section(LEFT_OUT, again)])


def _part(title: str, lines: Sequence[str], otherwise: str) -> list[kit.Block]:
    shown = "\n".join(line for line in lines if line)
    return [kit.header(title), kit.section(shown or otherwise)]


def _mine(line: Line) -> str:
    return f"• {_link(line)} · {line.kind} in <#{line.channel}>"


def _others(line: Line) -> str:
    return f"• {_link(line)} · {line.kind} by {kit.escape(line.by)} in <#{line.channel}>"


def _link(line: Line) -> str:
    words = kit.first_line(_TAG.sub("", kit.plain(line.title or line.text)).strip(), WORDS).strip()
    return kit.link(line.url, words or "see it in Slack")
