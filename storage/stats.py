"""Counts of everything stored; counts only, no names and no words."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from storage.check_ins import count_prompts
from storage.contributions import Contribution, ContributionState
from storage.discussions import Discussion, Question
from storage.inbox import FailedFact, Seen
from storage.journal import Entry
from storage.messages import Message
from storage.outbox import LetterState, OutboxRow
from storage.people import Person
from storage.plans import MADE, Item, Plan
from storage.programmes import Programme
from storage.reactions import Reaction
from storage.spaces import Space
from storage.workspaces import Workspace


def read_stats(session: Session, workspace: str | None = None) -> dict[str, Any]:
    """How much of everything there is, in all workspaces or in one.

    Messages are people's and bots' posts that stand, replies included, in spaces that were not deleted.
    """
    here = _Counter(session, workspace)
    return {
        "workspaces": here.workspaces(),
        "people": here.count(Person),
        "spaces": here.count(Space, ~Space.is_deleted),
        "messages": here.messages(),
        "replies": here.messages(Message.thread_ts.is_not(None)),
        "discussions": here.count(Discussion, Discussion.replies > 0),
        "questions": here.count(Question, ~Question.withdrawn),
        "contributions": here.count(Contribution, Contribution.state == ContributionState.KEPT),
        "reactions": here.count(Reaction, Reaction.standing.is_(True)),
        "programmes": here.count(Programme),
        "plans": here.count(Plan, Plan.state.in_(MADE)),
        "items": here.count(Item, Item.plan.in_(select(Plan.id).where(Plan.state.in_(MADE)))),
        "prompts": count_prompts(session, workspace),
        "entries": here.count(Entry, ~Entry.deleted),
        "requests": 0,
        "outbox": here.outbox(),
        "inbox": {"seen": here.count(Seen), "failed": here.count(FailedFact)},
    }


class _Counter:
    """Counts rows, of one workspace when asked."""

    def __init__(self, session: Session, workspace: str | None) -> None:
        self._session = session
        self._workspace = workspace

    def count(self, table: type[Any], *which: ColumnElement[bool]) -> int:
        """The rows of a table that match."""
        return self._run(select(func.count()).select_from(table).where(*which, *self._here(table.workspace)))

    def workspaces(self) -> int:
        """The workspaces that are still installed or were imported."""
        query = select(func.count()).select_from(Workspace).where(Workspace.uninstalled_at.is_(None))
        return self._run(query.where(*self._here(Workspace.id)))

    def messages(self, *which: ColumnElement[bool]) -> int:
        """The posts that stand and match."""
        gone = (
            select(Space.id)
            .where(Space.workspace == Message.workspace, Space.id == Message.channel, Space.is_deleted)
            .exists()
        )
        return self.count(Message, ~Message.deleted, ~gone, *which)

    def outbox(self) -> dict[str, int]:
        """The letters by where they are."""
        query = select(OutboxRow.state, func.count()).group_by(OutboxRow.state)
        rows = self._session.execute(query.where(*self._here(OutboxRow.workspace)))
        found = {str(state): int(count) for state, count in rows}
        return {state.value: found.get(state.value, 0) for state in LetterState}

    def _here(self, column: Any) -> list[ColumnElement[bool]]:
        return [] if self._workspace is None else [column == self._workspace]

    def _run(self, query: Select[Any]) -> int:
        return self._session.scalar(query) or 0
