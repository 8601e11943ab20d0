"""Spaces: where the app is, what they are called, and the past that somebody asked us to read."""

from dataclasses import dataclass

from storage.session import Session


@dataclass(frozen=True, slots=True)
class ReadBackWish:
    """Somebody asked us to read what was said in a space during the last `days` days."""

    workspace: str
    channel: str
    days: int


def wishes_to_read_back(session: Session, workspace: str) -> list[ReadBackWish]:
    """The spaces whose past is still to be read."""
    del session, workspace
    return []
