"""Control API: commands, shortcuts, buttons and forms."""

from bot.sandbox.control import Act, Asked
from bot.sandbox.errors import Refused
from bot.sandbox.interactivity import Interactivity
from bot.sandbox.model import Json
from bot.sandbox.payloads import shown_view
from bot.sandbox.people import is_external
from bot.sandbox.views import View


class Forms:
    """The addresses under /sandbox/ for whatever asks the app."""

    def __init__(self, interactivity: Interactivity) -> None:
        self._interactivity = interactivity

    def posts(self) -> dict[str, Act]:
        """POST addresses under /sandbox/."""
        return {
            "command": self._command,
            "shortcut": self._shortcut,
            "press": self._press,
            "submit": self._submit,
            "close": self._close,
            "options": self._options,
        }

    async def _command(self, asked: Asked) -> Json:
        _refuse_outsiders(asked)
        response = await self._interactivity.command(asked.me, asked.conversation(), asked.text("text"))
        return {"response": response} if response else {}

    async def _shortcut(self, asked: Asked) -> Json:
        _refuse_outsiders(asked)
        callback_id = asked.text("callback_id")
        if asked.values.get("channel") and asked.values.get("ts"):
            conversation = asked.conversation()
            message = asked.message(conversation)
            await self._interactivity.shortcut(asked.me, callback_id, conversation, message)
        else:
            await self._interactivity.shortcut(asked.me, callback_id)
        return {}

    async def _press(self, asked: Asked) -> Json:
        asked.text("action_id")
        asked.object("values")
        if asked.values.get("view_id"):
            await self._interactivity.press_in_view(asked.me, _view(asked), asked.values)
        else:
            conversation = asked.conversation()
            message = asked.message(conversation)
            await self._interactivity.press_in_message(asked.me, conversation, message, asked.values)
        return {}

    async def _submit(self, asked: Asked) -> Json:
        return await self._interactivity.submit(asked.me, _view(asked), asked.object("values"))

    def _close(self, asked: Asked) -> Json:
        self._interactivity.close(asked.me, _view(asked), asked.flag("clear"))
        return {}

    async def _options(self, asked: Asked) -> Json:
        asked.text("action_id")
        return await self._interactivity.options(asked.me, _place(asked), asked.values)


def _refuse_outsiders(asked: Asked) -> None:
    if is_external(asked.world, asked.me):
        raise Refused("Commands and shortcuts are for members of this workspace only, as in Slack.")


def _view(asked: Asked) -> View:
    view = asked.world.views.find(asked.text("view_id"))
    if view.person != asked.me.id:
        raise Refused("This form is in front of somebody else.")
    return view


def _place(asked: Asked) -> Json:
    if asked.values.get("view_id"):
        view = _view(asked)
        container = {"type": "view", "view_id": view.id}
        return {
            "blocks": view.content["blocks"],
            "container": container,
            "view": shown_view(asked.world, view),
        }
    conversation = asked.conversation()
    message = asked.message(conversation)
    container = {"type": "message", "message_ts": message.ts, "channel_id": conversation.id}
    return {
        "blocks": message.blocks,
        "container": container,
        "channel": {"id": conversation.id, "name": conversation.name},
    }
