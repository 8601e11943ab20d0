"""A channel's new id reaches every table that names channels; a new table has to say how."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Mapper

import storage.tables  # noqa: F401  for all tables
from storage import moves
from storage.base import Base
from storage.circles import Circle
from storage.messages import File, Message
from storage.outbox import OutboxRow
from storage.programmes import Cohort, Programme
from storage.reactions import Reaction
from storage.session import Database
from storage.workspaces import Workspace

BY_NAME = {
    *((table.__tablename__, "channel") for table, _ in moves._ONCE),
    *((table.__tablename__, name) for table, name in moves._NAMES),
    *((table.__tablename__, "channel") for table in (Message, File, Reaction, OutboxRow)),
}
# only ever a direct message with the app, which keeps its id
DIRECT = {("prompts", "channel"), ("entry_parts", "channel")}


def test_every_column_that_names_a_channel_is_moved() -> None:
    """Whoever adds one decides here how it follows."""
    mappers: list[Mapper[Base]] = list(Base.registry.mappers)
    found = {
        (str(mapper.class_.__tablename__), name)
        for mapper in mappers
        for name in ("channel", "space")
        if name in mapper.columns
    }
    assert found - BY_NAME - DIRECT == set()


def test_what_only_names_a_space_follows_too(database: Database) -> None:
    """Also where nothing was heard of the space itself."""
    with database.write() as session:
        session.add(Workspace(id="T1"))
        session.flush()
        made_at = datetime(2026, 1, 5, tzinfo=UTC)
        programme = Programme(workspace="T1", key="leading", title="Leading", made_at=made_at)
        programme.check_ins = programme.items = programme.closing = programme.circle_questions = []
        session.add(programme)
        session.flush()
        first = date(2026, 1, 5)
        cohort = Cohort(
            workspace="T1",
            programme=programme.id,
            name="spring",
            space="COLD",
            starts_on=first,
            ends_on=first,
            state="planned",
            made_at=made_at,
        )
        session.add(cohort)
        session.flush()
        circle = Circle(
            workspace="T1",
            cohort=cohort.id,
            channel="COLD",
            state="meeting",
            starts_on=first,
            ends_on=first,
        )
        session.add(circle)
        session.flush()
        moves.move_space(session, "T1", "COLD", "CNEW", "1800000001.000000")
        session.refresh(cohort)
        session.refresh(circle)
        assert (cohort.space, circle.channel) == ("CNEW", "CNEW")
        session.rollback()
