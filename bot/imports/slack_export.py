"""The layout of a Slack export: its people, its channels, and which files hold what was said where.

Lenient, because Slack publishes no schema: folders of renamed channels, names in another Unicode form, teams
that are not named. Strict in one thing: only channels are read, private ones only when somebody names them,
and direct conversations never.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from bot.errors import CommandFailed
from bot.imports.archive import NO_SUCH_FILE, Archive, shown
from bot.imports.folders import FolderArchive
from bot.imports.json_stream import read_objects
from bot.imports.zips import ZipArchive
from bot.payloads import find_id, text
from bot.profiles import team_of

CHANNELS, PRIVATE, GROUP_DIRECTS = "channels.json", "groups.json", "mpims.json"
PEOPLE = ("users.json", "org_users.json")

NO_EXPORT = "{path} is not a Slack export: it has no {missing}."
NO_CHANNEL = "There is no channel {names} in this export; it has {known}."
DIRECT = "{name} is a conversation of a few people: those are never imported."

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.json")
_DIRECT_FOLDER = re.compile(r"D[A-Z0-9]{5,}")  # direct conversations are filed by their id
_MOST_NAMED = 10


def open_archive(path: Path) -> Archive:
    """The export at `path`, a zip or a folder; raises CommandFailed when it is refused."""
    if path.is_dir():
        return FolderArchive(path)
    if not path.is_file():
        raise CommandFailed(NO_SUCH_FILE.format(path=path))
    return ZipArchive(path)


@dataclass(frozen=True, slots=True)
class Listed:
    """A channel of the export, with its day files in order."""

    about: dict[str, Any] = field(repr=False)  # the conversation object, without its members
    id: str
    name: str
    is_private: bool
    files: tuple[str, ...]


class SlackExport:
    """What an archive holds, once it is known to be an export."""

    def __init__(self, archive: Archive, named: tuple[str, ...] | None = None) -> None:
        """Find the channels that are to be read: the public ones, or exactly those `named`.

        Raises CommandFailed when this is no export, or a name is not in it.
        """
        self._archive = archive
        self._root = _find_root(archive)
        self._people = next((name for name in PEOPLE if self._has(name)), None)
        if self._people is None:
            raise CommandFailed(NO_EXPORT.format(path=archive.path.name, missing=PEOPLE[0]))
        self._folders = self._find_folders()
        self.channels = _choose(self._list_channels(), named, self._group_directs())

    def people(self) -> Iterator[dict[str, Any]]:
        """The user objects."""
        yield from self._objects(self._people or PEOPLE[0])

    def members(self) -> Iterator[tuple[str, list[str]]]:
        """The ids of each channel that is to be read, and of its members."""
        wanted = {channel.id for channel in self.channels}
        for file in (CHANNELS, PRIVATE):
            for about in self._objects(file) if self._has(file) else ():
                if find_id(about.get("id")) in wanted:
                    members = about.get("members")
                    found = map(find_id, members if isinstance(members, list) else ())
                    yield about["id"], [person for person in found if person]

    def messages(self, file: str) -> Iterator[dict[str, Any]]:
        """The message objects of a day file."""
        with self._archive.open(file) as stream:
            yield from read_objects(stream, shown(file))

    def size(self, file: str) -> int:
        """How many bytes the file has."""
        return self._archive.size(file)

    def find_team(self) -> str | None:
        """The team that this export is of: that of most of its people, if they have any."""
        teams = Counter(team for team in map(team_of, self.people()) if team)
        own = Counter({team: count for team, count in teams.items() if team.startswith("T")}) or teams
        return own.most_common(1)[0][0] if own else None

    def _objects(self, file: str) -> Iterator[dict[str, Any]]:
        with self._archive.open(self._root + file) as stream:
            yield from read_objects(stream, file)

    def _has(self, file: str) -> bool:
        return self._root + file in self._archive.names()

    def _find_folders(self) -> dict[str, list[str]]:
        folders: dict[str, list[str]] = defaultdict(list)
        for name in self._archive.names():
            if not name.startswith(self._root):
                continue
            folder, _, file = name[len(self._root) :].partition("/")
            if _DAY.fullmatch(file) and not _DIRECT_FOLDER.fullmatch(folder):
                folders[_same(folder)].append(name)
        return folders

    def _group_directs(self) -> set[str]:
        if not self._has(GROUP_DIRECTS):
            return set()
        return {_same(text(about.get("name"))) for about in self._objects(GROUP_DIRECTS)}

    def _list_channels(self) -> list[Listed]:
        every = [(about, False) for about in self._described(CHANNELS)]
        every += [(about, True) for about in self._described(PRIVATE)] if self._has(PRIVATE) else []
        # What somebody else's folder is called now was never this channel's, whatever it was called before.
        taken = {_same(text(about.get("name"))) for about, _ in every} | self._group_directs()
        return [self._listed(about, taken, private=private) for about, private in every]

    def _described(self, file: str) -> Iterator[dict[str, Any]]:
        for about in self._objects(file):
            if (
                find_id(about.get("id"))
                and about.get("is_mpim") is not True
                and about.get("is_im") is not True
            ):
                about.pop("members", None)
                yield about

    def _listed(self, about: dict[str, Any], taken: set[str], *, private: bool) -> Listed:
        name = text(about.get("name"))
        former = about.get("previous_names")
        others = [about["id"], *(former if isinstance(former, list) else ())]
        names = [_same(name), *(other for other in map(_same, map(text, others)) if other not in taken)]
        files = next((self._folders[folder] for folder in names if folder in self._folders), [])
        is_private = private or about.get("is_private") is True or about.get("is_group") is True
        return Listed(about, about["id"], name, is_private, tuple(sorted(files, key=_file_name)))


def _find_root(archive: Archive) -> str:
    """What stands before every name, when somebody packed the folder instead of its content."""
    found = [name for name in archive.names() if PurePosixPath(name).name == CHANNELS]
    if not found:
        raise CommandFailed(NO_EXPORT.format(path=archive.path.name, missing=CHANNELS))
    return min(found, key=lambda name: (name.count("/"), name)).removesuffix(CHANNELS)


def _choose(channels: list[Listed], named: tuple[str, ...] | None, directs: set[str]) -> list[Listed]:
    unique = list({channel.id: channel for channel in reversed(channels)}.values())[::-1]
    if not named:
        return [channel for channel in unique if not channel.is_private]
    wanted = {_same(name.removeprefix("#")) for name in named}
    for name in sorted(wanted & directs):
        raise CommandFailed(DIRECT.format(name=shown(name)))
    chosen = [channel for channel in unique if wanted & {_same(channel.name), _same(channel.id)}]
    missing = wanted - {_same(name) for channel in chosen for name in (channel.name, channel.id)}
    if missing:
        known = sorted(shown(channel.name) for channel in unique if not channel.is_private)
        more = " and others" if len(known) > _MOST_NAMED else ""
        names = ", ".join(sorted(map(shown, missing)))
        listed = ", ".join(known[:_MOST_NAMED]) or "none"
        raise CommandFailed(NO_CHANNEL.format(names=names, known=listed + more))
    return chosen


def _same(name: str) -> str:
    """A name in the one Unicode form in which we compare."""
    return unicodedata.normalize("NFC", name)


def _file_name(name: str) -> str:
    return PurePosixPath(name).name
