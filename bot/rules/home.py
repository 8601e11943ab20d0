"""Home: one person's page, drawn when it is sent, from what they may see at that moment."""

from typing import Any

from bot.blocks import home as blocks
from storage.session import Session


def render_home(session: Session, workspace: str, person: str) -> dict[str, Any]:
    """The Home view of this person, as views.publish takes it."""
    del session, workspace, person
    return blocks.home().view()
