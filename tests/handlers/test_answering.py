"""Answers that go to an address from a payload: only Slack's own is trusted with them."""

import pytest

from bot.addresses import is_slacks

SLACKS = ("https://hooks.slack.com/actions/T1/2/x", "https://hooks.slack.com:443/commands/x")
LOCAL = ("http://127.0.0.1:8765/response/x", "http://localhost:8765/x", "http://[::1]:8765/x")
STRANGE = (
    "https://hooks.slack.com.example/x",
    "https://evil.example/hooks.slack.com",
    "https://hooks.slack.com:8443/x",
    "https://hooks.slack.com@evil.example/x",
    "http://hooks.slack.com/x",
    "https://127.0.0.1/x",
    "http://127.0.0.1.example/x",
    "http://10.0.0.1/x",
    "file:///etc/passwd",
    "https://[",
    "https://hooks.slack.com:port/x",
    "",
)


@pytest.mark.parametrize("address", SLACKS)
@pytest.mark.parametrize("sandboxed", [False, True])
def test_slacks_own_address_is_answered(address: str, sandboxed: bool) -> None:
    """Over TLS, at its own port."""
    assert is_slacks(address, sandboxed=sandboxed)


@pytest.mark.parametrize("address", LOCAL)
def test_this_machine_is_answered_only_where_slack_is_a_sandbox_here(address: str) -> None:
    """Elsewhere a payload could make the app knock at doors inside."""
    assert is_slacks(address, sandboxed=True)
    assert not is_slacks(address, sandboxed=False)


@pytest.mark.parametrize("address", STRANGE)
@pytest.mark.parametrize("sandboxed", [False, True])
def test_no_other_address_is_answered(address: str, sandboxed: bool) -> None:
    """Whatever it looks like."""
    assert not is_slacks(address, sandboxed=sandboxed)
