"""What becomes of letters: taken, sent, refused, in doubt, found again; and what hangs on a sent one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import outbox_claims, outbox_doubts
from storage.outbox import OutboxRow
from storage.outbox_claims import Claimed, Sending
from storage.outbox_doubts import Doubtful
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that arrived, for whoever waits for that."""

    workspace: str
    about: str  # "noun:id"
    channel: str
    ts: str  # empty for a conversation that was opened
    recipient: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter that will never arrive, and why."""

    workspace: str
    about: str  # "noun:id"
    conversation: str
    recipient: str | None
    reason: str


Settle = Callable[[Session, Sent, datetime], None]
Regret = Callable[[Session, Refused, datetime], None]

# What the nouns do, in the same transaction, when a letter about one of theirs was sent or never will be.
SETTLE: dict[str, Settle] = {}
REGRET: dict[str, Regret] = {}
# Files whose content is written when they are sent, because it must not stand in the outbox: a payload names one as
# "render", and (session, workspace, recipient, payload) gives the text.
RENDER: dict[str, Callable[[Session, str, str, Mapping[str, Any]], str]] = {}


@dataclass(frozen=True, slots=True)
class Claim:
    """Take these letters; later than `lease` seconds from now somebody else may."""

    workspace: str
    ids: tuple[int, ...]
    conversations: tuple[str, ...]
    lease: float

    @property
    def subjects(self) -> tuple[str, ...]:
        """One sender at a time decides what goes next in a conversation."""
        return tuple(f"{self.workspace}/outbox/{conversation}" for conversation in self.conversations)


@dataclass(frozen=True, slots=True)
class Stuck:
    """Letters that wait for another letter."""

    workspace: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """Slack took a letter; channel and ts are empty for what leaves no message."""

    workspace: str
    sending: Sending
    channel: str | None = None
    ts: str | None = None
    thread_ts: str | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """What a reply or a reaction to this message would lock too."""
        places = [ts for ts in (self.ts, self.thread_ts) if ts]
        return tuple(f"{self.workspace}/{self.channel}/{ts}" for ts in places)


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter did not arrive as it should; `wait` is how many seconds it rests, for those that go again."""

    workspace: str
    sending: Sending
    reason: str
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Opened:
    """The DM with a person has this id."""

    workspace: str
    person: str
    dm: str


@dataclass(frozen=True, slots=True)
class Uploading:
    """An upload has this id and is not completed yet."""

    workspace: str
    sending: Sending
    file_id: str


@dataclass(frozen=True, slots=True)
class Look:
    """Take the letters in doubt of a workspace; `lease` in seconds."""

    workspace: str
    lease: float


@dataclass(frozen=True, slots=True)
class Looked:
    """These letters were looked for; `wait` is when to look again where the look failed."""

    workspace: str
    letters: tuple[Doubtful, ...]
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One of our own messages came in as an event, with the key in its metadata."""

    workspace: str
    key: str
    channel: str
    ts: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The message that it is."""
        return (f"{self.workspace}/{self.channel}/{self.ts}",)


def claim(session: Session, wanted: Claim, now: datetime) -> list[Claimed]:
    """Take those of the letters whose turn it still is."""
    return outbox_claims.claim(session, wanted.ids, timedelta(seconds=wanted.lease), now)


def settle_stuck(session: Session, stuck: Stuck, now: datetime) -> int:
    """Letters whose root failed fail with it, the others begin their ten minutes; how many failed."""
    return len(_regret(session, outbox_claims.settle_stuck(session, stuck.ids), now))


def record_sent(session: Session, arrived: Arrived, now: datetime) -> bool:
    """Note that a letter arrived and settle what waits for it; False when it is not ours to say."""
    row = outbox_claims.mark_sent(session, arrived.sending, arrived.channel, arrived.ts, now)
    if row is None:
        return False
    _settle(session, row, now)
    return True


def record_not_sent(session: Session, returned: Returned, _now: datetime) -> bool:
    """The letter surely did not go: it rests and is tried again."""
    return outbox_claims.put_back(session, returned.sending, returned.reason, returned.wait)


def record_unsure(session: Session, returned: Returned, _now: datetime) -> bool:
    """Nobody knows whether the letter went; it is looked for after its lease."""
    return outbox_claims.mark_unsure(session, returned.sending, returned.reason)


def record_refused(session: Session, returned: Returned, now: datetime) -> int:
    """The letter will never go, nor what refers to it; how many that are."""
    return len(_regret(session, outbox_claims.mark_failed(session, returned.sending, returned.reason), now))


def record_opened(session: Session, opened: Opened, _now: datetime) -> None:
    """Keep the DM's id; what waits for the person goes there."""
    outbox_claims.store_dm(session, opened.workspace, opened.person, opened.dm)


def record_uploading(session: Session, uploading: Uploading, _now: datetime) -> bool:
    """Keep the id of an upload before it is completed."""
    return outbox_claims.remember_file(session, uploading.sending, uploading.file_id)


def take_doubtful(session: Session, look: Look, _now: datetime) -> list[Doubtful]:
    """The letters to look for, now in our hands."""
    return outbox_doubts.take_doubtful(session, look.workspace, timedelta(seconds=look.lease))


def take_second_looks(session: Session, look: Look, _now: datetime) -> list[Doubtful]:
    """The letters to look for extra copies of."""
    return outbox_doubts.take_second_looks(session, look.workspace, timedelta(seconds=look.lease))


def record_look_failed(session: Session, looked: Looked, _now: datetime) -> None:
    """Slack could not be read: look again later."""
    outbox_doubts.look_again(session, looked.letters, looked.wait)


def record_not_found(session: Session, looked: Looked, now: datetime) -> int:
    """The letters are not in Slack: others go again, reminders are missed; how many fail for that."""
    failed = [row_id for letter in looked.letters for row_id in outbox_doubts.give_up_lost(session, letter)]
    return len(_regret(session, failed, now))


def record_second_look(session: Session, looked: Looked, _now: datetime) -> None:
    """The second look is done."""
    outbox_doubts.end_second_look(session, looked.workspace, [letter.id for letter in looked.letters])


def record_heard(session: Session, facts: Sequence[Heard], now: datetime) -> None:
    """Our own messages came back as events: their letters arrived, whatever the call itself said."""
    places = {fact.key: (fact.channel, fact.ts) for fact in facts}
    for row in outbox_doubts.store_heard(session, facts[0].workspace, places, now):
        _settle(session, row, now)


def render(session: Session, workspace: str, recipient: str, payload: Mapping[str, Any]) -> str:
    """The content of a file that is written as it is sent; raises KeyError for a name that nobody has."""
    return RENDER[payload["render"]](session, workspace, recipient, payload)


def _settle(session: Session, row: OutboxRow, now: datetime) -> None:
    settle = SETTLE.get(_noun(row.about))
    if settle is not None and row.about and row.channel:
        settle(session, Sent(row.workspace, row.about, row.channel, row.ts or "", row.recipient), now)


def _regret(session: Session, ids: Sequence[int], now: datetime) -> Sequence[int]:
    for row_id in ids:
        row = session.get_one(OutboxRow, row_id)
        regret = REGRET.get(_noun(row.about))
        if regret is not None and row.about:
            reason = row.error or ""
            regret(session, Refused(row.workspace, row.about, row.conversation, row.recipient, reason), now)
    return ids


def _noun(about: str | None) -> str:
    return (about or "").partition(":")[0]
