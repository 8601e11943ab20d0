"""What the commands about programmes do: read a file, say what will change, and apply all of it or nothing."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli_data import open_current
from bot.config import Settings
from bot.email_lookup import MOST_AT_ONCE, addresses_in, look_up
from bot.errors import BotError, CommandFailed
from bot.programme_files import read_programme
from bot.programme_specs import ProgrammeSpec
from bot.roster_files import MOST_BYTES, BadRoster, is_email, read_roster
from bot.rules.programmes_applying import Application, apply
from bot.rules.rosters import Roster, TakenIn, take_in
from bot.secrets import open_vault
from storage.programmes_finding import find_cohort_by_name, find_cohorts, find_programme_by_key
from storage.session import Database, Session, open_database
from storage.workspaces import find_last_heard, find_workspace, find_workspaces

R = TypeVar("R")

WHICH = (
    "There are {number} workspaces here: add --workspace with the id of the one you mean, such as T0123ABCD."
)
NO_WORKSPACE = "The app knows no workspace {workspace}: start it there first, or correct --workspace."
NO_PROGRAMME = "There is no programme “{key}”: apply its file first, or correct --programme."
NO_RUN = "{key} has no run “{name}”; its runs are: {runs}."
WHICH_RUN = "{key} has several runs: add --run with one of {runs}."
UNREADABLE = "{file} cannot be read: {reason}."
SECONDS_FOR_ADDRESSES = 60.0


@dataclass(frozen=True, slots=True)
class Done:
    """What a file changes (None: nothing, all is so already), and whether that happened."""

    changes: list[str] | None
    applied: bool


def apply_file(
    settings: Settings, file: Path, workspace: str | None, confirm: Callable[[list[str]], bool]
) -> Done:
    """Apply a programme's file once `confirm` has agreed to what will change.

    Raises CommandFailed, and then nothing has changed.
    """
    spec = read_programme(_bytes(file), file.name)
    with closing(_open(settings)) as database:
        target = _workspace(database, workspace)
        emails = _emails(settings, _addresses(spec))
        wanted = Application(target, spec, None, emails)
        planned = _try(database, apply, wanted, keep=False, name=file.name)
        if not planned:
            return Done(None, applied=False)
        if not confirm(planned):
            return Done(planned, applied=False)
        return Done(_try(database, apply, wanted, keep=True, name=file.name), applied=True)


def take_roster(
    settings: Settings,
    file: Path,
    workspace: str | None,
    programme: str | None,
    run: str | None,
    *,
    completes: bool,
) -> TakenIn:
    """Take in a roster whole, or raise CommandFailed with every line that is wrong; then nothing has changed."""
    try:
        lines = tuple(read_roster(_bytes(file)))
    except BadRoster as error:
        raise CommandFailed(_named(file.name, str(error))) from error
    with closing(_open(settings)) as database:
        target = _workspace(database, workspace)
        cohort = _cohort(database, target, programme, run)
        emails = _emails(settings, addresses_in(lines))
        roster = Roster(target, None, lines, emails, cohort, completes)
        return _try(database, take_in, roster, keep=True, name=file.name)


def _open(settings: Settings) -> Database:
    open_current(settings).close()
    return open_database(settings.database_url, open_vault(settings.secret_keys, settings.database_file))


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise CommandFailed(UNREADABLE.format(file=file, reason=reason)) from error


def _workspace(database: Database, workspace: str | None) -> str:
    with database.read() as session:
        if workspace is not None:
            if find_workspace(session, workspace) is None:
                raise CommandFailed(NO_WORKSPACE.format(workspace=workspace))
            return workspace
        known = find_workspaces(session)
    if len(known) != 1:
        raise CommandFailed(WHICH.format(number=len(known) or "no"))
    return known[0].id


def _cohort(database: Database, workspace: str, key: str | None, name: str | None) -> int | None:
    if key is None:
        return None
    with database.read() as session:
        programme = find_programme_by_key(session, workspace, key)
        if programme is None:
            raise CommandFailed(NO_PROGRAMME.format(key=key))
        runs = [one for one in find_cohorts(session, workspace, programme.id) if one.state != "called_off"]
        names = ", ".join(f"“{one.name}”" for one in runs) or "none"
        if name is not None:
            found = find_cohort_by_name(session, programme, name)
            if found is None:
                raise CommandFailed(NO_RUN.format(key=key, name=name, runs=names))
            return found.id
        if len(runs) != 1:
            raise CommandFailed(WHICH_RUN.format(key=key, runs=names))
        return runs[0].id


def _try(
    database: Database, rule: Callable[[Session, Any, datetime], R], wanted: Any, *, keep: bool, name: str
) -> R:
    """Run a rule in one transaction, and keep what it did or not."""
    try:
        with database.write() as session:
            done = rule(session, wanted, _now(session))
            if keep:
                session.commit()
            return done
    except BotError as error:
        raise CommandFailed(_named(name, str(error))) from error


def _now(session: Session) -> datetime:
    """The time; in a sandbox whose clock is ahead, the one that the app heard last."""
    return max(datetime.now(UTC), find_last_heard(session) or datetime.min.replace(tzinfo=UTC))


def _named(name: str, text: str) -> str:
    return "\n".join(f"{name}, {line}" for line in text.split("\n"))


def _addresses(spec: ProgrammeSpec) -> list[str]:
    named = [spec.sponsor]
    for run in spec.runs:
        named += [run.sponsor, run.facilitator, *run.people]
    return [text.casefold() for text in dict.fromkeys(named) if is_email(text)]


def _emails(settings: Settings, addresses: Iterable[str]) -> dict[str, str]:
    """Whom addresses mean, where a token is there to ask Slack with."""
    wanted = list(addresses)
    if not wanted or settings.bot_token is None:
        return {}
    return asyncio.run(_ask(settings, wanted))


async def _ask(settings: Settings, wanted: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(settings.bot_token, base_url=settings.api_url, session=session)
        for start in range(0, len(wanted), MOST_AT_ONCE):
            some = wanted[start : start + MOST_AT_ONCE]
            found |= await look_up(client, some, SECONDS_FOR_ADDRESSES)
            if not found:
                break  # Slack does not tell us; it will not for the next ones either
    return found
