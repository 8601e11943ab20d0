"""What we tell whoever invites the app to a channel."""

from enum import Enum

from bot.blocks import kit
from bot.ids import ActionId

THANKS = "Thank you for inviting me to <#{channel}>. From now on it is a space where what you learn stays findable."
RECORDED = (
    "*What is recorded:* what is posted there from now on, with replies, edits, reactions and the names of files."
    " When somebody deletes a message, its words are deleted here too. Direct messages between people are never read."
)
WHO_SEES = "*Who sees it:* whoever could open it in Slack. `/learn find` shows a private channel to its members only."
HOW_LONG = "*How long:* until it is deleted in Slack, or its author asks to be left out."
LEAVE_OUT = (
    "*Not for everybody?* Each person can choose “Leave me out” in `/learn settings`: then we keep ids only, no text"
    " and no figures. You can too, right here."
)
FACILITATES = "You look after this space until somebody else does: `/learn settings` → Roles."
PAST = "I know nothing of what was said before I came. Shall I read it? Nobody is notified."
READ = "Read the last 90 days"
READING = "_Reading the last 90 days. It takes a few minutes; nobody is notified._"
WAS_READ = "_I have read the last 90 days: `/learn find` knows them now._"
LEAVE_ME_OUT = "Leave me out"
ONLY_FACILITATORS = (
    "Only a facilitator of that space, or an admin, can have its past read. `/learn settings` shows who."
)
NOT_IN_THERE = "I am not in {space} any more. Invite me again, then I can read its past."


class Reading(Enum):
    """Whether a space's past is read."""

    OFFERED = "offered"
    UNDER_WAY = "under way"
    DONE = "done"


def invitation(channel: str, reading: Reading, *, facilitates: bool) -> kit.Message:
    """What is recorded, who sees it, how long, how to be left out, and the offer to read the past."""
    thanks = THANKS.format(channel=channel)
    blocks = [
        kit.section(thanks),
        kit.section(f"{RECORDED}\n{WHO_SEES}\n{HOW_LONG}"),
        kit.section(LEAVE_OUT),
    ]
    if facilitates:
        blocks.append(kit.context(FACILITATES))
    return kit.Message(thanks, [*blocks, *_past(channel, reading, offered=facilitates)])


def _past(channel: str, reading: Reading, *, offered: bool) -> list[kit.Block]:
    leave = kit.button(LEAVE_ME_OUT, ActionId.LEAVE_ME_OUT, confirm=leave_question())
    if reading is Reading.OFFERED and offered:
        read = kit.button(READ, ActionId.READ_BACK, value=channel, style="primary")
        return [kit.section(PAST), kit.actions(f"invitation:{channel}", read, leave)]
    said = {Reading.UNDER_WAY: READING, Reading.DONE: WAS_READ}.get(reading)
    return [*([kit.context(said)] if said else []), kit.actions(f"invitation:{channel}", leave)]


LEAVE_TITLE = "Leave you out?"
LEAVE_TEXT = (
    "Your words and files are forgotten here now and not kept from now on; only ids stay.\n"
    "What you shared and asked leaves the library; your roles and waiting messages end.\n"
    "Nothing changes in Slack itself. Coming back does not bring the past back."
)
LEAVE_YES = "Leave me out"


def leave_question() -> kit.Block:
    """The three honest lines before somebody is left out."""
    return kit.confirm(LEAVE_TITLE, LEAVE_TEXT, LEAVE_YES, style="danger")


def sentence(text: str) -> kit.Message:
    """One sentence as an answer."""
    return kit.Message(text, [kit.section(text)])
