"""Commands, shortcuts, presses and forms: sent to the app, and its answer carried out."""

import asyncio
from typing import Any

from bot.sandbox import conversations as rooms
from bot.sandbox import payloads
from bot.sandbox.block_kit_views import check_view
from bot.sandbox.delivery import Answer, Deliveries
from bot.sandbox.errors import Refused, SlackError
from bot.sandbox.files import file_object
from bot.sandbox.form_state import element_state, find_element, mistakes, set_values
from bot.sandbox.model import Conversation, Json, Message, Person
from bot.sandbox.responses import say
from bot.sandbox.typed_text import find_person
from bot.sandbox.views import View
from bot.sandbox.web_api_views import read_view
from bot.sandbox.world import World

NO_ANSWER = "The app did not answer within three seconds."
INVITE = "/invite"
NOBODY = "Write whom to invite, such as /invite @commonplace."
NOT_HERE = "Nobody can be invited into direct messages. Open a channel first."
NO_APP = "No app is connected."
MOST_QUERY = 1000
_PARTS = {"value", "text", "selected_option", "placeholder", "url"}


class Interactivity:
    """Everything a person starts that wants an answer from the app at once."""

    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self._world = world
        self._deliveries = deliveries
        self._closings: set[asyncio.Task[Answer]] = set()

    async def _ask(self, kind: str, payload: Json) -> Any:
        if not self._world.app.installed:
            raise Refused("The app is not installed.")
        if not self._deliveries.connected:
            raise Refused(NO_APP)
        answer = await self._deliveries.ask(kind, payload)
        if not answer.ok:
            late = answer.reason in ("timeout", "http_timeout")
            raise Refused(NO_ANSWER if late else f"The app could not be asked: {answer.reason}.")
        return answer.body

    async def command(self, person: Person, conversation: Conversation, typed: str) -> Json | None:
        """Use a slash command; returns what the app answered in the acknowledgement."""
        name, _, text = typed.strip().partition(" ")
        if name == INVITE:
            _as_sentence(lambda: self._invite(person, conversation, text.strip()))
            return None
        if name not in [each["command"] for each in self._world.app.commands]:
            raise Refused(f"{name} is not a command of this app.")
        payload = payloads.command(self._world, person, conversation, name, text.strip())
        body = await self._ask("slash_commands", payload)
        answer = {"text": body} if isinstance(body, str) else body
        if not isinstance(answer, dict) or not (answer.get("text") or answer.get("blocks")):
            return None
        _as_sentence(lambda: say(self._world, conversation, person.id, answer))
        return {"response_type": "ephemeral"} | answer

    def _invite(self, person: Person, conversation: Conversation, whom: str) -> None:
        """Slack's own command, which brings somebody (usually the app) into the channel."""
        if conversation.is_direct:
            raise Refused(NOT_HERE)
        found = find_person(self._world, whom.strip("<@>").split("|")[0])
        if found is None:
            raise Refused(NOBODY)
        rooms.add_member(
            self._world, rooms.joined(self._world, conversation.id, person.id), found.id, person.id
        )

    async def shortcut(
        self,
        person: Person,
        callback_id: str,
        conversation: Conversation | None = None,
        message: Message | None = None,
    ) -> None:
        """Use a shortcut, on a message or from the menu."""
        kind = "message" if message else "global"
        known = [each["callback_id"] for each in self._world.app.shortcuts if each["type"] == kind]
        if callback_id not in known:
            raise Refused(f"The app has no {kind} shortcut {callback_id!r}.")
        if conversation and message:
            payload = payloads.message_shortcut(self._world, person, callback_id, conversation, message)
        else:
            payload = payloads.global_shortcut(self._world, person, callback_id)
        await self._ask("interactive", payload)

    async def press_in_message(
        self, person: Person, conversation: Conversation, message: Message, press: Json
    ) -> None:
        """Use a button or a menu of a message."""
        block, element = find_element(message.blocks, press["action_id"], press.get("block_id"))
        set_values(message.blocks, message.state, press.get("values") or {})
        action = _action(message.state, block, element, press)
        payload = payloads.message_press(self._world, person, conversation, message, action)
        await self._ask("interactive", payload)

    async def press_in_view(self, person: Person, view: View, press: Json) -> None:
        """Use a button or a menu of a form or of Home."""
        blocks = view.content["blocks"]
        block, element = find_element(blocks, press["action_id"], press.get("block_id"))
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise Refused("This field reports nothing before the form is submitted.")
        set_values(blocks, view.values, press.get("values") or {})
        action = _action(view.values, block, element, press)
        await self._ask("interactive", payloads.view_press(self._world, person, view, action))

    async def submit(self, person: Person, view: View, values: Json) -> Json:
        """Submit a form and do what the app answers: errors, another view, or closing."""
        if view not in self._world.views.stack(person.id):
            raise Refused("This form is closed.")
        blocks = view.content["blocks"]
        set_values(blocks, view.values, values)
        wrong = mistakes(blocks, view.values)
        if wrong:
            return {"closed": False, "errors": wrong}
        with_files = _file_objects(self._world, view)
        answer = await self._ask("interactive", payloads.submission(self._world, person, with_files))
        return self._carry_out(person, view, answer if isinstance(answer, dict) else {})

    def _carry_out(self, person: Person, view: View, answer: Json) -> Json:
        views, act = self._world.views, answer.get("response_action")
        if act == "errors":
            return {"closed": False, "errors": _checked_errors(view, answer.get("errors"))}
        if act in ("update", "push"):
            content = _as_sentence(lambda: read_view(answer.get("view"), "modal"))
            shown = views.update(view, content) if act == "update" else views.push(person.id, content)
            self._tell(person, shown)
            return {"closed": False, "view": payloads.shown_view(self._world, shown)}
        if act == "clear":
            views.clear(person.id)
        elif act is None:
            views.close(view)
        else:
            raise Refused(f"The app answered with an unknown response_action {act!r}.")
        self._tell(person, None)
        return {"closed": True}

    def _tell(self, person: Person, view: View | None) -> None:
        self._world.changes.tell({"type": "view", "view_id": view.id if view else None}, {person.id})

    def close(self, person: Person, view: View, clear: bool) -> None:
        """Close a form without submitting it; the app hears of it when it asked to."""
        closed = self._world.views.clear(person.id) if clear else self._world.views.close(view)
        for one in reversed(closed):
            if one.content.get("notify_on_close"):
                payload = payloads.closing(self._world, person, one, clear)
                task = asyncio.create_task(self._deliveries.ask("interactive", payload))
                self._closings.add(task)
                task.add_done_callback(self._closings.discard)
        self._tell(person, None)

    async def options(self, person: Person, place: Json, asked: Json) -> Json:
        """Ask the app for the options of an external select; `place` says where it stands."""
        block, element = find_element(place.pop("blocks"), asked["action_id"], asked.get("block_id"))
        if not element["type"].endswith("external_select"):
            raise Refused("The options of this element stand in its block.")
        query = str(asked.get("query") or "")[:MOST_QUERY]
        payload = payloads.suggestion(self._world, person, element, block["block_id"], query)
        answer = await self._ask("interactive", payload | place)
        if not isinstance(answer, dict) or not {"options", "option_groups"} & set(answer):
            raise Refused("The app answered without options.")
        checked: Json = _as_sentence(lambda: _checked_options(answer))
        return checked


def _action(state: Json, block: Json, element: Json, press: Json) -> Json:
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": payloads.action_ts(),
    }
    if element["type"] == "button":
        return action | {key: element[key] for key in ("text", "value", "style") if key in element}
    chosen = element_state(element, _given(press))
    if element["type"] != "overflow":
        state.setdefault(block["block_id"], {})[element["action_id"]] = chosen
    return action | chosen


def _given(press: Json) -> Any:
    keys = [
        key for key in press if key.startswith("selected_") or key in ("value", "files", "rich_text_value")
    ]
    return press[keys[0]] if keys else None


def _file_objects(world: World, view: View) -> View:
    for actions in view.values.values():
        for value in actions.values():
            if value["type"] == "file_input":
                value["files"] = [_as_file(world, file) for file in value["files"]]
    return view


def _as_file(world: World, file: Any) -> Any:
    file_id = str(file.get("id")) if isinstance(file, dict) else str(file)
    if file_id not in world.files:
        raise Refused("This file was not uploaded.")
    return file_object(world, world.files[file_id])


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
    strange = sorted(set(errors or {}) - inputs)
    if not errors or strange:
        raise Refused(
            f"The app answered with errors for what is no field of this form: {', '.join(strange)}."
        )
    return {str(block): str(text) for block, text in errors.items()}


def _checked_options(answer: Json) -> Json:
    menu: Json = {"type": "static_select", "action_id": "x"}
    menu |= {key: answer[key] for key in ("options", "option_groups") if key in answer}
    if menu.get("options") != []:
        block = {"type": "actions", "elements": [menu]}
        check_view({"type": "home", "blocks": [block]}, "home")
    return {key: answer[key] for key in ("options", "option_groups") if key in answer}


def _as_sentence(act: Any) -> Any:
    try:
        return act()
    except SlackError as error:
        pointers = error.extra.get("response_metadata", {}).get("messages", [])
        raise Refused(
            " ".join([f"Slack would refuse what the app answered: {error.code}.", *pointers])
        ) from error
