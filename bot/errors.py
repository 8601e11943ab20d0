"""The errors that people read: a class for each thing that can go wrong, its docstring is the sentence shown.

BotError
├── ConfigError     a setting is missing or wrong; carries the variable and the cure
├── CannotDecrypt   what is stored was sealed with a key that we do not have
├── CommandFailed   a command of the command line cannot do what was asked; carries the reason
├── Overloaded      more comes in than we can write; Slack delivers again
├── NotAllowed      the person may not do this; carries who may
└── NotFound        what this is about has gone
"""

from inspect import getdoc


class BotError(Exception):
    """That did not work. Please try again in a moment."""

    def __str__(self) -> str:
        """What people read: the sentence it was raised with, else the first paragraph of the docstring."""
        if self.args:
            return str(self.args[0])
        return " ".join((getdoc(type(self)) or "").split("\n\n")[0].split())


class ConfigError(BotError):
    """A setting is missing or wrong; the sentence names the variable and says how to mend it."""


class CannotDecrypt(BotError):
    """This was sealed with another key: put that key behind the new one in COMMONPLACE_SECRET_KEY."""


class CommandFailed(BotError):
    """The command could not do what was asked; the sentence says why and what to do instead."""


class Overloaded(BotError):
    """There is more to take in than we can; Slack will deliver it again."""


class NotAllowed(BotError):
    """Only some people may do this; the sentence says who."""


class NotFound(BotError):
    """What this is about is no longer there."""
