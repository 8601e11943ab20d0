"""How the Home tab looks and what it says."""

from bot.blocks import kit

WHAT = (
    "*Commonplace* is where we keep what we learn from each other: share a solution, ask a question, find what"
    " colleagues already know."
)


def home() -> kit.Home:
    """The Home of somebody who has nothing yet."""
    return kit.Home([kit.section(WHAT)])
