"""Holiday calendars of a workspace, kept as settings under an owner of their own, so that others are not read along."""

from typing import Any

from storage.session import Session
from storage.settings import read_settings, store_setting

OWNER = "holiday calendars"  # no person has such an id


def read_calendars(session: Session, workspace: str) -> dict[str, Any]:
    """The stored calendars, by their key."""
    return read_settings(session, workspace, OWNER)


def store_calendar(session: Session, workspace: str, key: str, value: dict[str, Any] | None) -> None:
    """Keep a calendar; None removes it."""
    store_setting(session, workspace, OWNER, key, value)
    session.flush()
