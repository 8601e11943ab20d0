"""Reads a JSON array of objects piece by piece, so that a file of any size and shape needs little memory."""

import codecs
import json
from collections.abc import Iterator
from json import JSONDecodeError
from typing import IO, Any

from bot.errors import CommandFailed

PIECE = 1 << 16
LONGEST_ELEMENT = 4 << 20  # characters; Slack's largest messages, with all their blocks, stay far below
_DIGITS = 18  # of a whole number that every database takes

_SPACE = " \t\r\n"


class NotJson(CommandFailed):
    """A file of the export is no JSON list."""


def read_objects(stream: IO[bytes], name: str) -> Iterator[dict[str, Any]]:
    """The objects in the JSON array that `stream` holds; elements of other kinds are left out.

    Raises NotJson, with `name` in its sentence, where the text is no array, is cut off or is nested too deep.
    """
    source = _Source(stream, name)
    source.expect("[")
    if source.peek() == "]":
        source.expect("]")
    else:
        yield from _elements(source)
    if source.peek():
        raise source.complaint("goes on after its end")


def _elements(source: "_Source") -> Iterator[dict[str, Any]]:
    while True:
        element = source.element()
        if isinstance(element, dict):
            yield element
        if source.peek() == "]":
            source.expect("]")
            return
        source.expect(",")


class _Source:
    """Text that is read as it is needed."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        # Some tools put a mark in front; a broken character must not cost the whole import.
        self._stream = stream
        self._characters = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._decoder = json.JSONDecoder(strict=False, parse_int=_whole_number)
        self._name = name
        self._buffer = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._read_more():
                return ""

    def expect(self, character: str) -> None:
        """Step over `character`; raises NotJson when something else is there."""
        found = self.peek()
        if found != character:
            raise self.complaint("is not a list" if found else "is cut off")
        self._at += 1

    def element(self) -> Any:
        """The next value; raises NotJson."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except (JSONDecodeError, StopIteration):
                if not self._read_more():
                    raise self.complaint("is broken or cut off") from None
            except RecursionError:
                raise self.complaint("is nested too deep") from None
            else:
                # A number at the very end of what was read may go on behind it.
                if end < len(self._buffer) or not self._read_more():
                    self._at = end
                    return value

    def complaint(self, what: str) -> NotJson:
        return NotJson(f"{self._name} {what}, so this cannot be imported: please export again from Slack.")

    def _read_more(self) -> bool:
        kept = self._buffer[self._at :]
        if len(kept) > LONGEST_ELEMENT:
            raise self.complaint("has an entry that is far too long")
        # Reading as much again as is there keeps the repeated attempts at one long element cheap.
        more = b"" if self._ended else self._stream.read(max(PIECE, len(kept)))
        self._ended = not more
        self._buffer, self._at = kept + self._characters.decode(more, final=self._ended), 0
        return bool(more)


def _whole_number(digits: str) -> int | None:
    return int(digits) if len(digits) <= _DIGITS else None
