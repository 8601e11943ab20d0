"""Import: a Slack export becomes exactly the records that live events would have made, and not one letter.

First everything that will be read is looked at, so that an export with a flaw is refused before a single row
is written. Then it is written in chunks; whatever was there already stays as it is, so a second run, or one
after a crash, ends in the same database.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from bot.chunks import ChunkWriter
from bot.config import Settings
from bot.errors import CommandFailed
from bot.imports.progress import Advance, say_nothing
from bot.imports.slack_export import SlackExport, open_archive
from bot.past import Said, read_said
from bot.payloads import find_id
from bot.profiles import ChannelFact, PersonFact, read_channel, read_person
from bot.rules import messages, reactions
from bot.rules.history import Members
from storage import migrate
from storage.bulk import insert_or_ignore
from storage.profiles import store_members, store_people, store_spaces
from storage.session import Database, Session, open_database
from storage.spaces import find_space
from storage.stats import read_stats
from storage.workspaces import Workspace, find_workspaces

WHICH_WORKSPACE = (
    "This export does not say which workspace it is from: add --workspace with its id, such as T0123ABCD."
)
NO_WORKSPACE_ID = "{workspace} is not a workspace's id: it begins with T, such as T0123ABCD."

_WORKSPACE = re.compile(r"[TE][A-Z0-9_]{1,63}")
_COUNTED = (
    "people",
    "spaces",
    "messages",
    "replies",
    "discussions",
    "contributions",
    "questions",
    "reactions",
)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import read, what was new of it, and what it left alone."""

    workspace: str
    people: int
    channels: int
    messages: int
    replies: int
    reactions: int
    other_lines: int  # of Slack itself ("joined the channel"), or without what makes a message
    new: dict[str, int]


def import_export(
    settings: Settings,
    path: Path,
    workspace: str | None = None,
    channels: Iterable[str] | None = None,
    progress: Advance = say_nothing,
) -> ImportResult:
    """Take in the export at `path`: its public channels, or exactly the `channels` named.

    `progress` is called with how much is done of how much. Raises CommandFailed, before anything is written,
    when the export is refused.
    """
    if workspace is not None and not _WORKSPACE.fullmatch(workspace):
        raise CommandFailed(NO_WORKSPACE_ID.format(workspace=repr(workspace)))
    with closing(open_archive(path)) as archive:
        export = SlackExport(archive, tuple(channels or ()) or None)
        steps = _Steps(progress, 2 * sum(export.size(file) for file in _files(export)))
        team = _check(export, steps)
        with closing(open_database(settings.database_url)) as database:
            migrate.upgrade(database)
            target = workspace or team or _only_workspace(database)
            return _Import(database, export, target, team, steps).run()


class _Steps:
    """Adds up what is done."""

    def __init__(self, progress: Advance, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0
        progress(0, total)

    def step(self, amount: int) -> None:
        self._done += amount
        self._progress(self._done, self._total)


def _files(export: SlackExport) -> Iterator[str]:
    return chain.from_iterable(channel.files for channel in export.channels)


def _check(export: SlackExport, steps: _Steps) -> str | None:
    """Read everything once and keep only the team it is of; raises CommandFailed at the first flaw."""
    team = export.find_team()
    for _ in export.members():
        pass
    for file in _files(export):
        for message in export.messages(file):
            team = team or find_id(message.get("team"))
        steps.step(export.size(file))
    return team


def _only_workspace(database: Database) -> str:
    with database.read() as session:
        known = find_workspaces(session)
    if len(known) != 1:
        raise CommandFailed(WHICH_WORKSPACE)
    return known[0].id


@dataclass(slots=True)
class _Read:
    """What came along while reading."""

    people: int = 0
    messages: int = 0
    replies: int = 0
    reactions: int = 0
    other_lines: int = 0


@dataclass(slots=True)
class _Import:
    """One export on its way into one workspace."""

    database: Database
    export: SlackExport
    workspace: str
    home: str | None
    steps: _Steps
    read: _Read = field(default_factory=_Read)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def run(self) -> ImportResult:
        """Write everything, and count what was new."""
        before = self._count()
        writer = ChunkWriter(self.database)
        write = partial(writer.write, workspace=self.workspace)
        write(self._add_workspace, [self.workspace])
        write(self._add_people, self._people())
        write(self._add_spaces, self._spaces())
        write(self._set_members, self._members(), weigh=lambda members: len(members.people))
        write(self._record, self._said(), weigh=lambda said: said.rows)
        after = self._count()
        return ImportResult(
            workspace=self.workspace,
            channels=len(self.export.channels),
            **asdict(self.read),
            new={name: after[name] - before[name] for name in _COUNTED},
        )

    def _count(self) -> dict[str, Any]:
        with self.database.read() as session:
            return read_stats(session, self.workspace)

    def _people(self) -> Iterator[PersonFact]:
        for user in self.export.people():
            person = read_person(self.workspace, user, home=self.home)
            if person is not None:
                self.read.people += 1
                yield person

    def _spaces(self) -> Iterator[ChannelFact]:
        for channel in self.export.channels:
            fact = read_channel(self.workspace, channel.about)
            if fact is not None:
                yield replace(fact, is_private=channel.is_private)

    def _members(self) -> Iterator[Members]:
        for channel, people in self.export.members():
            yield Members(self.workspace, channel, tuple(people))

    def _said(self) -> Iterator[Said]:
        for channel in self.export.channels:
            for file in channel.files:
                for message in self.export.messages(file):
                    said = read_said(
                        self.workspace,
                        channel.id,
                        message,
                        private=channel.is_private,
                        home=self.home,
                    )
                    self._note(said)
                    if said is not None:
                        yield said
                self.steps.step(self.export.size(file))

    def _note(self, said: Said | None) -> None:
        if said is None:
            self.read.other_lines += 1
            return
        self.read.messages += not said.message.deleted
        self.read.replies += said.message.thread_ts is not None and not said.message.deleted
        self.read.reactions += len(said.reactions)

    def _add_workspace(self, session: Session, workspaces: Sequence[str]) -> None:
        for workspace in workspaces:
            session.execute(
                insert_or_ignore(session, Workspace).values(id=workspace, name="", url="", scopes="")
            )

    def _add_people(self, session: Session, people: Sequence[PersonFact]) -> None:
        # What Slack itself told us is newer than any export.
        store_people(session, [asdict(person) for person in people], self.now, overwrite=False)

    def _add_spaces(self, session: Session, spaces: Sequence[ChannelFact]) -> None:
        store_spaces(session, [asdict(space) for space in spaces], self.now, overwrite=False)

    def _set_members(self, session: Session, listed: Sequence[Members]) -> None:
        for members in listed:
            space = find_space(session, self.workspace, members.channel)
            # Where the app is in, Slack tells who is there now.
            if space is not None and not space.app_is_in:
                store_members(session, self.workspace, members.channel, members.people)

    def _record(self, session: Session, said: Sequence[Said]) -> None:
        messages.record(session, [one.message for one in said], self.now)
        given = [reaction for one in said for reaction in one.reactions]
        if given:
            reactions.record(session, given, self.now)
