"""Delivering one letter that is in our hands: what it still needs, the call itself, and what became of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot import slack_calls, uploads
from bot.metrics import count_letter
from bot.pace import Pace
from bot.rules import letters
from bot.slack_calls import MOST_ATTEMPTS, Done, Never, NotSent, Outcome, Unsure
from bot.transactions import Transactions
from storage.outbox import LetterKind
from storage.outbox_claims import Claimed, Sending

ClientFor = Callable[[str], Awaitable[AsyncWebClient]]
RenderHome = Callable[..., dict[str, Any]]  # (session, workspace, person) -> the view
Foreign = Callable[[Claimed], Awaitable[None]]

OPEN = "conversations.open"
NOT_INSTALLED = "the app is not installed there"
TOO_LATE = "too late to send safely"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds of real time."""

    call: float = 30.0  # one call; after that its outcome is unknown
    margin: float = 60.0  # a lease lasts this much longer than a call
    poll: float = 1.0  # how often we look without being woken
    breath: float = 0.05  # between two looks, however often we are woken
    stop: float = 8.0  # what calls in flight get when we stop

    @property
    def lease(self) -> float:
        """How long a letter is ours."""
        return self.call + self.margin


class Stopped(Exception):
    """Something that comes before the call ended the attempt."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Delivery:
    """Knows how to deliver; holds nothing between two letters."""

    transactions: Transactions
    client_for: ClientFor
    render_home: RenderHome
    pace: Pace
    patience: Patience
    foreign: Foreign | None = None

    async def deliver(self, letter: Claimed, deadline: float) -> None:
        """Try the letter once and record the outcome; nothing leaves after `deadline` (monotonic seconds)."""
        outcome = slack_calls.for_kind(await self._attempt(letter, deadline), letter.kind, letter.attempt)
        if isinstance(outcome, NotSent) and outcome.throttled:
            self.pace.rest(letter.workspace, outcome.throttled, outcome.wait)
        await self._record(letter, outcome, deadline + self.patience.call)

    async def _attempt(self, letter: Claimed, deadline: float) -> Outcome:
        try:
            client = await self._client(letter.workspace)
            letter = await self._with_open_dm(client, letter)
            if letter.method == "files.upload":
                return await self._upload(client, await self._rendered(letter), deadline)
            given = await self._arguments(letter)
        except Stopped as stopped:
            return stopped.outcome
        except (
            Exception
        ) as error:  # tokens and Home are others' work; nothing was sent, so the letter can wait
            log.exception("letter not ready", letter=letter.id, workspace=letter.workspace)
            return _not_ready(error, letter.attempt)
        if monotonic() >= deadline:
            return NotSent(TOO_LATE, 0.0)
        return await self._call(client, letter, given)

    async def _client(self, workspace: str) -> AsyncWebClient:
        try:
            return await self.client_for(workspace)
        except LookupError:
            raise Stopped(Never(NOT_INSTALLED)) from None

    async def _call(self, client: AsyncWebClient, letter: Claimed, given: dict[str, Any]) -> Outcome:
        try:
            async with asyncio.timeout(self.patience.call):
                if letter.kind is LetterKind.FOREIGN:
                    return await self._call_foreign(letter)
                answer = await client.api_call(letter.method, json=given)
        except Exception as error:  # noqa: BLE001  once the request may have left, any failure is judged
            return slack_calls.judge(error, letter.method, letter.attempt)
        return slack_calls.read_answer(letter, answer.data if isinstance(answer.data, dict) else {})

    async def _call_foreign(self, letter: Claimed) -> Outcome:
        if self.foreign is None:
            return Never("nobody speaks to that system")
        await self.foreign(letter)
        return Done()

    async def _with_open_dm(self, client: AsyncWebClient, letter: Claimed) -> Claimed:
        """The letter with the id of the DM it goes to, opened now if it never was; raises Stopped."""
        person = letter.recipient
        if letter.conversation != person or letter.target is not None or "channel" in letter.payload:
            return letter
        wait = self.pace.wait(letter.workspace, OPEN, "")
        if wait > 0:
            raise Stopped(NotSent("ratelimited", wait))
        self.pace.take(letter.workspace, OPEN, "")
        dm = await self._open_dm(client, letter, person)
        await self.transactions.run(letters.record_opened, letters.Opened(letter.workspace, person, dm))
        return replace(letter, conversation=dm)

    async def _open_dm(self, client: AsyncWebClient, letter: Claimed, person: str) -> str:
        try:
            async with asyncio.timeout(self.patience.call):
                answer = await client.conversations_open(users=person)
            return str(answer["channel"]["id"])
        except Exception as error:  # opening posts nothing and may be repeated, so doubt means: not yet
            outcome = slack_calls.judge(error, OPEN, letter.attempt)
            raise Stopped(slack_calls.for_kind(outcome, LetterKind.STATE, letter.attempt)) from error

    async def _arguments(self, letter: Claimed) -> dict[str, Any]:
        if letter.method == "views.publish" and letter.recipient is not None:
            view = await self.transactions.read(self.render_home, letter.workspace, letter.recipient)
            return {"user_id": letter.recipient, "view": view}
        return slack_calls.arguments(letter)

    async def _rendered(self, letter: Claimed) -> Claimed:
        """The letter with the content of its file, when that is written only now."""
        if "render" not in letter.payload or letter.recipient is None:
            return letter
        content = await self.transactions.read(
            letters.render, letter.workspace, letter.recipient, letter.payload
        )
        return replace(letter, payload={**letter.payload, "content": content})

    async def _upload(self, client: AsyncWebClient, letter: Claimed, deadline: float) -> Outcome:
        async def remember(file_id: str) -> None:
            fact = letters.Uploading(letter.workspace, _sending(letter), file_id)
            if not await self.transactions.run(letters.record_uploading, fact) or monotonic() >= deadline:
                raise Stopped(NotSent(TOO_LATE, 0.0))

        return await uploads.upload(client, letter, remember, self.patience.call)

    async def _record(self, letter: Claimed, outcome: Outcome, until: float) -> None:
        """Store the outcome; what cannot be stored before the lease ends is looked for after it."""
        rule, fact, name = _what_to_record(letter, outcome)
        while True:
            try:
                await self.transactions.run(rule, fact)
                break
            except Exception:  # a full or locked database passes; the call itself must not be forgotten
                log.exception(
                    "outcome not stored", letter=letter.id, workspace=letter.workspace, outcome=name
                )
                if monotonic() + self.patience.poll >= until:
                    break
                await asyncio.sleep(self.patience.poll)
        count_letter(name)
        _log(letter, outcome, name)


def _what_to_record(letter: Claimed, outcome: Outcome) -> tuple[Callable[..., Any], Any, str]:
    workspace, sending = letter.workspace, _sending(letter)
    match outcome:
        case Done(channel, ts):
            return (
                letters.record_sent,
                letters.Arrived(workspace, sending, channel, ts, letter.thread_ts),
                "sent",
            )
        case NotSent(reason, wait, _):
            return letters.record_not_sent, letters.Returned(workspace, sending, reason, wait), "waiting"
        case Unsure(reason):
            return letters.record_unsure, letters.Returned(workspace, sending, reason), "unsure"
        case Never(reason):
            return letters.record_refused, letters.Returned(workspace, sending, reason), "failed"


def _log(letter: Claimed, outcome: Outcome, name: str) -> None:
    level = log.info if name == "sent" else log.warning
    reason = None if isinstance(outcome, Done) else outcome.reason
    level(
        "letter",
        letter=letter.id,
        workspace=letter.workspace,
        method=letter.method,
        outcome=name,
        attempt=letter.attempt,
        reason=reason,
    )


def _sending(letter: Claimed) -> Sending:
    return Sending(letter.workspace, letter.id, letter.attempt)


def _not_ready(error: Exception, attempt: int) -> Outcome:
    reason = f"not ready: {type(error).__name__}"
    return Never(reason) if attempt >= MOST_ATTEMPTS else NotSent(reason, slack_calls.back_off(attempt))
