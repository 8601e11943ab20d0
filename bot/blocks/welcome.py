"""What we say to somebody who comes for the first time, and the first steps of whoever sets the app up."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import kit
from bot.ids import ActionId

HELLO = "Hello! Good to have you here. Nobody sees what you do in this menu."
MENU = "What would you like to do?"
SHARE, ASK, FIND, SETTINGS, HELP, STEPS = "Share", "Ask", "Find", "Settings", "Help", "First steps"
JOURNAL = "My journal"
MENU_LINES = {
    "share": "*Share* what you learned: an insight, a solution, a short clip.",
    "ask": "*Ask* a space: somebody has been there before.",
    "find": "*Find* what colleagues already know, and who they are.",
    "journal": "*Write* in your journal: encrypted, and only you see it.",
}
SHORTER = "In a space it is even shorter: end a post with `#solution`, `#insight` or `#{ask}`."
NEW_ADMIN = (
    "*You are the first admin of Commonplace here.* Four steps, about five minutes, and your colleagues have something"
    " to come back to:"
)
AGAIN = "*The first steps:*"
ALL_DONE = "All done. What comes next, your colleagues will show you."
INVITE = (
    "*Invite me to a channel* where people talk about their work: type `/invite @{app}` there. I record what is posted"
    " from then on; whoever can open the channel in Slack can find it here. I tell you about it when I am in."
)
PAST = (
    "*Let me read the last 90 days* of that channel, with the button in the message you get from me. Nobody is"
    " notified."
)
TRY = "*Give people something to find:* post a first tip there that ends with `#{tag}`, or press Share."
CHOOSE = "*Look at the settings* and make one more colleague admin, so that it does not hang on you."
LOOK_AGAIN = "Look again"


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps, and whether it is done."""

    text: str
    done: bool


def menu(*, first_time: bool, offered: Sequence[str], ask_tag: str, shows_steps: bool) -> kit.Message:
    """The menu of what fits a person; `offered` are the words that lead somewhere."""
    opening = HELLO if first_time else MENU
    lines = [line for word, line in MENU_LINES.items() if word in offered]
    blocks = [
        kit.section(f"{opening}\n" + "\n".join(f"• {line}" for line in lines)),
        kit.actions("menu", *_buttons(offered, shows_steps=shows_steps)),
        kit.context(SHORTER.format(ask=ask_tag)),
    ]
    return kit.Message(opening, blocks)


def _buttons(offered: Sequence[str], *, shows_steps: bool) -> list[kit.Block]:
    known = {
        "share": kit.button(SHARE, ActionId.OPEN_SHARE, style="primary"),
        "ask": kit.button(ASK, ActionId.OPEN_ASK),
        "find": kit.button(FIND, ActionId.OPEN_FIND),
        "journal": kit.button(JOURNAL, ActionId.OPEN_JOURNAL),
        "settings": kit.button(SETTINGS, ActionId.OPEN_SETTINGS),
        "help": kit.button(HELP, ActionId.OPEN_HELP),
    }
    shown = [button for word, button in known.items() if word in offered]
    return shown + ([kit.button(STEPS, ActionId.SHOW_STEPS)] if shows_steps else [])


def walk_through(steps: Sequence[Step], *, new: bool) -> kit.Message:
    """The first steps with what is done ticked."""
    opening = NEW_ADMIN if new else AGAIN
    blocks = [kit.section(opening), kit.section(step_lines(steps))]
    if all(step.done for step in steps):
        blocks.append(kit.section(ALL_DONE))
    blocks.append(
        kit.actions(
            "steps",
            kit.button(SHARE, ActionId.OPEN_SHARE),
            kit.button(SETTINGS, ActionId.OPEN_SETTINGS),
            kit.button(LOOK_AGAIN, ActionId.SHOW_STEPS),
        )
    )
    return kit.Message(opening, blocks)


def step_lines(steps: Sequence[Step]) -> str:
    """The steps, each with its tick."""
    return "\n".join(
        f"{':white_check_mark:' if step.done else ':white_large_square:'} {step.text}" for step in steps
    )
