"""One way to the forms of sharing and asking: from a command, from the shortcut, and from a message not ours."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.blocks.kit import Modal
from bot.interactions import CommandUse, ShortcutUse, Submission
from handlers.hearing import Answer, Services, Show, open_form


@dataclass(frozen=True, slots=True)
class Opening:
    """How a form is opened: `read(session, workspace, person, here, typed)` draws it.

    `typed_in` brings what stood behind the command's word into the shape that the form takes.
    """

    read: Callable[..., Modal]
    typed_in: Callable[[str], str]

    async def by_command(self, bot: Services, use: CommandUse) -> Answer:
        """The form, with what was typed behind the word."""
        typed = self.typed_in(use.words.partition(" ")[2])
        form = await bot.transactions.read(self.read, use.workspace, use.person, use.channel, typed)
        await open_form(bot, use.workspace, use.trigger, form)
        return None

    async def by_shortcut(self, bot: Services, use: ShortcutUse) -> Answer:
        """The global shortcut: the form."""
        form = await bot.transactions.read(self.read, use.workspace, use.person, None)
        await open_form(bot, use.workspace, use.trigger, form)
        return None

    async def instead(self, bot: Services, form: Submission) -> Answer:
        """From a message that is not ours to an empty form."""
        return Show(await bot.transactions.read(self.read, form.workspace, form.person, None))
