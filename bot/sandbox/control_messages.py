"""Control API: what a person does with messages, reactions and files."""

from bot.sandbox import messages
from bot.sandbox.control import Act, Asked
from bot.sandbox.conversations import joined
from bot.sandbox.errors import Refused
from bot.sandbox.files import delete_file, existing_file
from bot.sandbox.lines import put
from bot.sandbox.model import Conversation, Json, Message
from bot.sandbox.typed_text import to_slack
from bot.sandbox.world import World

MOST_FILES = 10


def routes(_: World) -> dict[str, Act]:
    """POST addresses under /sandbox/."""
    return {
        "post": _post,
        "edit": _edit,
        "delete": _delete,
        "react": _react,
        "pin": _pin,
        "delete_file": _delete_file,
        "integration": _integration,
    }


def _post(asked: Asked) -> Json:
    world, me, conversation = asked.world, asked.me, asked.conversation()
    typed = asked.text("text", "")
    action = asked.flag("me") or typed.startswith("/me ")
    files = _files(asked)
    if not typed.strip() and not files:
        raise Refused("Please write something first.")
    message = messages.post(
        world,
        conversation.id,
        me.id,
        to_slack(world, typed.removeprefix("/me ") if action else typed),
        thread_ts=asked.given("thread_ts"),
        broadcast=asked.flag("broadcast"),
        files=files,
        subtype="me_message" if action else None,
    )
    return {"channel": conversation.id, "ts": message.ts}


def _files(asked: Asked) -> list[str]:
    given = asked.values.get("files") or []
    if not isinstance(given, list) or len(given) > MOST_FILES:
        raise Refused(f"'files' is a list of at most {MOST_FILES} ids.")
    for file in given:
        if existing_file(asked.world, str(file)).user != asked.me.id:
            raise Refused("You can only share what you uploaded.")
    return [str(file) for file in given]


def _own(asked: Asked, admins_too: bool = False) -> tuple[Conversation, Message]:
    conversation = asked.conversation()
    message = asked.message(conversation)
    if message.user != asked.me.id and not (admins_too and asked.me.is_admin):
        raise Refused("Only its author can do this.")
    if conversation.is_archived or message.subtype == "tombstone":
        raise Refused("This message can no longer be changed.")
    return conversation, message


def _edit(asked: Asked) -> Json:
    conversation, message = _own(asked)
    typed = asked.text("text")
    if not typed.strip() and not message.files:
        raise Refused("Please write something, or delete the message.")
    text = to_slack(asked.world, typed)
    if text != message.text:
        messages.edit(asked.world, message, {"text": text})
    return {"channel": conversation.id}


def _delete(asked: Asked) -> Json:
    conversation = asked.conversation()
    if not messages.dismiss(asked.world, conversation, asked.me.id, asked.text("ts")):
        _, message = _own(asked, admins_too=True)
        messages.delete(asked.world, message)
    return {}


def _react(asked: Asked) -> Json:
    conversation, emoji = asked.conversation(), asked.text("emoji").strip(":")
    act = messages.unreact if asked.flag("remove") else messages.react
    act(asked.world, conversation.id, asked.text("ts"), asked.me.id, emoji)
    return {}


def _pin(asked: Asked) -> Json:
    conversation = asked.conversation()
    act = messages.unpin if asked.flag("remove") else messages.pin
    act(asked.world, conversation.id, asked.text("ts"), asked.me.id)
    return {}


def _delete_file(asked: Asked) -> Json:
    file = existing_file(asked.world, asked.text("file"))
    if file.user != asked.me.id and not asked.me.is_admin:
        raise Refused("Only who uploaded it can delete it.")
    delete_file(asked.world, file)
    return {}


def _integration(asked: Asked) -> Json:
    world = asked.world
    conversation = joined(world, asked.conversation().id, asked.me.id)
    name = asked.text("username", "Build Robot", most=80)
    message = Message(
        conversation.id, world.new_ts(conversation), "", asked.text("text"), subtype="bot_message"
    )
    message.extras = {"bot_id": "B0ROBOT", "username": name}
    put(world, conversation, message)
    return {"channel": conversation.id, "ts": message.ts}
