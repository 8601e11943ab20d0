"""What a message that the app started says once its reader has stopped its kind."""

from collections.abc import Sequence

from bot.blocks import kit

STOPPED = "Stopped. Allow these again in `/learn settings`."


def stopped(shown: Sequence[kit.Block], kind: str) -> list[kit.Block]:
    """The same message with a sentence in place of the button that stops its kind."""
    button = f"started:{kind}"
    return [kit.context(STOPPED) if block.get("block_id") == button else block for block in shown]
