"""Whatever goes wrong on the command line becomes one sentence that says what happened and how to mend it."""

import errno
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from bot.errors import BotError
from storage.trouble import explain

NOT_INSTALLED = "{name} is not installed: run make again, or install the package again."
UNKNOWN = (
    "That failed unexpectedly ({kind}): run it again with LOG_LEVEL=DEBUG to see where, and please report it."
)
SLACK_UNREACHABLE = "Slack cannot be reached: check the network, and SLACK_API_URL if you set it."

# What Slack answers to a token that does not work, and what to do about it.
REFUSALS = {
    "invalid_auth": "Slack does not know {variable}: copy the token again from your app's settings.",
    "not_authed": "Slack received no token: set {variable}.",
    "account_inactive": "The workspace has removed the app: install it again and copy the new {variable}.",
    "token_revoked": "{variable} was revoked: install the app again and copy the new token.",
    "token_expired": "{variable} has expired: turn token rotation off in a new app, or install it again.",
    "not_allowed_token_type": "{variable} is a token of another kind: see .env.example for where to find it.",
    "missing_scope": "The app lacks a scope: update it from manifest.yml and install it again.",
}


def sentence_for(error: BaseException, variable: str = "SLACK_BOT_TOKEN") -> str:
    """One sentence for the person at the terminal; never a token, never a traceback.

    `variable` is where the token came from that Slack may have refused.
    """
    if isinstance(error, BaseExceptionGroup):
        return sentence_for(error.exceptions[0], variable)
    if isinstance(error, BotError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        return NOT_INSTALLED.format(name=error.name)
    return (
        explain(error)
        or _slack(error, variable)
        or _system(error)
        or UNKNOWN.format(kind=type(error).__name__)
    )


def _refusal(code: str, variable: str) -> str:
    known = REFUSALS.get(code, "Slack refused {variable} ({code}): check the app's settings.")
    return known.format(variable=variable, code=code)


def _slack(error: BaseException, variable: str) -> str | None:
    if isinstance(error, SlackApiError):
        return _refusal(_code(error), variable)
    # urllib and aiohttp each have their own way to say that nobody answers
    if isinstance(error, URLError) or type(error).__module__.startswith("aiohttp.client"):
        return SLACK_UNREACHABLE
    return None


def _code(error: SlackApiError) -> str:
    answer = error.response
    return str(answer.get("error", "no reason given")) if hasattr(answer, "get") else "no reason given"


def _system(error: BaseException) -> str | None:
    if not isinstance(error, OSError):
        return None
    if error.errno == errno.EADDRINUSE:
        return "The port is in use: stop what uses it, or set PORT to another number."
    if error.errno == errno.EADDRNOTAVAIL:
        return "HOST is not an address of this machine: leave it out, or set it to 0.0.0.0 for all of them."
    if error.errno == errno.ENOSPC:
        return "The disk is full: make room and try again; nothing half-done was kept."
    if isinstance(error, PermissionError | FileNotFoundError | IsADirectoryError | NotADirectoryError):
        return f"{error.filename or 'A file'} cannot be used: {(error.strerror or 'no access').lower()}."
    return None
