"""An export that was unpacked to a folder; links in it are refused."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bot.errors import CommandFailed
from bot.imports.archive import NOT_READABLE, check_mode, check_sizes


class FolderArchive:
    """The files below a folder, read where they are."""

    def __init__(self, path: Path) -> None:
        """Look at every file's kind and size; raises CommandFailed for links and for what is far too much."""
        self.path = path
        self._sizes = dict(self._look())
        check_sizes(path, len(self._sizes), sum(self._sizes.values()), max(self._sizes.values(), default=0))

    def names(self) -> Iterator[str]:
        """The names of all files."""
        return iter(self._sizes)

    def size(self, name: str) -> int:
        """How many bytes the file has."""
        return self._sizes[name]

    def open(self, name: str) -> IO[bytes]:
        """The file's content."""
        try:
            # A link that was put there after we looked is not followed.
            return os.fdopen(os.open(self.path / name, os.O_RDONLY | os.O_NOFOLLOW), "rb")
        except OSError as error:
            raise _unreadable(self.path / name, error) from error

    def close(self) -> None:
        """Nothing is kept open."""

    def _look(self) -> Iterator[tuple[str, int]]:
        try:
            for folder, folders, files in os.walk(self.path, onerror=_raise):
                for name in (*folders, *files):
                    place = Path(folder, name)
                    found = place.lstat()
                    inside = place.relative_to(self.path).as_posix()
                    check_mode(self.path, inside, found.st_mode)
                    if name in files:
                        yield inside, found.st_size
        except OSError as error:
            raise _unreadable(self.path, error) from error


def _raise(error: OSError) -> None:
    raise error


def _unreadable(path: Path, error: OSError) -> CommandFailed:
    return CommandFailed(NOT_READABLE.format(path=path.name, reason=error.strerror or "unknown reason"))
