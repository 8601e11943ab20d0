"""People, spaces and memberships as Slack lists them, stored many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.people import Person
from storage.spaces import Departure, Membership, Space

Row = Mapping[str, Any]


def store_people(session: Session, rows: Sequence[Row], now: datetime, *, overwrite: bool = True) -> None:
    """Keep these profiles (columns of Person); without `overwrite` only what we lack."""
    _store(session, Person, rows, now, overwrite=overwrite)


def store_spaces(session: Session, rows: Sequence[Row], now: datetime, *, overwrite: bool = True) -> None:
    """Keep these spaces (columns of Space); without `overwrite` only what we lack."""
    _store(session, Space, rows, now, overwrite=overwrite)


def _store(
    session: Session, table: type[Any], rows: Sequence[Row], now: datetime, *, overwrite: bool
) -> None:
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table)
    columns: dict[str, Any] = {
        name: insert.excluded[name] for name in (*rows[0], "known_at") if name not in ("workspace", "id")
    }
    if table is Person:  # of somebody left out only the id is kept, and what they may see by
        for name in {"name", "tz", "locale"} & columns.keys():
            columns[name] = case((Person.left_out, ""), else_=columns[name])
    statement = insert.on_conflict_do_update(
        index_elements=["workspace", "id"],
        set_=columns,
        where=None if overwrite else table.known_at.is_(None),
    )
    # Sorted, so that two writers lock in one order.
    latest = {row["id"]: {**row, "known_at": now} for row in rows}
    session.execute(statement, [latest[key] for key in sorted(latest)])


def store_members(
    session: Session, workspace: str, channel: str, people: Iterable[str], asked_at: str = ""
) -> None:
    """Exactly these people were in the space at `asked_at` (a ts); who came or went after that is kept."""
    wanted = set(people)
    known = set(find_members(session, workspace, channel))
    here = (Membership.workspace == workspace, Membership.channel == channel)
    gone = sorted(known - wanted)
    if gone:
        older = func.coalesce(Membership.since, "") <= asked_at
        session.execute(delete(Membership).where(*here, Membership.person.in_(gone), older))
    left = select(Departure.person).where(
        Departure.workspace == workspace, Departure.channel == channel, Departure.event_ts > asked_at
    )
    add_members(session, workspace, channel, wanted - known - set(session.scalars(left)))


def add_members(session: Session, workspace: str, channel: str, people: Iterable[str]) -> None:
    """These people are in the space, perhaps beside others."""
    rows = [{"workspace": workspace, "channel": channel, "person": person} for person in sorted(set(people))]
    if rows:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        session.execute(dialect.insert(Membership).on_conflict_do_nothing(), rows)


def find_members(session: Session, workspace: str, channel: str) -> list[str]:
    """Who is in the space, as far as we were told."""
    query = select(Membership.person).where(Membership.workspace == workspace, Membership.channel == channel)
    return list(session.scalars(query.order_by(Membership.person)))
