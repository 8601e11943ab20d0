"""One space's history, page by page: each page with its threads and complete reactions, then its record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.history_writing import PageWriter, SetAside
from bot.incoming import Source
from bot.incoming_world import MembershipFact
from bot.past import Said, read_said
from bot.payloads import find_id, find_ts, mapping
from bot.rules.history_page import Page
from bot.rules.history_stretches import LOOK_BACK, Place, Stretch
from bot.slack_reading import PAGE, SlackReader, code_of
from bot.slack_ts import instant_of, ts_of
from bot.transactions import Transactions
from storage.history import find_discussions

AHEAD = timedelta(hours=1)  # the clocks of Slack and of this machine never differ by so much
BEHIND = timedelta(minutes=1)  # what is younger may have been said after Slack answered
FRESH = timedelta(days=1)  # where people still edit and react; see `read_page`
HIDDEN = timedelta(days=80)  # Slack's free plan stops showing what is older than 90 days; that is no deletion
_JOINS = ("channel_join", "group_join")

log = structlog.get_logger(__name__)
Shown = Mapping[str, Any]


class HistoryReader:
    """Reads one space."""

    def __init__(
        self,
        reader: SlackReader,
        transactions: Transactions,
        now: Callable[[], str],
        place: Place,
        source: Source,
        bot_user: str | None,
        set_aside: SetAside,
    ) -> None:
        """`now` gives the ts of this moment; `bot_user` is the app itself."""
        self._reader = reader
        self._transactions = transactions
        self._writer = PageWriter(transactions, reader.pause, set_aside)
        self._now = now
        self._place = place
        self._source = source
        self._bot_user = bot_user

    async def read_page(self, stretch: Stretch, *, thorough: bool) -> Stretch | None:
        """Take in the newest page of this stretch, its threads before it; returns what is left of the stretch.

        An edit or a reaction in a thread shows nowhere but in the thread. So a `thorough` look reads every thread that
        is alive; any other, which comes with each new connection, reads the threads of the last day and those with
        other replies than we know. What else happened to an old reply in a gap of minutes comes when Slack repeats the
        event (after one and five minutes), or with the next thorough look.
        """
        read_at = self._now()
        answer = await self._reader.call(
            "conversations.history",
            channel=self._place.channel,
            oldest=stretch.oldest,
            # Without an end Slack would begin with the oldest.
            latest=stretch.latest or ts_of(instant_of(read_at) + AHEAD),
            limit=PAGE,
            include_all_metadata="true",
        )
        shown = [message for message in answer.get("messages") or () if find_ts(mapping(message).get("ts"))]
        coming = self._find_coming(shown) if stretch.to_join else None
        joined = coming.event_ts if coming else None
        shown = [message for message in shown if joined is None or message["ts"] > joined]
        more = joined is None and bool(answer.get("has_more")) and bool(shown)
        after = min(message["ts"] for message in shown) if more else joined or stretch.oldest
        await self._read_threads(shown, thorough=thorough)
        page = await self._page(shown, read_at, after, stretch.latest)
        left = replace(stretch, latest=after) if more else None
        page = replace(page, done=stretch, left=left, joined=joined or _bound(stretch, more), coming=coming)
        await self._writer.record(page)
        return left

    async def _read_threads(self, shown: Iterable[Shown], *, thorough: bool) -> None:
        threads = {str(message["ts"]): message for message in shown if message.get("reply_count")}
        known = await self._transactions.read(
            find_discussions, self._place.workspace, self._place.channel, sorted(threads)
        )
        alive = ts_of(instant_of(self._now()) - (LOOK_BACK if thorough else FRESH))
        for root, message in threads.items():
            latest = str(message.get("latest_reply") or "")
            changed = known.get(root) != (message.get("reply_count"), latest)
            if changed or latest > alive:
                await self._read_thread(root)

    async def _read_thread(self, root: str) -> None:
        after, cursor = root, None
        while True:
            read_at = self._now()
            try:
                answer = await self._reader.call(
                    "conversations.replies",
                    channel=self._place.channel,
                    ts=root,
                    limit=PAGE,
                    cursor=cursor,
                    include_all_metadata="true",
                )
            except SlackApiError as error:
                if code_of(error) != "thread_not_found":
                    raise
                return
            shown = [
                message for message in answer.get("messages") or () if find_ts(mapping(message).get("ts"))
            ]
            cursor = mapping(answer.get("response_metadata")).get("next_cursor") or None
            newest = max((str(message["ts"]) for message in shown), default=after)
            page = await self._page(shown, read_at, after, newest if cursor else None)
            await self._writer.record(replace(page, thread=root))
            if cursor is None:
                return
            after = newest

    async def _page(self, shown: list[Shown], read_at: str, after: str, before: str | None) -> Page:
        """These messages with all who reacted; Slack was asked at `read_at`."""
        complete, partly = [], set()
        for message in shown:
            filled, unfilled = await self._with_every_reaction(message)
            complete.append(filled)
            partly |= {(str(message["ts"]), emoji) for emoji in unfilled}
        read = (self._read(message) for message in complete)
        return Page(
            self._place.workspace,
            self._place.channel,
            tuple(said for said in read if said is not None),
            read_at,
            max(after, ts_of(instant_of(read_at) - HIDDEN)),
            before or _surely_before(shown, read_at),
            self._source,
            partly=frozenset(partly),
        )

    def _read(self, message: Shown) -> Said | None:
        said = read_said(
            self._place.workspace,
            self._place.channel,
            dict(message),
            private=self._place.private,
            source=self._source,
        )
        if said is None:
            return None
        others = tuple(one for one in said.reactions if one.person != self._bot_user)
        return replace(said, reactions=others)

    async def _with_every_reaction(self, message: Shown) -> tuple[Shown, set[str]]:
        """The message with all who reacted, and the emoji of which some people remain untold."""
        if not _untold(message):
            return message, set()
        answer = await self._reader.call(
            "reactions.get", channel=self._place.channel, timestamp=message["ts"], full="true"
        )
        told = mapping(answer.get("message")).get("reactions")
        filled = {**message, "reactions": told if isinstance(told, list) else message.get("reactions")}
        return filled, _untold(filled)

    def _find_coming(self, shown: Iterable[Shown]) -> MembershipFact | None:
        """The newest line that tells of the app's own coming."""
        lines = [
            message
            for message in shown
            if message.get("subtype") in _JOINS and message.get("user") == self._bot_user
        ]
        if not lines or self._bot_user is None:
            return None
        newest = max(lines, key=lambda line: str(line["ts"]))
        return MembershipFact(
            self._place.workspace,
            self._place.channel,
            self._bot_user,
            came=True,
            event_ts=str(newest["ts"]),
            inviter=find_id(newest.get("inviter")),
        )


def _bound(stretch: Stretch, more: bool) -> str | None:
    """Without a line that tells of our coming, our time begins where we stopped to look for it."""
    return stretch.oldest if stretch.to_join and not more else None


def _surely_before(shown: Iterable[Shown], read_at: str) -> str:
    """Everything before this moment was there when Slack answered."""
    safe = ts_of(instant_of(read_at) - BEHIND)
    return max([safe, *(str(message["ts"]) for message in shown)])


def _untold(message: Shown) -> set[str]:
    """The emoji of which Slack named fewer people than it counted."""
    given = message.get("reactions")
    return {
        str(reaction.get("name")).split("::", 1)[0]
        for reaction in map(mapping, given if isinstance(given, list) else ())
        if _count(reaction) > len(reaction.get("users") or ())
    }


def _count(reaction: Shown) -> int:
    count = reaction.get("count")
    return count if isinstance(count, int) else 0
