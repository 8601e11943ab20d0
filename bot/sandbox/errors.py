"""What can be refused: a Web API call with one of Slack's codes, or a person's act with a sentence."""

from typing import Any


class SlackError(Exception):
    """A Web API call is refused; `code` is Slack's own, `extra` goes into the answer beside it."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class Refused(Exception):
    """What a person tried in the sandbox is not possible; the text says why in one sentence."""


def invalid(code: str, messages: list[str]) -> SlackError:
    """A refusal with the pointers that Slack puts into response_metadata.messages."""
    return SlackError(code, response_metadata={"messages": [f"[ERROR] {message}" for message in messages]})
