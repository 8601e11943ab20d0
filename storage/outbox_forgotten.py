"""Letters whose words are forgotten while they are on their way: never sent again, and still known by their key.

A call that is in flight has a copy of the words in memory and may end. The row keeps only where the letter goes and
its key, so that a copy of which nobody knew is found, noted, and deleted where it is one too many.
"""

from storage.outbox import OutboxRow

FORGOTTEN = "somebody asked to be left out"
_WHERE = ("channel", "thread_ts")
_MARK = "forgotten"


def forget_words(row: OutboxRow) -> None:
    """Keep of a letter in flight or in doubt only where it goes."""
    row.payload = {name: row.payload[name] for name in _WHERE if name in row.payload} | {_MARK: True}


def is_forgotten(row: OutboxRow) -> bool:
    """Whether this letter has no words any more, so that it must not go again."""
    return _MARK in row.payload
