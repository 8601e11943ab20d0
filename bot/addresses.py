"""The addresses an operator gives, brought into one form, or refused with the cure."""

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from bot.errors import ConfigError

SLACK_HOOKS = "hooks.slack.com"
HTTPS = 443
POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")
SQLITE = ("sqlite", "sqlite+pysqlite")
DATABASE_FORMS = "use sqlite:///commonplace.db or postgresql://user:password@host:5432/commonplace"


def is_loopback(url: str) -> bool:
    """Whether the address leads to this very machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_slacks(address: str, *, sandboxed: bool) -> bool:
    """Whether an address that came in a payload is Slack's own, or this machine's where Slack is a sandbox here."""
    try:
        parts = urlsplit(address)
        if parts.scheme == "https":
            return parts.hostname == SLACK_HOOKS and parts.port in (None, HTTPS)
        return sandboxed and parts.scheme == "http" and is_loopback(address)
    except ValueError:  # a port or a bracket that is none
        return False


def normal_api_url(text: str) -> str:
    """Slack's Web API address, ending in a slash; raises ConfigError unless https, or on this machine."""
    parts = _split("SLACK_API_URL", text, "leave it out for Slack's own, https://slack.com/api/")
    if parts.scheme == "http" and not is_loopback(text):
        raise ConfigError("SLACK_API_URL is not encrypted: begin it with https://, or leave it out.")
    return text.rstrip("/") + "/"


def check_clock_url(text: str | None, api_url: str) -> str | None:
    """The sandbox's clock; raises ConfigError when it could move the time of a real workspace."""
    if text is None:
        return None
    _split("COMMONPLACE_CLOCK_URL", text, "leave it out, only the sandbox sets it")
    if not (is_loopback(api_url) and is_loopback(text)):
        raise ConfigError(
            "COMMONPLACE_CLOCK_URL is for the sandbox only: remove it, or point SLACK_API_URL at a sandbox."
        )
    return text


def normal_database_url(text: str, folder: Path) -> str:
    """The address as the driver wants it, a SQLite file taken from `folder`; may raise ConfigError."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"DATABASE_URL is not a database address: {DATABASE_FORMS}.") from error
    if parts.scheme in SQLITE:
        return _sqlite_url(text.split(":", 1)[1], folder)
    if parts.scheme in POSTGRESQL and text.startswith(f"{parts.scheme}://"):
        return _postgresql_url(parts, port)
    raise ConfigError(f"DATABASE_URL does not begin with sqlite:/// or postgresql://: {DATABASE_FORMS}.")


def sqlite_path(database_url: str) -> Path | None:
    """The file of a normal SQLite address; None for PostgreSQL."""
    kind, _, path = database_url.partition(":///")
    return Path(path.partition("?")[0]) if kind == "sqlite" else None


def shown_database_url(database_url: str) -> str:
    """A normal database address without user's password and without its options."""
    parts = urlsplit(database_url)
    if sqlite_path(database_url):
        return database_url
    user, mark, place = parts.netloc.rpartition("@")
    return f"postgresql://{user.partition(':')[0]}{mark}{place}{parts.path}"


def _split(name: str, text: str, cure: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        complete = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete or any(mark.isspace() for mark in text):
        raise ConfigError(f"{name} is not a web address: {cure}.")
    return parts


def _sqlite_url(rest: str, folder: Path) -> str:
    path, _, options = rest.removeprefix("//").partition("?")
    if not rest.startswith("///") or not path.removeprefix("/") or ":memory:" in path:
        raise ConfigError(
            "DATABASE_URL names no SQLite file: write sqlite:///commonplace.db, "
            "or with a full path sqlite:////srv/commonplace.db."
        )
    if options:
        raise ConfigError("DATABASE_URL has options behind the SQLite file: remove the ? and what follows.")
    return f"sqlite:///{_sqlite_file(folder / path.removeprefix('/'))}"


def _sqlite_file(path: Path) -> Path:
    path = path.absolute()
    if path.is_dir():
        raise ConfigError(f"DATABASE_URL names the folder {path}: add a file name, such as commonplace.db.")
    if not path.parent.is_dir():
        raise ConfigError(f"DATABASE_URL points into {path.parent}, which is no folder: create it first.")
    return path


def _postgresql_url(parts: SplitResult, port: int | None) -> str:
    if port == 0 or not unquote(parts.path).strip("/"):
        raise ConfigError(f"DATABASE_URL names no PostgreSQL database: {DATABASE_FORMS}.")
    rest = f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    return f"postgresql+psycopg://{rest}"
