"""Settling doubts: looking in Slack for letters of which nobody knows whether they arrived.

One read settles a whole conversation. What is found was sent; what is not found goes again, or is missed when
it is a reminder. A letter that was ever in doubt is looked for once more a minute later, and extra copies are
deleted.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot import slack_calls, uploads
from bot.delivery import ClientFor, Patience
from bot.ids import LETTER_EVENT_TYPE
from bot.metrics import count_letter
from bot.pace import Pace
from bot.rules import letters
from bot.slack_calls import Done, Never, NotSent
from bot.transactions import Transactions
from storage.outbox_doubts import Doubtful

PAGE = 200
LOOK_AGAIN = 5.0  # seconds

Copies = dict[str, list[tuple[str, str]]]  # by key: where copies are, channel and ts, oldest first
Place = tuple[str, str | None]

log = structlog.get_logger(__name__)


class Unreadable(Exception):
    """A conversation could not be read; `wait` seconds until another look, None when none will help."""

    def __init__(self, reason: str, wait: float | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Doubts:
    """Looks for letters; holds nothing between two looks."""

    transactions: Transactions
    client_for: ClientFor
    pace: Pace
    patience: Patience

    async def settle(self, workspace: str) -> None:
        """Look for every letter in doubt, then once more for those whose second look is due."""
        look = letters.Look(workspace, self.patience.lease)
        await self._settle_all(await self.transactions.run(letters.take_doubtful, look), self._first_look)
        await self._settle_all(
            await self.transactions.run(letters.take_second_looks, look), self._second_look
        )

    async def _settle_all(
        self,
        doubtful: Sequence[Doubtful],
        settle: Callable[[AsyncWebClient, list[Doubtful]], Awaitable[None]],
    ) -> None:
        for group in _by_place(doubtful):
            try:
                await settle(await self.client_for(group[0].workspace), group)
            except Unreadable as unreadable:
                await self._give_up_or_wait(group, unreadable)
            except LookupError:
                await self._give_up_or_wait(group, Unreadable("the app is not installed there", None))

    async def _first_look(self, client: AsyncWebClient, group: list[Doubtful]) -> None:
        found = await self._find(client, [letter for letter in group if letter.opened], everything=False)
        lost = []
        for letter in group:
            if letter.key in found:
                channel, ts = found[letter.key][0]
                fact = letters.Arrived(letter.workspace, letter.sending, channel, ts, letter.thread_ts)
                await self.transactions.run(letters.record_sent, fact)
                self._log(letter, "found")
            else:
                lost.append(letter)
        if lost:
            await self._not_found(lost)

    async def _not_found(self, lost: list[Doubtful]) -> None:
        fact = letters.Looked(lost[0].workspace, tuple(lost))
        missed = await self.transactions.run(letters.record_not_found, fact)
        for letter in lost:
            self._log(letter, "not found")
        for _ in range(missed):
            count_letter("failed")

    async def _second_look(self, client: AsyncWebClient, group: list[Doubtful]) -> None:
        found = await self._find(client, group, everything=True)
        for letter in group:
            copies = found.get(letter.key, [])
            if letter.ts is None and copies:
                channel, ts = copies[0]
                heard = letters.Heard(letter.workspace, letter.key, channel, ts)
                await self.transactions.record(letters.record_heard, heard)
            keep = letter.ts or (copies[0][1] if copies else "")
            for channel, ts in copies:
                if ts != keep:
                    await self._delete(client, letter, channel, ts)
        fact = letters.Looked(group[0].workspace, tuple(group))
        await self.transactions.run(letters.record_second_look, fact)

    async def _delete(self, client: AsyncWebClient, letter: Doubtful, channel: str, ts: str) -> None:
        try:
            await client.chat_delete(channel=channel, ts=ts)
        except Exception as error:
            outcome = slack_calls.judge(error, "chat.delete", 1)
            if not isinstance(outcome, Done | Never):
                wait = outcome.wait if isinstance(outcome, NotSent) else LOOK_AGAIN
                raise Unreadable(outcome.reason, wait) from error
        count_letter("doubled")
        self._log(letter, "extra copy removed")

    async def _find(self, client: AsyncWebClient, group: list[Doubtful], *, everything: bool) -> Copies:
        """Where copies of these letters of one place are; with `everything` all of them, else one of each."""
        try:
            found = await _find_files(client, [letter for letter in group if letter.file_id])
            posts = [letter for letter in group if not letter.file_id]
            return found | (await self._find_posts(client, posts, everything=everything) if posts else {})
        except Unreadable:
            raise
        except Exception as error:
            outcome = slack_calls.judge(error, _read_method(group[0].thread_ts), 1)
            if isinstance(outcome, Never | Done):
                raise Unreadable(outcome.reason if isinstance(outcome, Never) else "", None) from error
            wait = outcome.wait if isinstance(outcome, NotSent) else LOOK_AGAIN
            if isinstance(outcome, NotSent) and outcome.throttled:
                self.pace.rest(group[0].workspace, outcome.throttled, outcome.wait)
            raise Unreadable(outcome.reason, wait) from error

    async def _find_posts(self, client: AsyncWebClient, group: list[Doubtful], *, everything: bool) -> Copies:
        first, method = group[0], _read_method(group[0].thread_ts)
        keys = {letter.key for letter in group}
        query: dict[str, Any] = {
            "channel": first.channel,
            "oldest": min(letter.after_ts for letter in group),
            "include_all_metadata": True,
            "limit": PAGE,
        } | ({"ts": first.thread_ts} if first.thread_ts else {})
        found: Copies = defaultdict(list)
        while True:
            wait = self.pace.wait(first.workspace, method, "")
            if wait > 0:
                raise Unreadable("ratelimited", wait)
            self.pace.take(first.workspace, method, "")
            answer = await client.api_call(method, params=query)
            for message in answer["messages"]:
                key = letter_key(message)
                if key in keys:
                    found[key].append((first.channel, str(message["ts"])))
            query["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
            if not query["cursor"] or (not everything and keys == set(found)):
                return {key: sorted(copies) for key, copies in found.items()}

    async def _give_up_or_wait(self, group: list[Doubtful], unreadable: Unreadable) -> None:
        for letter in group:
            self._log(letter, "not looked", unreadable.reason)
        fact = letters.Looked(group[0].workspace, tuple(group), unreadable.wait or 0.0)
        if unreadable.wait is not None:
            await self.transactions.run(letters.record_look_failed, fact)
            return
        await self.transactions.run(letters.record_second_look, fact)
        for letter in group:
            refused = letters.Returned(letter.workspace, letter.sending, unreadable.reason)
            await self.transactions.run(letters.record_refused, refused)

    def _log(self, letter: Doubtful, outcome: str, reason: str | None = None) -> None:
        log.warning(
            "letter in doubt",
            letter=letter.id,
            workspace=letter.workspace,
            attempt=letter.attempt,
            outcome=outcome,
            reason=reason,
        )


def letter_key(message: Mapping[str, Any]) -> str:
    """The key of the letter that this message is, "" when it is none of ours."""
    metadata = message.get("metadata")
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != LETTER_EVENT_TYPE:
        return ""
    payload = metadata.get("event_payload")
    return str(payload.get("key") or "") if isinstance(payload, Mapping) else ""


async def _find_files(client: AsyncWebClient, group: Iterable[Doubtful]) -> Copies:
    found: Copies = {}
    for letter in group:
        ts = await uploads.find_share(client, letter.file_id or "", letter.channel)
        if ts is not None:
            found[letter.key] = [(letter.channel, ts)]
    return found


def _read_method(thread_ts: str | None) -> str:
    return "conversations.replies" if thread_ts else "conversations.history"


def _by_place(doubtful: Sequence[Doubtful]) -> list[list[Doubtful]]:
    groups: dict[Place, list[Doubtful]] = defaultdict(list)
    for letter in doubtful:
        groups[letter.channel, letter.thread_ts].append(letter)
    return list(groups.values())
