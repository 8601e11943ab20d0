"""response_url: what the app may still say about a command or a press, five times within half an hour."""

from typing import Any

from bot.sandbox.block_kit import check_blocks, with_ids
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import delete, dismiss, edit, post, post_ephemeral, tell_ephemeral
from bot.sandbox.model import Conversation, Json, Message
from bot.sandbox.tickets import Response
from bot.sandbox.world import World


def say(
    world: World, conversation: Conversation, person: str, answer: Json, thread_ts: str | None = None
) -> None:
    """Show an answer, to the person alone unless it asks for the channel; raises SlackError."""
    blocks, text = _blocks(answer), str(answer.get("text") or "")
    if not text and not blocks:
        raise SlackError("no_text")
    if answer.get("response_type") == "in_channel":
        _post_anywhere(world, conversation, text, blocks, thread_ts)
    else:
        post_ephemeral(world, conversation, person, text, blocks, thread_ts)


def _post_anywhere(
    world: World, conversation: Conversation, text: str, blocks: list[Json], thread_ts: str | None
) -> None:
    # An answer may come into a channel that the app is not in; it is then a guest for one message.
    app = world.app.user
    guest = app not in conversation.members
    if guest:
        conversation.members.append(app)
    try:
        post(world, conversation.id, app, text, thread_ts=thread_ts, blocks=blocks)
    finally:
        if guest:
            conversation.members.remove(app)


def respond(world: World, ticket: str, answer: Any) -> None:
    """Carry out what was posted to a response_url; raises SlackError as Slack does."""
    if not isinstance(answer, dict):
        raise SlackError("invalid_payload")
    response = world.tickets.use_response(ticket)
    conversation = world.conversations.get(response.channel)
    if conversation is None:
        raise SlackError("channel_not_found")
    if answer.get("delete_original"):
        _delete_original(world, conversation, response)
    elif answer.get("replace_original") and response.ts:
        _replace_original(world, conversation, response, answer)
    else:
        say(world, conversation, response.person, answer, _thread(response, answer))


def _thread(response: Response, answer: Json) -> str | None:
    return str(answer["thread_ts"]) if answer.get("thread_ts") else response.thread_ts


def _delete_original(world: World, conversation: Conversation, response: Response) -> None:
    if response.ephemeral:
        dismiss(world, conversation, response.person, response.ts or "")
    else:
        delete(world, _original(world, conversation, response))


def _original(world: World, conversation: Conversation, response: Response) -> Message:
    message = world.message(conversation.id, response.ts or "")
    if message.user != world.app.user:
        raise SlackError("cant_update_message")
    return message


def _replace_original(world: World, conversation: Conversation, response: Response, answer: Json) -> None:
    changes: Json = {"text": str(answer.get("text") or ""), "blocks": _blocks(answer)}
    if not response.ephemeral:
        edit(world, _original(world, conversation, response), changes, mark=False)
        return
    message = conversation.ephemerals.get(response.person, {}).get(response.ts or "")
    if message is None:
        raise SlackError("message_not_found")
    message.text, message.blocks = changes["text"], changes["blocks"]
    tell_ephemeral(world, message, response.person)


def _blocks(answer: Json) -> list[Json]:
    blocks = answer.get("blocks")
    if not blocks:
        return []
    check_blocks(blocks, "message")
    return with_ids(blocks)
