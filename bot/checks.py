"""`check`: what an operator can get wrong, looked at one by one, each with how to mend it."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.complaints import sentence_for
from bot.config import Settings, load_settings
from bot.errors import BotError
from bot.manifest import bot_scopes
from bot.secrets import check_key, key_file, read_or_make
from storage import migrate
from storage.outbox_doubts import count_refused
from storage.session import Database, open_database
from storage.stats import read_stats

SLACK_SECONDS = 10
# Slack refuses signatures older than five minutes; a clock that is off by one is on its way there.
MOST_SKEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: is it good, and if not, how to mend it."""

    good: bool
    text: str

    def line(self) -> str:
        """As it is printed."""
        return f"{'✓' if self.good else '✗'} {self.text}"


def find_all() -> list[Finding]:
    """Everything there is to say about this installation, in the order in which to mend it."""
    try:
        settings = load_settings(require_slack=True)
    except BotError as error:
        return [Finding(good=False, text=str(error)), *_without_slack()]
    return [
        Finding(good=True, text=f"Settings are complete; Slack reaches us by {WAYS[settings.transport()]}."),
        *_storage(settings),
        *_slack(settings),
    ]


LOOKED_FOR = "{messages} may or may not have arrived: the app looks for them and settles it within minutes."
WAYS = {"socket": "Socket Mode", "http": "HTTP"}


def _without_slack() -> Iterator[Finding]:
    """What can be looked at although the settings are incomplete."""
    try:
        settings = load_settings(require_slack=False)
    except BotError:
        return
    yield from _storage(settings)


def _storage(settings: Settings) -> Iterator[Finding]:
    yield _guarded(lambda: _key(settings))
    if settings.database_file and not settings.database_file.exists():
        yield Finding(good=True, text=f"The database {settings.database_file} will be made at the first run.")
        return
    database = open_database(settings.database_url)
    try:
        yield from _database(settings, database)
    finally:
        database.close()


def _key(settings: Settings) -> str:
    if settings.secret_keys:
        return f"COMMONPLACE_SECRET_KEY holds {_counted(len(settings.secret_keys), 'good key')}."
    if settings.database_file is None:
        raise BotError("COMMONPLACE_SECRET_KEY is not set: with PostgreSQL it must be given.")
    path = key_file(settings.database_file)
    if not path.exists():
        return f"The secret key {path} will be made at the first run."
    for key in read_or_make(path):
        check_key(key, str(path))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BotError(f"Others on this machine can read the secret key: run chmod 600 {path}")
    return f"The secret key {path} is good; keep a copy apart from the database."


def _database(settings: Settings, database: Database) -> Iterator[Finding]:
    try:
        current = migrate.is_current(database)
    except Exception as error:  # noqa: BLE001  # whatever a database may say, the other checks go on
        yield Finding(good=False, text=sentence_for(error))
        return
    yield Finding(good=True, text=f"The database answers: {settings.database_shown}")
    if not current:
        yield Finding(
            good=False, text="The tables are not those of this version: run python -m bot db upgrade."
        )
        return
    yield Finding(good=True, text="All migrations are applied.")
    yield from _left_over(database)


def _left_over(database: Database) -> Iterator[Finding]:
    with database.read() as session:
        counts: dict[str, Any] = dict(read_stats(session))
        refused = count_refused(session)
    yield _failed_facts(int(counts["inbox"]["failed"]))
    yield _refused_letters(refused)
    if unsure := int(counts["outbox"]["unsure"]):
        yield Finding(good=True, text=LOOKED_FOR.format(messages=_counted(unsure, "message")))


def _failed_facts(failed: int) -> Finding:
    if not failed:
        return Finding(good=True, text="Everything that Slack sent was taken in.")
    return Finding(
        good=False,
        text=f"{_counted(failed, 'event')} could not be taken in: the log says why; "
        "after an update run python -m bot replay.",
    )


def _refused_letters(refused: int) -> Finding:
    if not refused:
        return Finding(good=True, text="Slack refused no message.")
    return Finding(
        good=False,
        text=f"In the last 90 days Slack refused {_counted(refused, 'message')} for good: the log says why; invite "
        "the app again where it was removed.",
    )


def _slack(settings: Settings) -> Iterator[Finding]:
    if settings.bot_token:
        yield from _bot_token(settings, settings.bot_token)
    else:
        yield Finding(
            good=True, text="Workspaces install the app at /slack/install, which keeps their tokens."
        )
    if settings.app_token:
        yield _guarded(lambda: _app_token(settings, settings.app_token or ""))


def _bot_token(settings: Settings, token: str) -> Iterator[Finding]:
    try:
        answer = _client(settings, token).auth_test()
    except Exception as error:  # noqa: BLE001  # no network or a refusal: it is a line of the report
        yield Finding(good=False, text=sentence_for(error, "SLACK_BOT_TOKEN"))
        return
    yield Finding(good=True, text=f"SLACK_BOT_TOKEN works: {answer['user']} in {answer['team']}.")
    yield _scopes(answer)
    yield from _skew(settings, answer)


def _scopes(answer: SlackResponse) -> Finding:
    granted = {scope.strip() for scope in _header(answer, "x-oauth-scopes").split(",") if scope.strip()}
    missing = sorted(bot_scopes() - granted)
    if missing:
        return Finding(
            good=False,
            text=f"The app lacks {', '.join(missing)}: paste manifest.yml into its settings, install again.",
        )
    return Finding(good=True, text="The app may do what manifest.yml asks for.")


def _skew(settings: Settings, answer: SlackResponse) -> Iterator[Finding]:
    sent = _header(answer, "date")
    if not sent or settings.clock_url:  # a sandbox's clock may be weeks ahead, on purpose
        return
    skew = abs(datetime.now(UTC) - parsedate_to_datetime(sent).astimezone(UTC))
    if skew > MOST_SKEW:
        yield Finding(
            good=False,
            text=f"This machine's clock differs from Slack's by {_long(skew)}: "
            "turn on time synchronisation (NTP), else Slack's signatures are refused.",
        )
    else:
        yield Finding(good=True, text="This machine's clock agrees with Slack's.")


def _long(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return _counted(minutes, "minute") if minutes < 120 else f"about {round(minutes / 60)} hours"  # noqa: PLR2004


def _app_token(settings: Settings, token: str) -> str:
    try:
        _client(settings, token).apps_connections_open(app_token=token)
    except Exception as error:
        raise BotError(sentence_for(error, "SLACK_APP_TOKEN")) from error
    return "SLACK_APP_TOKEN works: Socket Mode can connect."


def _client(settings: Settings, token: str) -> WebClient:
    return WebClient(token, base_url=settings.api_url, timeout=SLACK_SECONDS, retry_handlers=[])


def _header(answer: SlackResponse, name: str) -> str:
    return next((str(value) for key, value in answer.headers.items() if key.lower() == name), "")


def _guarded(look: Callable[[], str]) -> Finding:
    try:
        return Finding(good=True, text=look())
    except BotError as error:
        return Finding(good=False, text=str(error))


def _counted(number: int, noun: str) -> str:
    return f"{number or 'No'} {noun}{'' if number == 1 else 's'}"
