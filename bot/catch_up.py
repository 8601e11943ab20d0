"""Catch-up: after a start or a gap, reads what was missed, through the same rules that hear it live."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.history_pages import HistoryReader
from bot.history_writing import Rule, SetAside
from bot.incoming import Source
from bot.payloads import find_id
from bot.profiles import read_channel, read_person, read_status
from bot.rules import history
from bot.rules.history import Back, Begin, Finished, Listing, Members, People
from bot.rules.history_stretches import Place, Stretch
from bot.slack_reading import SlackReader, code_of, is_definite
from bot.slack_ts import ts_of
from bot.transactions import Transactions
from storage.history import find_strangers, give_up_on
from storage.workspaces import get_workspace

log = structlog.get_logger(__name__)

KINDS = "public_channel,private_channel"
MOST_STRANGERS = 100  # looked up in one go; the others come with the next
SHORT_GAP = timedelta(minutes=5)

ClientFor = Callable[[str], Awaitable[AsyncWebClient]]


class CatchUp:
    """Reads history, members and profiles of the workspaces we are in."""

    def __init__(
        self, transactions: Transactions, clock: Clock, client_for: ClientFor, set_aside: SetAside
    ) -> None:
        """`client_for` gives the Web API client of a workspace; `set_aside` keeps what a rule cannot take in."""
        self._transactions = transactions
        self._clock = clock
        self._client_for = client_for
        self._keep = set_aside
        self._kept: set[int] = set()
        self._readers: dict[str, SlackReader] = {}
        self._running: set[str] = set()
        self._wanted: set[str] = set()
        self._reading_back: set[tuple[str, str]] = set()

    async def run(self, workspace: str) -> None:
        """Read what was missed; called while it runs already, it runs once more afterwards."""
        self._wanted.add(workspace)
        if workspace in self._running:
            return
        self._running.add(workspace)
        try:
            while workspace in self._wanted:
                self._wanted.discard(workspace)
                await self._run_once(workspace)
        finally:
            self._running.discard(workspace)

    async def read_back(self, workspace: str, channel: str, days: int = 90) -> bool:
        """Read the last `days` days of a space, silently; goes on where an interrupted one stopped.

        Returns whether the wish is over, fulfilled or refused for good; else it is to be called again. Does nothing
        while this very space is being read back already.
        """
        if (workspace, channel) in self._reading_back:
            return False
        self._reading_back.add((workspace, channel))
        try:
            return await self._read_back(Back(workspace, channel, days))
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("not read back", space=channel, reason=type(error).__name__)
            return False
        finally:
            self._reading_back.discard((workspace, channel))

    async def _read_back(self, wish: Back) -> bool:
        place = await self._transactions.run(history.begin_back, wish)
        done = False
        if place is not None:
            try:
                await self._read_place(
                    place, Source.READ_BACK, await self._bot_user(wish.workspace), thorough=True
                )
                done = True
            except SlackApiError as error:
                log.warning("not read back", space=wish.channel, reason=code_of(error) or "no answer")
                if not is_definite(error):
                    return False
        await self._refresh_strangers(wish.workspace)
        await self._transactions.run(history.finish_back, replace(wish, fulfilled=done))
        return True

    async def _bot_user(self, workspace: str) -> str | None:
        return await self._transactions.read(lambda session: get_workspace(session, workspace).bot_user)

    async def refresh_person(self, workspace: str, person: str) -> None:
        """Ask Slack who this is, for example somebody of another organisation whom no list names."""
        reader = self._reader(workspace)
        try:
            answer = await reader.call("users.info", user=person, include_locale="true")
        except SlackApiError as error:
            log.info("person not told", person=person, reason=code_of(error))
            await self._transactions.run(_give_up, Members(workspace, "", (person,)))
            return
        await self._transactions.run(history.record_people, _people(workspace, [answer.get("user") or {}]))

    async def _run_once(self, workspace: str) -> None:
        started = self._clock.now()
        beginning = await self._transactions.run(history.begin, Begin(workspace))
        thorough = beginning.gap is None or beginning.gap > SHORT_GAP
        places = await self._list_channels(workspace)
        if thorough:
            await self._leniently("people", self._list_people(workspace))
        for place in places:
            await self._leniently(place.channel, self._list_members(place))
        complete = True
        for place in places:
            reading = self._read_place(place, Source.CAUGHT_UP, beginning.bot_user, thorough=thorough)
            complete = await self._leniently(place.channel, reading) and complete
        await self._refresh_strangers(workspace)
        if complete:
            await self._transactions.run(history.finish, Finished(workspace, started))
        log.info("caught up", workspace=workspace, spaces=len(places), complete=complete)

    async def _leniently(self, what: str, work: Awaitable[None]) -> bool:
        """Do a part; what Slack refuses there must not keep us from the rest, and is tried again next time."""
        try:
            await work
        except SlackApiError as error:
            log.warning("not caught up", what=what, reason=code_of(error) or "no answer")
            return False
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("not caught up", what=what, reason=type(error).__name__)
            return False
        return True

    async def _list_channels(self, workspace: str) -> list[Place]:
        reader, read_at = self._reader(workspace), self._now()
        found: list[Any] = []
        async for page in reader.pages("users.conversations", types=KINDS, exclude_archived="false"):
            found += page.get("channels") or ()
        channels = tuple(channel for about in found if (channel := read_channel(workspace, about)))
        return await self._transactions.run(history.record_listing, Listing(workspace, read_at, channels))

    async def _list_people(self, workspace: str) -> None:
        reader = self._reader(workspace)
        async for page in reader.pages("users.list", include_locale="true"):
            await self._transactions.run(history.record_people, _people(workspace, page.get("members") or ()))

    async def _list_members(self, place: Place) -> None:
        reader, read_at = self._reader(place.workspace), self._now()
        members: list[str] = []
        async for page in reader.pages("conversations.members", channel=place.channel):
            members += [person for person in map(find_id, page.get("members") or ()) if person]
        await self._transactions.run(
            history.record_members, Members(place.workspace, place.channel, tuple(members), read_at)
        )

    async def _read_place(
        self, place: Place, source: Source, bot_user: str | None, *, thorough: bool
    ) -> None:
        reader = HistoryReader(
            self._reader(place.workspace),
            self._transactions,
            self._now,
            place,
            source,
            bot_user,
            self._set_aside,
        )
        for stretch in place.stretches:
            left: Stretch | None = stretch
            while left is not None:
                left = await reader.read_page(left, thorough=thorough)

    async def _set_aside(self, rule: Rule, fact: Any, grouped: bool, error: Exception) -> None:
        """Keep it once: history shows the same message again after each gap."""
        known = hash((rule, fact))
        if known not in self._kept:
            await self._keep(rule, fact, grouped, error)
            self._kept.add(known)

    async def _refresh_strangers(self, workspace: str) -> None:
        for person in await self._transactions.read(find_strangers, workspace, MOST_STRANGERS):
            await self._leniently(person, self.refresh_person(workspace, person))

    def _reader(self, workspace: str) -> SlackReader:
        if workspace not in self._readers:
            self._readers[workspace] = SlackReader(lambda: self._client_for(workspace))
        return self._readers[workspace]

    def _now(self) -> str:
        return ts_of(self._clock.now())


def _give_up(session: Any, whom: Members, now: Any) -> None:
    for person in whom.people:
        give_up_on(session, whom.workspace, person, now)


def _people(workspace: str, users: Sequence[Mapping[str, Any]]) -> People:
    """The people in these user objects, with their statuses."""
    found = [(person, read_status(user)) for user in users if (person := read_person(workspace, user))]
    statuses = tuple((person.id, status) for person, status in found if status is not None)
    return People(workspace, tuple(person for person, _ in found), statuses)
