"""The table of contents: every event, command, press, form and shortcut that the app hears, and who hears it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.ids import COMMAND, ActionId, ModalId, ShortcutId
from bot.rules import availability, letters
from bot.rules.managers import MANAGER_KNOWN
from handlers import (
    attention,
    check_ins,
    circles,
    commands,
    contributions,
    goals,
    holidays,
    home,
    journal,
    journal_entries,
    library,
    managers,
    messages,
    my_settings,
    notes,
    people,
    plans,
    programmes,
    questions,
    reactions,
    settings,
    spaces,
    talks,
    welcome,
)
from handlers import help as help_
from handlers.hearing import OnCommand, OnForm, OnPress, OnShortcut, Services

OnEvent = Callable[[Services, Mapping[str, Any]], Awaitable[None]]
# modules with any of WORDS, PRESSES, FORMS, SHORTCUTS, EVENTS, SETTLE, REGRET, RENDER, CALENDAR_CHANGED, MANAGER_KNOWN
NOUNS: tuple[Any, ...] = (
    attention,
    holidays,
    my_settings,
    notes,
    contributions,
    questions,
    library,
    spaces,
    people,
    managers,
    check_ins,
    journal,
    journal_entries,
    plans,
    programmes,
    goals,
    talks,
    circles,
    settings,
    welcome,
    help_,
    home,
)


def joined(name: str) -> dict[Any, Any]:
    """One table from the nouns' tables of this name; raises ValueError when two nouns hear the same."""
    table: dict[Any, Any] = {}
    for noun in NOUNS:
        for key, function in getattr(noun, name, {}).items():
            if key in table:
                raise ValueError(
                    f"{key} is heard twice: by {table[key].__module__} and {function.__module__}"
                )
            table[key] = function
    return table


EVENTS: dict[str, OnEvent] = {
    "message": messages.on_message,
    "reaction_added": reactions.on_reaction,
    "reaction_removed": reactions.on_reaction,
    **joined("EVENTS"),
}
COMMANDS = {COMMAND: commands.on_learn}
WORDS: dict[str, OnCommand] = joined("WORDS")
PRESSES: dict[ActionId, OnPress] = joined("PRESSES")
FORMS: dict[ModalId, OnForm] = joined("FORMS")
SHORTCUTS: dict[ShortcutId, OnShortcut] = joined("SHORTCUTS")

# What hangs on a letter that was sent, or never will be: the sender asks there.
letters.SETTLE.update(joined("SETTLE"))
letters.REGRET.update(joined("REGRET"))
letters.RENDER.update(joined("RENDER"))
# What each noun plans anew when somebody's days or hour change.
MANAGER_KNOWN[:] = [rule for noun in NOUNS for rule in getattr(noun, "MANAGER_KNOWN", ())]
availability.CALENDAR_CHANGED[:] = [rule for noun in NOUNS for rule in getattr(noun, "CALENDAR_CHANGED", ())]
