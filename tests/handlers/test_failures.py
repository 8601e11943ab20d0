"""Failures: what Slack is answered decides whether it delivers again, so each kind of error has its own answer."""

from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from bot.errors import NotAllowed, Overloaded
from bot.payloads import Unreadable, slack_id
from handlers.failures import NOBODY_HEARS, NOT_NOW, on_failure
from storage.failures import DatabaseError

EVENT = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message"}}
COMMAND = {"command": "/learn", "text": "share"}
AWAY = DatabaseError("SELECT 1", None, Exception("locked"))


def raised_by_us(error: Exception) -> Exception:
    """The error as it arrives when something of ours raised it: it passed through our code."""
    with pytest.raises(Unreadable) as caught:
        slack_id(None)
    return error.with_traceback(caught.tb)


async def answered(error: Exception, body: dict[str, Any]) -> tuple[int, str]:
    """What Slack gets: the status, and what a person reads."""
    response = await on_failure(error, body)
    assert isinstance(response, BoltResponse)
    return response.status, response.body


@pytest.mark.parametrize(
    ("error", "body", "status", "words"),
    [
        (raised_by_us(Unreadable("ts")), EVENT, 200, ""),  # delivered again it would lack the same
        (ValueError("deep inside Bolt"), EVENT, 400, ""),  # nothing of ours took part
        (raised_by_us(KeyError("ours")), EVENT, 503, ""),
        (raised_by_us(AWAY), EVENT, 503, ""),
        (raised_by_us(Overloaded()), EVENT, 503, ""),
        (raised_by_us(NotAllowed("Only admins may do this.")), EVENT, 200, ""),
        (raised_by_us(NotAllowed("Only admins may do this.")), COMMAND, 200, "Only admins may do this."),
        (raised_by_us(KeyError("ours")), COMMAND, 200, NOT_NOW),  # a command never comes again
        (raised_by_us(AWAY), COMMAND, 200, NOT_NOW),
    ],
)
async def test_each_error_has_its_answer(
    error: Exception, body: dict[str, Any], status: int, words: str
) -> None:
    """Dropped, delivered again, or told to whoever typed; an error's own words reach nobody."""
    assert (await answered(error, body))[0] == status
    said = (await answered(error, body))[1]
    assert words in said
    assert "ours" not in said
    assert "locked" not in said


@pytest.mark.parametrize(("body", "words"), [(EVENT, ""), (COMMAND, NOBODY_HEARS)])
async def test_what_nobody_hears_is_taken_and_told(body: dict[str, Any], words: str) -> None:
    """An event that we do not know is taken, so that it stops coming; a command gets a sentence."""
    nobody = BoltUnhandledRequestError(request=None, current_response=None)
    status, said = await answered(nobody, body)
    assert status == 200
    assert words in said
