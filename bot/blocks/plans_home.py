"""A plan on Home: what is next in mine, and whom I help."""

from collections.abc import Sequence

from bot.blocks import kit
from bot.blocks.plans import Thing
from bot.blocks.plans_words import day_words
from bot.ids import ActionId

MINE, HELPED = "My plan", "People I help"
INVITED = "Your plan after *{title}* is not written yet. One line is enough to begin."
ITEM = "• {item} _by {day}_"
ALL_DONE = "Nothing is open in your plan after *{title}*."
CLOSING = "Your plan after *{title}* has run its course: a last look closes it."
OPEN, MAKE = "My plan", "Make my plan"
HELP = "• {name}: {item} _by {day}_"
BUDDY = "• {name}: you are their buddy after {title}"
WAITS_ONE, WAITS = "One question waits for your answer.", "{number} questions wait for your answer."
LOOK = "Look"


def mine(state: str, title: str, plan: int, things: Sequence[Thing]) -> list[kit.Block]:
    """One's own plan in a few lines."""
    shown = kit.escape(title)
    if state == "invited":
        press = kit.button(MAKE, ActionId.MAKE_PLAN, value=str(plan), style="primary")
        return [kit.header(MINE), kit.section(INVITED.format(title=shown), press)]
    lines = [ITEM.format(item=thing.words, day=day_words(thing.due_on)) for thing in things]
    text = CLOSING.format(title=shown) if state == "closing" else "\n".join(lines)
    press = kit.button(OPEN, ActionId.OPEN_PLAN, value=str(plan))
    return [kit.header(MINE), kit.section(text or ALL_DONE.format(title=shown), press)]


def helped(
    things: Sequence[tuple[str, Thing]], buddies: Sequence[tuple[str, str]], waits: int
) -> list[kit.Block]:
    """Whom this person helps, and how many ask; nothing when nobody does."""
    lines = [
        HELP.format(name=kit.escape(name), item=thing.words, day=day_words(thing.due_on))
        for name, thing in things
    ]
    lines += [BUDDY.format(name=kit.escape(name), title=kit.escape(title)) for name, title in buddies]
    if waits:
        lines.append(WAITS_ONE if waits == 1 else WAITS.format(number=waits))
    if not lines:
        return []
    press = kit.button(LOOK, ActionId.OPEN_PLAN, value="0", label=f"{LOOK}: {HELPED}")
    return [kit.header(HELPED), kit.section("\n".join(lines), press, block_id="helped")]
