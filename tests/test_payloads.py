"""Reading payloads: what is not as Slack documents it counts as empty, or is refused where a fact needs it."""

from collections.abc import Callable
from typing import Any

import pytest

from bot import payloads
from bot.payloads import Unreadable

ODD: list[Any] = [None, 7, -1, 2**70, True, [], {}, ["C1"], "", " ", "a b", "x" * 65, "\x00", "C1\n"]


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    ("find", "get"), [(payloads.find_id, payloads.slack_id), (payloads.find_ts, payloads.slack_ts)]
)
def test_what_is_no_id_is_none_or_refused(
    find: Callable[[object], str | None], get: Callable[[object], str], value: object
) -> None:
    """`find_` may be None, the other raises."""
    assert find(value) is None
    with pytest.raises(Unreadable):
        get(value)


def test_ids_and_times_are_read() -> None:
    """As Slack writes them."""
    assert payloads.slack_id("C0123_ab") == "C0123_ab"
    assert payloads.slack_ts("1700000000.000100") == "1700000000.000100"
    assert payloads.emoji_name("wave::skin-tone-3") == "wave"


def test_values_of_another_type_are_empty() -> None:
    """Nothing is converted, nothing overflows a database."""
    odd: list[Any] = [None, 7, ["x"], {}]
    assert [payloads.text(value) for value in odd] == [""] * 4
    odd = [True, -1, 2**62, "7", 1.5, 7]
    assert [payloads.number(value) for value in odd] == [*[None] * 5, 7]
    odd = [None, [], "x", {"a": 1}]
    assert [payloads.mapping(value) for value in odd] == [{}, {}, {}, {"a": 1}]


def test_the_workspace_is_the_one_it_was_delivered_to() -> None:
    """In a shared channel the event's own team may be another one."""
    body = {"team_id": "T2", "authorizations": [{"team_id": "T1"}]}
    assert payloads.workspace_of(body) == "T1"
    assert payloads.workspace_of({"team": {"id": "T3"}}) == "T3"
    with pytest.raises(Unreadable):
        payloads.workspace_of({"team": "T3"})
