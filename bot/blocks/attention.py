"""What a message that the app started says once its reader has stopped its kind."""

from collections.abc import Sequence

from bot.blocks import kit

STOPPED = "Stopped. Allow these again in `/learn settings`."

# Why a message was held back, as its person reads it; each completes "… because".
NOT_HERE = "the person is not part of this"
NOT_MET = "you had not used me yet"
WAS_STOPPED = "you stopped this kind of message"
PAUSED = "you paused my messages"
AWAY = "you are away"
NOT_YOUR_HOUR = "it was early or late where you are"
NO_ROOM = "I had written to you often enough"
TOO_LATE = "there was no room for it while it still made sense"
ONE_MORE_REQUEST = "you had several requests that day already"
FOR_THE_NOTE = "it can wait for your morning note"
NO_NOTE = "you get no morning note"
TAKEN_BACK = "it was taken back meanwhile"


def said_stopped() -> kit.Message:
    """The same sentence, where the message cannot be redrawn."""
    return kit.Message(STOPPED, [kit.section(STOPPED)])


def stopped(shown: Sequence[kit.Block], kind: str) -> list[kit.Block]:
    """The same message with a sentence in place of the button that stops its kind."""
    button = f"started:{kind}"
    return [kit.context(STOPPED) if block.get("block_id") == button else block for block in shown]
