"""What happens when nobody hears, when a payload makes no sense, or when we fail: counted, answered, never silent."""

from traceback import walk_tb

import structlog
from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from bot.errors import BotError, Overloaded
from bot.metrics import count_useless
from bot.payloads import Unreadable
from storage.failures import DatabaseError

OURS = ("bot", "handlers", "storage", "schedules")

log = structlog.get_logger(__name__)

NOBODY_HEARS = "Commonplace does not know that one yet. Type `/learn help` to see what it can do."
NOT_NOW = "Commonplace cannot reach its notebook just now. Nothing you typed was stored; please try again in a minute."


async def on_failure(error: Exception, body: dict[str, object]) -> BoltResponse | None:
    """Turn an error of a listener into what Slack should do: drop it, or deliver it again."""
    if isinstance(error, BoltUnhandledRequestError):
        return _unhandled(body)
    if isinstance(error, Unreadable):
        count_useless("unreadable")
        log.warning("unreadable payload", kind=_kind(body), event_id=body.get("event_id"), lacks=str(error))
        return BoltResponse(status=200, body="")
    if not _passed_our_code(error):
        count_useless("malformed")
        log.warning("payload that Bolt cannot read", kind=_kind(body), error=type(error).__name__)
        return BoltResponse(status=400, body="")
    return _failed(error, body)


def _passed_our_code(error: Exception) -> bool:
    """Whether it was raised by what we wrote or called; else Bolt stumbled over a payload that no retry mends."""
    frames = (frame for frame, _ in walk_tb(error.__traceback__))
    return any(str(frame.f_globals.get("__name__")).split(".")[0] in OURS for frame in frames)


def _unhandled(body: dict[str, object]) -> BoltResponse:
    count_useless("unknown")
    log.info("nobody listens to this", kind=_kind(body), event_id=body.get("event_id"))
    return BoltResponse(status=200, body=_say(NOBODY_HEARS) if "command" in body else "")


def _failed(error: Exception, body: dict[str, object]) -> BoltResponse:
    again = isinstance(error, Overloaded | DatabaseError) or not isinstance(error, BotError)
    asked = "command" in body
    if isinstance(error, BotError) and not isinstance(error, Overloaded):
        return BoltResponse(status=200, body=_say(str(error)) if asked else "")
    log.error("listener failed", kind=_kind(body), event_id=body.get("event_id"), exc_info=error)
    if asked:  # a command is never delivered again, so its person is told
        return BoltResponse(status=200, body=_say(NOT_NOW))
    return BoltResponse(status=503 if again else 200, body="")


def _say(sentence: str) -> dict[str, object]:
    return {"response_type": "ephemeral", "text": sentence}


def _kind(body: dict[str, object]) -> str:
    event = body.get("event")
    if isinstance(event, dict):
        return f"{event.get('type')}/{event.get('subtype') or ''}"[:80]
    return str(body.get("type") or ("command" if "command" in body else "?"))[:80]
