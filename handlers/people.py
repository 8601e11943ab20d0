"""Hears what Slack says about people, and what they decide about their roles; and the end of an installation."""

from collections.abc import Mapping
from typing import Any

from bot.blocks.kit import Modal
from bot.blocks.spaces import sentence
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.incoming_world import parse_file_gone, parse_profile, parse_uninstall
from bot.interactions import Press, Submission
from bot.rules import people, role_changes, role_forms, roles
from handlers.hearing import Answer, Errors, Services, Show, hear_alone, push_form, redraw_form, refresh_view

Body = Mapping[str, Any]


async def on_profile(bot: Services, body: Body) -> None:
    """Somebody joined the workspace, or their profile changed."""
    await hear_alone(bot, people.record_profile, parse_profile(body))


async def on_file_gone(bot: Services, body: Body) -> None:
    """A file was deleted."""
    await hear_alone(bot, people.record_file_gone, parse_file_gone(body))


async def on_uninstall(bot: Services, body: Body) -> None:
    """The app was removed from the workspace."""
    fact = parse_uninstall(body)
    if fact is not None and await bot.transactions.run(people.record_uninstall, fact):
        bot.forget(fact.workspace)


async def on_accept(bot: Services, press: Press) -> Answer:
    """Somebody takes on a role that was proposed to them."""
    return await _decide(bot, press, accepts=True)


async def on_decline(bot: Services, press: Press) -> Answer:
    """Somebody would rather not."""
    return await _decide(bot, press, accepts=False)


async def _decide(bot: Services, press: Press, *, accepts: bool) -> Answer:
    key = roles.read_key(press.value)
    if key is None:
        return None
    change = role_changes.RoleChange(press.workspace, press.person, key)
    try:
        await bot.transactions.run(role_changes.accept if accepts else role_changes.decline, change)
    except BotError as error:
        return sentence(str(error))
    return None


async def on_open_roles(bot: Services, press: Press) -> Answer:
    """The list of roles, on top of the settings."""
    form = await bot.transactions.read(role_forms.open_list, press.workspace, press.person)
    await push_form(bot, press.workspace, press.trigger, form)
    return None


async def on_add_role(bot: Services, press: Press) -> Answer:
    """The form that gives a role, on top of the list."""
    try:
        form = await bot.transactions.read(role_forms.open_form, press.workspace, press.person)
    except BotError as error:
        form = await _list_that_says(bot, press, str(error))
    await push_form(bot, press.workspace, press.trigger, form)
    return None


async def on_role_form(bot: Services, form: Submission) -> Answer:
    """A role is given or proposed; the list below is shown with it."""
    done = await bot.transactions.run(role_forms.add, form)
    if isinstance(done, role_forms.Wrong):
        return Errors(done.by_block)
    if form.below is None:
        return Show(done)
    await refresh_view(bot, form.workspace, form.below, done)
    return None


async def on_remove_role(bot: Services, press: Press) -> Answer:
    """A role ends; the list is drawn without it, or says why not."""
    key = roles.read_key(press.value)
    notice = ""
    try:
        if key is not None:
            await bot.transactions.run(
                role_changes.end, role_changes.RoleChange(press.workspace, press.person, key)
            )
    except BotError as error:
        notice = str(error)
    await redraw_form(bot, press, await _list_that_says(bot, press, notice))
    return None


async def _list_that_says(bot: Services, press: Press, notice: str) -> Modal:
    return await bot.transactions.read(role_forms.open_list, press.workspace, press.person, notice)


EVENTS = {
    "team_join": on_profile,
    "user_change": on_profile,
    "file_deleted": on_file_gone,
    "app_uninstalled": on_uninstall,
    "tokens_revoked": on_uninstall,
}
PRESSES = {
    ActionId.ACCEPT_ROLE: on_accept,
    ActionId.DECLINE_ROLE: on_decline,
    ActionId.OPEN_ROLES: on_open_roles,
    ActionId.ADD_ROLE: on_add_role,
    ActionId.REMOVE_ROLE: on_remove_role,
}
FORMS = {ModalId.ROLE: on_role_form}
