"""Places: the spaces in which a person may post through the app, and whose messages they can open."""

from storage.people import find_person
from storage.session import Session
from storage.spaces import Space, find_space, find_spaces_with_app, is_member


def find_places(session: Session, workspace: str, person: str) -> list[Space]:
    """The spaces this person may post to: those they are in, then the other public ones, each by name."""
    spaces = [
        space for space in find_spaces_with_app(session, workspace) if _is_open_to(session, space, person)
    ]
    return sorted(spaces, key=lambda space: not is_member(session, workspace, space.id, person))


def find_place(session: Session, workspace: str, channel: str, person: str) -> Space | None:
    """The space, if the app is in it and this person may post there."""
    space = find_space_with_app(session, workspace, channel)
    return space if space is not None and _is_open_to(session, space, person) else None


def find_space_with_app(session: Session, workspace: str, channel: str) -> Space | None:
    """The space, if the app is in it; what happens anywhere else is not ours."""
    space = find_space(session, workspace, channel)
    if space is None or not space.app_is_in or space.is_archived or space.is_deleted:
        return None
    return space


def _is_open_to(session: Session, space: Space, person: str) -> bool:
    if is_member(session, space.workspace, space.id, person):
        return True
    known = find_person(session, space.workspace, person)
    # Until the profile was read nobody knows whether somebody is a guest or of another organisation.
    belongs = known is not None and known.known_at is not None and not (known.is_guest or known.is_external)
    return belongs and not space.is_private
