"""Control API: commands, shortcuts, buttons and forms."""

from bot.sandbox.control import Act, Asked
from bot.sandbox.conversations import may_see
from bot.sandbox.errors import Refused
from bot.sandbox.interactivity import Interactivity
from bot.sandbox.model import Json
from bot.sandbox.payloads import shown_view
from bot.sandbox.people import is_external
from bot.sandbox.views import View


def routes(interactivity: Interactivity) -> dict[str, Act]:
    """POST addresses under /sandbox/."""

    async def command(asked: Asked) -> Json:
        _refuse_outsiders(asked)
        conversation = asked.conversation()
        if not may_see(asked.world, conversation, asked.me.id):
            raise Refused("You cannot open this channel.")
        response = await interactivity.command(asked.me, conversation, asked.text("text"))
        return {"response": response} if response else {}

    async def shortcut(asked: Asked) -> Json:
        _refuse_outsiders(asked)
        callback_id = asked.text("callback_id")
        if asked.values.get("channel") and asked.values.get("ts"):
            conversation = asked.conversation()
            await interactivity.shortcut(asked.me, callback_id, conversation, asked.message(conversation))
        else:
            await interactivity.shortcut(asked.me, callback_id)
        return {}

    async def press(asked: Asked) -> Json:
        asked.text("action_id")
        asked.object("values")
        if asked.values.get("view_id"):
            await interactivity.press_in_view(asked.me, _view(asked), asked.values)
        else:
            conversation = asked.conversation()
            await interactivity.press_in_message(
                asked.me, conversation, asked.message(conversation), asked.values
            )
        return {}

    async def submit(asked: Asked) -> Json:
        return await interactivity.submit(asked.me, _view(asked), asked.object("values"))

    def close(asked: Asked) -> Json:
        interactivity.close(asked.me, _view(asked), asked.flag("clear"))
        return {}

    async def options(asked: Asked) -> Json:
        asked.text("action_id")
        return await interactivity.options(asked.me, _place(asked), asked.values)

    return {
        "command": command,
        "shortcut": shortcut,
        "press": press,
        "submit": submit,
        "close": close,
        "options": options,
    }


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
