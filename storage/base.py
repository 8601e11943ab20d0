"""What every table shares: naming of constraints, aware instants, and the types that columns are made of."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Integer,
    MetaData,
    String,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, aware and in UTC on both sides; a naive value is refused.

    SQLite would drop the offset and hand back a naive value, so there it is stored as UTC and made aware again.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The instant as the database keeps it; raises ValueError when it has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs its time zone before it is stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The instant, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Slack's ids are short; ts are "seconds.microseconds" as text and sort as text.
SlackId = Annotated[str, mapped_column(String(64))]
SlackTs = Annotated[str, mapped_column(String(32))]
Name = Annotated[str, mapped_column(String(255))]
Words = Annotated[str, mapped_column(Text)]
Instant = Annotated[datetime, mapped_column(UTCDateTime)]
Day = Annotated[date, mapped_column(Date)]  # a date where somebody lives, without a zone
Json = Annotated[Any, mapped_column(JSON().with_variant(JSONB(), "postgresql"))]
# SQLite counts up only in a column of its own kind of integer.
_BIG = BigInteger().with_variant(Integer(), "sqlite")
RowId = Annotated[int, mapped_column(_BIG, Identity(always=False), primary_key=True)]
RowRef = Annotated[int, mapped_column(_BIG)]  # the RowId of a row elsewhere


class Base(DeclarativeBase):
    """The tables of Commonplace."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def in_workspace() -> ForeignKeyConstraint:
    """Every row belongs to one workspace and goes with it."""
    return ForeignKeyConstraint(["workspace"], ["workspaces.id"], ondelete="CASCADE")


def in_space(column: str = "channel") -> ForeignKeyConstraint:
    """The row belongs to a space; Slack may change a channel's id, and then the row follows."""
    return ForeignKeyConstraint(
        ["workspace", column], ["spaces.workspace", "spaces.id"], ondelete="CASCADE", onupdate="CASCADE"
    )


def of_person(column: str = "person") -> ForeignKeyConstraint:
    """The row names a person of the same workspace."""
    return ForeignKeyConstraint(["workspace", column], ["people.workspace", "people.id"], ondelete="CASCADE")


def of_row(column: str, target: str, *, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    """The row hangs on another one, `target` as "table.id"."""
    return ForeignKeyConstraint([column], [target], ondelete=ondelete)
