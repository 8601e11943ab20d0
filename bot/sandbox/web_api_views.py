"""Web API: forms and App Home."""

from bot.sandbox.block_kit import with_ids
from bot.sandbox.block_kit_views import check_view
from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import Json
from bot.sandbox.views import View, view_object


def read_view(given: object, kind: str) -> Json:
    """A view of that kind, checked and with ids; raises SlackError with pointers to what is wrong."""
    if not isinstance(given, dict):
        raise invalid("invalid_arguments", ["missing required field: view"])
    check_view(given, kind)
    return given | {"blocks": with_ids(given["blocks"])}


def shown(call: Call, view: View) -> Json:
    """The answer with one view."""
    return {"view": view_object(view, call.world.team, call.app.id, call.app.bot_id)}


def _trigger(call: Call) -> str:
    return call.world.triggers.exchange(
        call.args.get("trigger_id") or call.args.require("interactivity_pointer")
    )


def tell_stack(call: Call, view: View) -> None:
    """Tell the person's pages that their forms, or their Home, changed."""
    home = view.content["type"] == "home"
    change: Json = {"type": "home"} if home else {"type": "view", "view_id": view.id}
    call.world.changes.tell(change, {view.person})


def _open(call: Call) -> Json:
    content = read_view(call.args.data("view"), "modal")
    view = call.world.views.open(_trigger(call), content)
    tell_stack(call, view)
    return shown(call, view)


def _push(call: Call) -> Json:
    content = read_view(call.args.data("view"), "modal")
    view = call.world.views.push(_trigger(call), content)
    tell_stack(call, view)
    return shown(call, view)


def _update(call: Call) -> Json:
    args = call.args
    if not args.get("view_id") and not args.get("external_id"):
        raise invalid("invalid_arguments", ["view_id or external_id is required"])
    view = call.world.views.find(args.get("view_id") or None, args.get("external_id") or None)
    content = read_view(args.data("view"), view.content["type"])
    call.world.views.update(view, content, args.get("hash") or None)
    tell_stack(call, view)
    return shown(call, view)


def _publish(call: Call) -> Json:
    person = call.world.people.get(call.args.require("user_id"))
    if person is None or person.is_bot:
        raise SlackError("user_not_found")
    if person.deleted:
        raise SlackError("not_enabled")
    content = read_view(call.args.data("view"), "home")
    view = call.world.views.publish(person.id, content, call.args.get("hash") or None)
    tell_stack(call, view)
    return shown(call, view)


METHODS: dict[str, Method] = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
