"""An export as Slack makes it, a zip: read without unpacking, refused when it is damaged or means harm."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bot.errors import CommandFailed
from bot.imports.archive import (
    EXPLODES,
    LARGEST_RATIO,
    NOT_READABLE,
    SAFE_BYTES,
    check_mode,
    check_name,
    check_sizes,
    shown,
)

NOT_A_ZIP = "{path} is no zip file, or only a part of one: download the export from Slack again."
DAMAGED = "{path} is damaged at {name}: download the export from Slack again."
LOCKED = "{path} is locked with a password: unpack it, then import the folder."
UNKNOWN_PACKING = "{path} is packed in a way that cannot be read ({name}): unpack it, then import the folder."
TOO_MANY = "{path} holds too many files to read it packed: unpack it, then import the folder."

MOST_CONTENTS = 24 << 20  # bytes of the table of contents, some 200,000 files
_ENCRYPTED = 0x1
_UTF8 = 0x800
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_END_SIZE, _LOCATOR_SIZE, _END_64_SIZE, _LONGEST_COMMENT = 22, 20, 56, 0xFFFF
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class ZipArchive:
    """The files of a zip, each with a name that stays inside and a size that is believable."""

    def __init__(self, path: Path) -> None:
        """Read the table of contents; raises CommandFailed with the reason for refusing."""
        self.path = path
        self._check_contents_size()
        try:
            self._zip = zipfile.ZipFile(path)
        except (*_BROKEN, OSError, struct.error) as error:
            raise CommandFailed(NOT_A_ZIP.format(path=path.name)) from error
        try:
            self._members = {_name(member): member for member in self._checked()}
        except CommandFailed:
            self._zip.close()
            raise

    def names(self) -> Iterator[str]:
        """The names of all files."""
        return iter(self._members)

    def size(self, name: str) -> int:
        """How many bytes the file has, unpacked."""
        return self._members[name].file_size

    def open(self, name: str) -> IO[bytes]:
        """The file's content; reading it raises CommandFailed where its checksum is wrong."""
        try:
            member = self._zip.open(self._members[name])
        except (*_BROKEN, OSError) as error:
            raise self._damaged(name) from error
        return io.BufferedReader(_Checked(member, self._damaged(name)))

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def _damaged(self, name: str) -> CommandFailed:
        return CommandFailed(DAMAGED.format(path=self.path.name, name=shown(name)))

    def _check_contents_size(self) -> None:
        """Refuse a table of contents that alone would fill the memory, before anything reads it."""
        try:
            with self.path.open("rb") as file:
                size = _contents_size(file)
        except OSError as error:
            reason = error.strerror or "unknown reason"
            raise CommandFailed(NOT_READABLE.format(path=self.path.name, reason=reason)) from error
        if size is None:
            raise CommandFailed(NOT_A_ZIP.format(path=self.path.name))
        if size > MOST_CONTENTS:
            raise CommandFailed(TOO_MANY.format(path=self.path.name))

    def _checked(self) -> list[zipfile.ZipInfo]:
        every = self._zip.infolist()
        for member in every:
            self._check_member(member)
        files = [member for member in every if not member.is_dir()]
        sizes = [member.file_size for member in files]
        check_sizes(self.path, len(files), sum(sizes), max(sizes, default=0))
        packed = max(1, self.path.stat().st_size)
        if sum(sizes) > max(SAFE_BYTES, LARGEST_RATIO * packed):
            reason = f"{sum(sizes) >> 20:,} MB from {packed >> 10:,} kB"
            raise CommandFailed(EXPLODES.format(path=self.path.name, reason=reason))
        return files

    def _check_member(self, member: zipfile.ZipInfo) -> None:
        check_name(self.path, member.orig_filename)
        check_name(self.path, member.filename)
        check_mode(self.path, member.filename, member.external_attr >> 16)
        if member.flag_bits & _ENCRYPTED:
            raise CommandFailed(LOCKED.format(path=self.path.name))
        if member.compress_type not in _PACKINGS:
            name = shown(member.filename)
            raise CommandFailed(UNKNOWN_PACKING.format(path=self.path.name, name=name))


class _Checked(io.RawIOBase):
    """A member's bytes; damage becomes one clear sentence."""

    def __init__(self, member: IO[bytes], damaged: CommandFailed) -> None:
        self._member = member
        self._damaged = damaged

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        try:
            piece = self._member.read(len(buffer))
        except (*_BROKEN, OSError) as error:
            raise self._damaged from error
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._member.close()
        super().close()


def _name(member: zipfile.ZipInfo) -> str:
    """The name in UTF-8, also where a tool wrote it so and forgot to say it."""
    if member.flag_bits & _UTF8 or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode()
    except UnicodeError:
        return member.filename


def _contents_size(file: IO[bytes]) -> int | None:
    """How many bytes the table of contents says it has; None when there is none."""
    length = file.seek(0, io.SEEK_END)
    start = max(0, length - _END_SIZE - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        return None
    size: int = struct.unpack_from("<L", tail, at + 12)[0]
    return _contents_size_64(file, start + at) or size


def _contents_size_64(file: IO[bytes], end: int) -> int | None:
    """The same of a large zip, which tells it in a second place."""
    if end < _LOCATOR_SIZE + _END_64_SIZE:
        return None
    file.seek(end - _LOCATOR_SIZE - _END_64_SIZE)
    record = file.read(_LOCATOR_SIZE + _END_64_SIZE)
    if not record.startswith(_END_64) or record[_END_64_SIZE:].find(_LOCATOR_64) != 0:
        return None
    size: int = struct.unpack_from("<Q", record, 40)[0]
    return size
