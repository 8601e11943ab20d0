"""What to call people and spaces in the texts we write."""

from storage.people import names_of
from storage.session import Session
from storage.spaces import find_space

SOMEBODY = "a colleague"
A_SPACE = "a space"


def name_of(session: Session, workspace: str, person: str) -> str:
    """The person's name as plain words, or "a colleague" while we do not know it."""
    return names_of(session, workspace, {person}).get(person, SOMEBODY)


def space_name(session: Session, workspace: str, channel: str) -> str:
    """The space's name with its #, or "a space" while we do not know it."""
    space = find_space(session, workspace, channel)
    return f"#{space.name}" if space is not None and space.name else A_SPACE
