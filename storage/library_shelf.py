"""What the library needs to name and show its results: spaces, people and threads by id or by name."""

from collections.abc import Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from storage.discussions import Discussion
from storage.library import visible_spaces
from storage.people import Person
from storage.spaces import Space


def find_visible_spaces(session: Session, workspace: str, person: str) -> list[tuple[str, str]]:
    """Id and name of every space that this person could open, by name."""
    query = select(Space.id, Space.name).where(
        Space.workspace == workspace, Space.id.in_(visible_spaces(workspace, person))
    )
    return [(space, name) for space, name in session.execute(query.order_by(Space.name, Space.id))]


def find_named(session: Session, workspace: str) -> list[tuple[str, str]]:
    """Id and name of everybody whose name we know and who may be shown, by name."""
    query = select(Person.id, Person.name).where(
        Person.workspace == workspace, Person.name != "", ~Person.left_out
    )
    return [(person, name) for person, name in session.execute(query.order_by(Person.name, Person.id))]


def find_left_out(session: Session, workspace: str, people: Iterable[str]) -> set[str]:
    """Those of the people who asked to be left out."""
    query = select(Person.id).where(
        Person.workspace == workspace, Person.left_out, Person.id.in_(sorted(set(people)))
    )
    return set(session.scalars(query))


def find_threads(session: Session, workspace: str, places: Iterable[tuple[str, str]]) -> list[Discussion]:
    """The discussions at these places (channel, ts of the first message)."""
    query = select(Discussion).where(
        Discussion.workspace == workspace, tuple_(Discussion.channel, Discussion.ts).in_(sorted(set(places)))
    )
    return list(session.scalars(query))
