"""Logs: one form for ours and every library's, and no secret in any of them."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.logs import HIDDEN, Redactor, set_up_logs

TOKENS = [
    "xoxb-1234567890-ABCdef",
    "xoxp-1-2-3-abc",
    "xoxe-1-My0xLU",
    "xoxe.xoxb-1-MS0yLUF",
    "xoxe.xoxp-1-MS0yLUF",
    "xapp-1-A0123-456-deadbeef",
    "xoxs-17-4242",
]


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def written(stream: io.StringIO) -> list[dict[str, Any]]:
    """The JSON lines that were logged."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_ours_and_theirs_share_one_form() -> None:
    """A line of ours and one of a library are JSON with time, level, logger and what was bound."""
    set_up_logs("INFO", "json", stream=(stream := io.StringIO()))
    structlog.contextvars.bind_contextvars(event_id="Ev1")
    structlog.get_logger("bot.sender").info("letter sent", attempt=2)
    logging.getLogger("slack_sdk.web").warning("rate limited for %s s", 3)
    ours, theirs = written(stream)
    assert (ours["event"], ours["attempt"], ours["event_id"], ours["logger"], ours["level"]) == (
        "letter sent", 2, "Ev1", "bot.sender", "info",
    )  # fmt: skip
    assert (theirs["event"], theirs["logger"], theirs["level"]) == (
        "rate limited for 3 s",
        "slack_sdk.web",
        "warning",
    )
    assert ours["timestamp"].endswith("Z")


@pytest.mark.parametrize("style", ["json", "console"])
@pytest.mark.parametrize("token", TOKENS)
def test_tokens_never_reach_the_log(style: str, token: str) -> None:
    """A token is hidden in the message, in values however deep, in what libraries log, in tracebacks."""
    set_up_logs("INFO", style, stream=(stream := io.StringIO()))
    log = structlog.get_logger("bot")
    log.info(token, header=f"Bearer {token}", deep={"a": [("b", token)]}, error=ValueError(token))
    log.info("bytes", body=token.encode(), thing={token})
    logging.getLogger("aiohttp.client").warning("headers %r", {"Authorization": f"Bearer {token}"})
    logging.getLogger("slack_bolt").warning("extra", extra={"sent": token})
    try:
        int(token)
    except ValueError:
        log.exception("failed")
        logging.getLogger("theirs").exception("failed too")
    assert token not in stream.getvalue()
    assert token.split("-", 1)[1] not in stream.getvalue()
    assert stream.getvalue().count(HIDDEN) >= 7
    assert "Traceback" in stream.getvalue()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"signing_secret": "8f742231b10e8888abcd99yyyzzz85a5"}', "8f742231b10e8888abcd99yyyzzz85a5"),
        ("SLACK_SIGNING_SECRET=8f742231b10e8888abcd99", "8f742231b10e8888abcd99"),
        ("to postgresql+psycopg://u:pa55-word@db/x", "pa55-word"),
        ("https://hooks.slack.com/actions/T1/2/abcXYZ", "abcXYZ"),
        ("the very value hush-hush", "hush-hush"),
    ],
)
def test_other_secrets_are_hidden(text: str, kept: str) -> None:
    """Signing secrets, passwords, response addresses and the values we were told are hidden in any text."""
    assert kept not in Redactor(("hush-hush",)).text(text)


def test_names_that_promise_a_secret_lose_their_value() -> None:
    """Whatever stands under token, secret, password or authorization is hidden; counts stay."""
    event = {
        "event": "x",
        "client_secret": "abc",
        "nested": {"Authorization": "Basic x"},
        "tokens": 3,
        "ok": True,
    }
    assert Redactor()(None, "info", event) == {
        "event": "x", "client_secret": HIDDEN, "nested": {"Authorization": HIDDEN}, "tokens": 3, "ok": True,
    }  # fmt: skip


def test_ordinary_words_stay() -> None:
    """Ids, times and links are what logs are for."""
    text = "Ev0PV52K21 C024BE91L 1355517523.000005 https://x.slack.com/archives/C1/p1355517523000005 at 09:30"
    assert Redactor(("",)).text(text) == text


@pytest.mark.parametrize(
    "name", ["slack_bolt.App", "slack_sdk.web", "aiohttp.client", "sqlalchemy.engine", "apscheduler"]
)
def test_libraries_that_print_payloads_stay_quiet_at_debug(name: str) -> None:
    """LOG_LEVEL=DEBUG shows our own steps, never what others print about payloads and statements."""
    set_up_logs("DEBUG", "json", stream=(stream := io.StringIO()))
    logging.getLogger(name).debug("payload of a private message")
    structlog.get_logger("bot.rules").debug("step")
    assert [line["event"] for line in written(stream)] == ["step"]


def test_level_is_kept() -> None:
    """At WARNING nothing below is written, by anybody."""
    set_up_logs("WARNING", "json", stream=(stream := io.StringIO()))
    structlog.get_logger("bot").info("quiet")
    logging.getLogger("slack_sdk").info("quiet")
    structlog.get_logger("bot").warning("loud")
    assert [line["event"] for line in written(stream)] == ["loud"]


def test_an_errors_own_words_stay_out() -> None:
    """PostgreSQL quotes the refused row, a parser its input: the log says what was raised where, and from what."""
    set_up_logs("INFO", "json", stream=(stream := io.StringIO()))
    words = "what somebody wrote"
    try:
        int(words)
    except ValueError as error:
        structlog.get_logger("bot").error("failed", exc_info=error)
        logging.getLogger("theirs").exception("failed too")
    assert stream.getvalue().count("ValueError") == 2
    assert stream.getvalue().count("test_an_errors_own_words_stay_out") == 2
    assert words not in stream.getvalue()
