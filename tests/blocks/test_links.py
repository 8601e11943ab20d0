"""Links to messages, people and days."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.blocks.links import date_token, link, local_day, mention, permalink

INSTANT = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)


def test_a_permalink_opens_the_message() -> None:
    """The address of a message is made of its channel and time."""
    assert permalink("https://acme.slack.com/", "C1", "12.000034") == (
        "https://acme.slack.com/archives/C1/p12000034"
    )


def test_a_permalink_to_a_reply_opens_its_thread() -> None:
    """A reply is found in its thread; the first message of a thread needs no thread."""
    assert permalink("https://a.slack.com", "C1", "12.5", "11.5") == (
        "https://a.slack.com/archives/C1/p125?thread_ts=11.5&cid=C1"
    )
    assert permalink("https://a.slack.com", "C1", "12.5", "12.5") == "https://a.slack.com/archives/C1/p125"


def test_our_own_link_is_escaped_once() -> None:
    """Neither the address nor the words of a link can break out of it."""
    assert link("https://a.example/?a=1&b=2", "R&D\n<notes>") == (
        "<https://a.example/?a=1&amp;b=2|R&amp;D &lt;notes&gt;>"
    )
    assert link("https://a.example", " ") == "<https://a.example>"


def test_a_mention_is_of_one_person() -> None:
    """Only a user id becomes a live mention."""
    assert mention("U1A") == "<@U1A>"
    with pytest.raises(ValueError, match="user id"):
        mention("U1|x> <!channel")


def test_a_date_token_shows_in_the_readers_zone() -> None:
    """Slack gets the instant, a format and words for those who cannot show it."""
    assert date_token(INSTANT, "{date_short} {time}", "2 Nov > noon") == (
        "<!date^1793662200^{date_short} {time}|2 Nov &gt; noon>"
    )


@pytest.mark.parametrize("form", ["", "{date}^https://evil.example", "{date}|x", "<{date}>"])
def test_a_date_format_cannot_carry_anything_else(form: str) -> None:
    """A format that would end the token is refused."""
    with pytest.raises(ValueError, match="format"):
        date_token(INSTANT, form, "x")


def test_a_day_is_told_in_the_persons_zone() -> None:
    """The same instant is another day farther east."""
    assert local_day(INSTANT, ZoneInfo("Asia/Kolkata")) == "Tuesday 3 November"
    assert local_day(INSTANT, ZoneInfo("America/New_York")) == "Monday 2 November"


def test_an_instant_without_a_zone_is_refused() -> None:
    """A naive time could be any day."""
    naive = INSTANT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        local_day(naive, UTC)
    with pytest.raises(ValueError, match="time zone"):
        date_token(naive, "{date}", "x")
