"""The words of a result around what matched, as pieces of which some are to be shown bold."""

import re
from collections.abc import Sequence

from bot.blocks.library import Piece
from bot.blocks.said import shorten
from storage.search import Term, fold

LENGTH = 220  # about two lines in a form
_BEFORE = 60
_CHUNK = re.compile(r"\S+")
_RUN = re.compile(r"[^\W_]+")


def excerpt(plain: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """About two lines of a plain text, from shortly before the first match; words that match are marked."""
    text = " ".join(plain.split())
    first = next((chunk.start() for chunk in _CHUNK.finditer(text) if _matches(chunk[0], terms)), 0)
    start = _start(text, first)
    shown = shorten(text[start:], LENGTH)
    pieces = [Piece("… ")] if start and shown else []
    for chunk in _CHUNK.finditer(shown):
        pieces += _marked(chunk[0], bold=_matches(chunk[0], terms))
    return tuple(pieces)


def _start(text: str, first: int) -> int:
    if first <= _BEFORE:
        return 0
    space = text.find(" ", first - _BEFORE, first)
    return first if space < 0 else space + 1


def _matches(chunk: str, terms: Sequence[Term]) -> bool:
    """Whether a word of the chunk is one of the words looked for, or goes on from one."""
    words = [fold(word) for word in _RUN.findall(chunk)]
    return any(
        word in term.words or (not term.exact and word.startswith(term.words[-1]))
        for term in terms
        for word in words
    )


def _marked(chunk: str, *, bold: bool) -> list[Piece]:
    """The chunk and a space; when bold, the punctuation around it stays light."""
    inner = _RUN.search(chunk)
    if not bold or inner is None:
        return [Piece(chunk + " ")]
    end = max(run.end() for run in _RUN.finditer(chunk))
    before, after = Piece(chunk[: inner.start()]), Piece(chunk[end:] + " ")
    return [part for part in (before, Piece(chunk[inner.start() : end], bold=True), after) if part.text]
