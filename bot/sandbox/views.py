"""The forms that are open in front of each person, as stacks, and each person's Home."""

import json
import secrets
from dataclasses import dataclass, field

from bot.sandbox.errors import SlackError
from bot.sandbox.form_state import keep_values
from bot.sandbox.model import Json

DEEPEST = 3
_SENT = (
    "type",
    "callback_id",
    "title",
    "submit",
    "close",
    "blocks",
    "private_metadata",
    "external_id",
    "notify_on_close",
    "clear_on_close",
)


def new_hash() -> str:
    """A hash that changes with every version of a view."""
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"


@dataclass
class View:
    """One open form or Home; `values` is what stands in its fields."""

    id: str
    person: str
    content: Json
    values: Json
    root: str
    previous: str | None = None
    hash: str = field(default_factory=new_hash)

    def replace(self, content: Json) -> None:
        """Show other content; what was typed stays where block_id and action_id are the same."""
        self.content = content
        self.values = keep_values(content["blocks"], self.values)
        self.hash = new_hash()


class Views:
    """All open forms and Homes of a workspace."""

    def __init__(self) -> None:
        self._stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, person: str) -> list[View]:
        """The forms in front of this person, bottom first."""
        return self._stacks.get(person, [])

    def open(self, person: str, content: Json) -> View:
        """Put up a first form; whatever was open goes, as a new dialog replaces the old in Slack."""
        self._refuse_same_external_id(content)
        view = _new_view(person, content)
        self._stacks[person] = [view]
        return view

    def push(self, person: str, content: Json) -> View:
        """Put a form on top; raises push_limit_reached above three."""
        stack = self._stacks.setdefault(person, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST:
            raise SlackError("push_limit_reached")
        self._refuse_same_external_id(content)
        view = _new_view(person, content, stack[-1])
        stack.append(view)
        return view

    def update(self, view: View, content: Json, known_hash: str | None = None) -> View:
        """Replace what a form shows; raises hash_conflict when it changed meanwhile."""
        if known_hash is not None and known_hash != view.hash:
            raise SlackError("hash_conflict")
        view.replace(content)
        return view

    def publish(self, person: str, content: Json, known_hash: str | None = None) -> View:
        """Show this as the person's Home."""
        home = self.homes.get(person)
        if home is None:
            home = self.homes[person] = _new_view(person, content)
            return home
        return self.update(home, content, known_hash)

    def close(self, view: View) -> list[View]:
        """Close this form and what lies on it, and return the ones that closed."""
        stack = self._stacks.get(view.person, [])
        if view not in stack:
            return []
        at = stack.index(view)
        closed, self._stacks[view.person] = stack[at:], stack[:at]
        return closed

    def clear(self, person: str) -> list[View]:
        """Close all forms of this person."""
        return self._stacks.pop(person, [])

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View:
        """An open form or a Home; raises not_found when it was closed."""
        for view in self._all():
            if view_id == view.id or (external_id and external_id == view.content.get("external_id")):
                return view
        raise SlackError("not_found")

    def _all(self) -> list[View]:
        return [view for stack in self._stacks.values() for view in stack] + list(self.homes.values())

    def _refuse_same_external_id(self, content: Json) -> None:
        external_id = content.get("external_id")
        if external_id and any(view.content.get("external_id") == external_id for view in self._all()):
            raise SlackError("duplicate_external_id")


def _new_view(person: str, content: Json, below: View | None = None) -> View:
    view_id = "V0" + secrets.token_hex(5).upper()
    root = below.root if below else view_id
    return View(
        view_id, person, content, keep_values(content["blocks"], {}), root, below.id if below else None
    )


def view_object(view: View, team: str, app: str, bot: str) -> Json:
    """A view as Slack sends it to the app and to the page."""
    shown = {key: view.content.get(key) for key in _SENT}
    shown["private_metadata"] = view.content.get("private_metadata") or ""
    shown["callback_id"] = view.content.get("callback_id") or ""
    shown["external_id"] = view.content.get("external_id") or ""
    shown["notify_on_close"] = bool(view.content.get("notify_on_close"))
    shown["clear_on_close"] = bool(view.content.get("clear_on_close"))
    return shown | {
        "id": view.id,
        "team_id": team,
        "state": {"values": json.loads(json.dumps(view.values))},
        "hash": view.hash,
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": app,
        "app_installed_team_id": team,
        "bot_id": bot,
    }
