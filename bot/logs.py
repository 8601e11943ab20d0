"""Logs are structured, carry ids and counts, and never a token, a secret or what people wrote."""

import logging
import re
import sys
from collections.abc import Mapping
from traceback import format_tb
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

HIDDEN: Final = "[hidden]"
MOST_CAUSES: Final = 5  # of one error; a chain may be a ring

# These print whole payloads, statements or addresses below the level named here, whatever LOG_LEVEL says.
LOWEST: Final = {
    "slack_bolt": logging.INFO,
    "slack_bolt.AsyncApp": logging.ERROR,  # it warns of a token in the environment that we never hand to it
    "slack_sdk": logging.INFO,
    "aiohttp": logging.INFO,
    "aiohttp.access": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.INFO,
    "matplotlib": logging.WARNING,
    "PIL": logging.WARNING,
}

TOKENS: Final = re.compile(
    r"""
      \b (?: xox[a-z](?:\.xox[a-z])? | xapp ) - [A-Za-z0-9._%/+=-]+  # bot, user, app-level and rotated tokens
    | (?<= signing_secret ) ["'\s:=]+ [0-9A-Za-z]+                   # whatever the code around it
    | (?<= SIGNING_SECRET ) ["'\s:=]+ [0-9A-Za-z]+
    | (?<= hooks\.slack\.com/ ) [A-Za-z0-9/_-]+                      # response_url: whoever has it may post
    | (?<= :// ) [^\s/:@'"]* : [^\s/@'"]+ (?= @ )                    # user:password of a database address
    """,
    re.VERBOSE,
)
SECRET_NAME: Final = re.compile(r"token|secret|password|authorization|signature", re.IGNORECASE)


class Redactor:
    """A structlog processor that hides what looks like a secret, and the very secrets it was told."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        """Hide these values too, wherever they occur."""
        known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """The event with every secret replaced; names that promise a secret lose their whole value."""
        return {name: self._named(str(name), value) for name, value in event.items()}

    def text(self, text: str) -> str:
        """The text without secrets."""
        text = self._known.sub(HIDDEN, text) if self._known else text
        return TOKENS.sub(HIDDEN, text)

    def _named(self, name: str, value: object) -> object:
        if SECRET_NAME.search(name) and isinstance(value, str | bytes):
            return HIDDEN
        return self._value(value)

    def _value(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(name)): self._named(str(name), inner) for name, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(inner) for inner in value]
        return self.text(str(value) if isinstance(value, BaseException) else repr(value))


def set_up_logs(
    level: str = "INFO", style: str = "console", secrets: tuple[str, ...] = (), stream: TextIO | None = None
) -> None:
    """Send our logs and those of every library through one chain to standard error (or `stream`).

    `level` is a name of the logging module, `style` is "json" or "console".
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(style, Redactor(secrets), handler.stream))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, lowest in LOWEST.items():
        logging.getLogger(name).setLevel(max(lowest, logging.getLevelNamesMapping()[level]))
    logging.captureWarnings(capture=True)


def wordless(exc_info: ExcInfo) -> str:
    """Where an error and its causes were raised, without their words: PostgreSQL's quote the row that was refused."""
    parts: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(parts) < MOST_CAUSES:
        kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
        parts.append(f"Traceback (most recent call last):\n{''.join(format_tb(error.__traceback__))}{kind}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


def _formatter(style: str, redact: Redactor, stream: Any) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_shared()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(
                wordless
            ),  # before the redactor: a line of code may hold a token
            redact,
            _renderer(style, colours=bool(getattr(stream, "isatty", bool)())),
        ],
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.UnicodeDecoder(),
    ]


def _renderer(style: str, *, colours: bool) -> Processor:
    if style == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)
