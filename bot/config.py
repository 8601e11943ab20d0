"""Settings come from the environment and from `.env`; every complaint names the variable and the cure."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values

from bot.addresses import (
    check_clock_url,
    normal_api_url,
    normal_database_url,
    shown_database_url,
    sqlite_path,
)
from bot.errors import ConfigError
from bot.secrets import check_key

Transport = Literal["http", "socket"]

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("console", "json")
SLACK_API_URL = "https://slack.com/api/"
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides; secrets are left out of its repr."""

    bot_token: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    api_url: str = SLACK_API_URL
    database_url: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 3000
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    clock_url: str | None = None
    lms_secret: str | None = field(default=None, repr=False)
    log_level: str = "INFO"
    log_format: str = "console"

    @property
    def many_workspaces(self) -> bool:
        """Whether workspaces install the app by OAuth; else there is the one of the token."""
        return self.client_id is not None

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return sqlite_path(self.database_url)

    @property
    def database_shown(self) -> str:
        """The database's address without its password, fit for logs and messages."""
        return shown_database_url(self.database_url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must never reach a log."""
        given = (
            self.bot_token,
            self.app_token,
            self.signing_secret,
            self.client_secret,
            self.lms_secret,
            *self.secret_keys,
        )
        return tuple(value for value in given if value)

    def transport(self, prefer: Transport | None = None) -> Transport:
        """How Slack reaches us: as asked, else Socket Mode when there is an app token, else HTTP.

        Raises ConfigError when what that way needs is not set.
        """
        if prefer == "socket" and not self.app_token:
            raise ConfigError(SOCKET_NEEDS)
        if prefer == "http" and not self.signing_secret:
            raise ConfigError(HTTP_NEEDS)
        if not (self.app_token or self.signing_secret):
            raise ConfigError(NO_TRANSPORT)
        return prefer or ("socket" if self.app_token else "http")


SOCKET_NEEDS = (
    "SLACK_APP_TOKEN is not set: Socket Mode needs the app-level token (xapp-…) from Basic Information, "
    "App-Level Tokens."
)
HTTP_NEEDS = (
    "SLACK_SIGNING_SECRET is not set: HTTP needs the signing secret from Basic Information, App Credentials."
)
NO_TRANSPORT = (
    "SLACK_APP_TOKEN is not set: give it (xapp-…, from Basic Information, App-Level Tokens) for Socket Mode, "
    "or SLACK_SIGNING_SECRET for HTTP."
)
NOT_INSTALLED = (
    "SLACK_BOT_TOKEN is not set: copy the bot token (xoxb-…) from OAuth & Permissions of your app."
)
NEEDS_KEY = (
    "COMMONPLACE_SECRET_KEY is not set: PostgreSQL needs one, made with "
    "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'."
)

LEAST_SECRET = 32
LMS_WEAK = (
    "COMMONPLACE_LMS_SECRET is too short: make one with"
    " python -c 'import secrets; print(secrets.token_hex(32))'."
)


def load_settings(*, require_slack: bool, folder: Path | None = None) -> Settings:
    """Read the environment, then the `.env` file of `folder` (default: where we are) for what it leaves out.

    With `require_slack`, everything that running needs must be there and look right; without, the Slack
    variables may be missing or wrong. Raises ConfigError.
    """
    values = _read(folder or Path.cwd())
    settings = _settings(values, folder or Path.cwd())
    if require_slack:
        _check_slack(settings)
    return settings


def _read(folder: Path) -> dict[str, str]:
    try:
        from_file: Mapping[str, str | None] = dotenv_values(folder / ".env")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            ".env cannot be read: make it a readable text file in UTF-8, or remove it."
        ) from error
    merged = {**from_file, **os.environ}
    return {name: value.strip() for name, value in merged.items() if value and value.strip()}


def _settings(values: Mapping[str, str], folder: Path) -> Settings:
    api_url = normal_api_url(values.get("SLACK_API_URL", SLACK_API_URL))
    return Settings(
        bot_token=values.get("SLACK_BOT_TOKEN"),
        app_token=values.get("SLACK_APP_TOKEN"),
        signing_secret=values.get("SLACK_SIGNING_SECRET"),
        client_id=values.get("SLACK_CLIENT_ID"),
        client_secret=values.get("SLACK_CLIENT_SECRET"),
        api_url=api_url,
        database_url=normal_database_url(values.get("DATABASE_URL", "sqlite:///commonplace.db"), folder),
        host=values.get("HOST", "127.0.0.1"),
        port=_port(values.get("PORT", "3000")),
        secret_keys=_secret_keys(values.get("COMMONPLACE_SECRET_KEY", "")),
        clock_url=check_clock_url(values.get("COMMONPLACE_CLOCK_URL"), api_url),
        lms_secret=_lms_secret(values.get("COMMONPLACE_LMS_SECRET")),
        log_level=_one_of("LOG_LEVEL", values.get("LOG_LEVEL", "INFO"), LOG_LEVELS, str.upper),
        log_format=_one_of("LOG_FORMAT", values.get("LOG_FORMAT", "console"), LOG_FORMATS, str.lower),
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > HIGHEST_PORT:
        raise ConfigError(f"PORT is {text!r}: give a number from 1 to {HIGHEST_PORT}, or 0 for a free one.")
    return int(text)


def _one_of(name: str, text: str, known: tuple[str, ...], fold: Callable[[str], str]) -> str:
    if fold(text) not in known:
        raise ConfigError(f"{name} is {text!r}: choose one of {', '.join(known)}.")
    return fold(text)


def _secret_keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    for key in keys:
        check_key(key)
    return keys


def _lms_secret(secret: str | None) -> str | None:
    if secret is not None and (len(secret) < LEAST_SECRET or not secret.isascii()):
        raise ConfigError(LMS_WEAK)
    return secret


def _check_slack(settings: Settings) -> None:
    _check_token("SLACK_BOT_TOKEN", settings.bot_token, ("xoxb-", "xoxe.xoxb-"), "the bot token (xoxb-…)")
    _check_token("SLACK_APP_TOKEN", settings.app_token, ("xapp-",), "the app-level token (xapp-…)")
    _check_signing_secret(settings.signing_secret)
    _check_oauth(settings)
    if not (settings.bot_token or settings.many_workspaces):
        raise ConfigError(NOT_INSTALLED)
    settings.transport()
    if settings.database_file is None and not settings.secret_keys:
        raise ConfigError(NEEDS_KEY)


def _check_token(name: str, token: str | None, starts: tuple[str, ...], wanted: str) -> None:
    if token is None:
        return
    if not token.startswith(starts):
        raise ConfigError(f"{name} does not begin with {starts[0]}: it must be {wanted} of your Slack app.")
    if not token.isascii() or any(mark.isspace() for mark in token) or token in starts:
        raise ConfigError(f"{name} is incomplete or has stray characters: copy {wanted} again, whole.")


def _check_signing_secret(secret: str | None) -> None:
    if secret is None:
        return
    if secret.startswith(("xox", "xapp-")):
        raise ConfigError(
            "SLACK_SIGNING_SECRET holds a token: use the secret from Basic Information, App Credentials."
        )
    if not secret.isascii() or any(mark.isspace() for mark in secret):
        raise ConfigError("SLACK_SIGNING_SECRET has stray characters: copy the signing secret again, whole.")


def _check_oauth(settings: Settings) -> None:
    if settings.client_id and not settings.client_secret:
        raise ConfigError(
            "SLACK_CLIENT_SECRET is not set: it goes with SLACK_CLIENT_ID; see App Credentials."
        )
    if settings.client_secret and not settings.client_id:
        raise ConfigError(
            "SLACK_CLIENT_ID is not set: it goes with SLACK_CLIENT_SECRET; see App Credentials."
        )
