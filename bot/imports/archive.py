"""An export on disk, zip or folder: the same few questions, and the limits that keep a hostile one out."""

import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from bot.errors import CommandFailed

MOST_FILES = 200_000  # a zip's table of contents is held in memory
MOST_BYTES = 50 << 30  # of all files together, unpacked
LARGEST_FILE = 1 << 30
SAFE_BYTES = 50 << 20  # below this, how well it was packed does not matter
LARGEST_RATIO = 100  # unpacked to packed; real exports are packed to a fifth or a tenth
LONGEST_NAME = 1_000

NO_SUCH_FILE = "{path} is not there: give the zip that Slack made, or the folder it was unpacked to."
NOT_READABLE = "{path} cannot be read: {reason}."
EXPLODES = "{path} would unpack to far more than its size ({reason}); this is not how Slack packs an export."
CLIMBS = "{path} holds a file that points outside of it ({name}), so nothing was imported."
LINKS = "{path} holds a link or special file ({name}), so nothing was imported."


class Archive(Protocol):
    """Files by their name inside the export, with / between folders."""

    path: Path

    def names(self) -> Iterable[str]:
        """The names of all files."""

    def size(self, name: str) -> int:
        """How many bytes the file has, unpacked."""

    def open(self, name: str) -> IO[bytes]:
        """The file's content; reading it raises CommandFailed where it is damaged."""

    def close(self) -> None:
        """Let go of the file."""


def check_name(path: Path, name: str) -> None:
    """Raise CommandFailed for a name that could lead out of the export."""
    parts = PurePosixPath(name.replace("\\", "/"))
    drive = len(name) > 1 and name[1] == ":" and name[0].isalpha()
    if parts.is_absolute() or drive or ".." in parts.parts or "\x00" in name or len(name) > LONGEST_NAME:
        raise CommandFailed(CLIMBS.format(path=path.name, name=shown(name)))


def check_mode(path: Path, name: str, mode: int) -> None:
    """Raise CommandFailed for anything but a plain file or folder; `mode` is 0 where nobody noted it."""
    kind = stat.S_IFMT(mode)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise CommandFailed(LINKS.format(path=path.name, name=shown(name)))


def check_sizes(path: Path, count: int, total: int, largest: int) -> None:
    """Raise CommandFailed when there is more than any export holds."""
    if total > MOST_BYTES or largest > LARGEST_FILE:
        reason = f"{max(total, largest) >> 20:,} MB"
        raise CommandFailed(EXPLODES.format(path=path.name, reason=reason))
    if count > MOST_FILES:
        raise CommandFailed(
            f"{path.name} holds more than {MOST_FILES:,} files: export a shorter time, one after the other."
        )


def shown(name: str) -> str:
    """A name that somebody else chose, fit for a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:80]
