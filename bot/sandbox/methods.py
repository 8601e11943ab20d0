"""What a Web API method is: who may call it, how often, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.arguments import Arguments
from bot.sandbox.model import App, Json
from bot.sandbox.world import World


@dataclass(frozen=True)
class Call:
    """One call of a method."""

    world: World
    args: Arguments

    @property
    def app(self) -> App:
        """The app that calls."""
        return self.world.app

    @property
    def me(self) -> str:
        """The app's own user id."""
        return self.world.app.user


@dataclass(frozen=True)
class Method:
    """A method; any one of `scopes` is enough; `caller` says whose token it takes."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    caller: Literal["bot", "app", "anybody"] = "bot"
