"""Hears what happens to spaces: who comes and goes, other names, archives, other ids; and the wish to read the past."""

from collections.abc import Mapping
from typing import Any

from bot.blocks import spaces as blocks
from bot.ids import ActionId
from bot.incoming_world import (
    parse_archiving,
    parse_deletion,
    parse_membership,
    parse_move,
    parse_removal,
    parse_rename,
    parse_sharing,
)
from bot.interactions import Press
from bot.payloads import find_id
from bot.rules import spaces
from handlers.hearing import Answer, Services, hear_alone

Body = Mapping[str, Any]


async def on_membership(bot: Services, body: Body) -> None:
    """Somebody came into a space or left it; perhaps it was us."""
    fact = parse_membership(body)
    if await hear_alone(bot, spaces.record_membership, fact):
        bot.meet(fact.workspace)


async def on_removal(bot: Services, body: Body) -> None:
    """The app was taken out of a space."""
    await hear_alone(bot, spaces.record_removal, parse_removal(body))


async def on_rename(bot: Services, body: Body) -> None:
    """A space has another name."""
    await hear_alone(bot, spaces.record_change, parse_rename(body))


async def on_archiving(bot: Services, body: Body) -> None:
    """A space was archived or brought back."""
    await hear_alone(bot, spaces.record_change, parse_archiving(body))


async def on_deletion(bot: Services, body: Body) -> None:
    """A space was deleted."""
    await hear_alone(bot, spaces.record_change, parse_deletion(body))


async def on_sharing(bot: Services, body: Body) -> None:
    """A space was connected with another organisation, or cut off from it."""
    await hear_alone(bot, spaces.record_change, parse_sharing(body))


async def on_move(bot: Services, body: Body) -> None:
    """Slack gave a channel another id."""
    await hear_alone(bot, spaces.record_move, parse_move(body))


async def on_read_back(bot: Services, press: Press) -> Answer:
    """Somebody wants the last 90 days of a space read."""
    channel = find_id(press.value)
    if channel is None:
        return blocks.sentence(blocks.ONLY_FACILITATORS)
    asked = spaces.Asked(press.workspace, channel, press.person)
    return await bot.transactions.run(spaces.ask_to_read_back, asked)


EVENTS = {
    "member_joined_channel": on_membership,
    "member_left_channel": on_membership,
    "channel_left": on_removal,
    "group_left": on_removal,
    "channel_rename": on_rename,
    "group_rename": on_rename,
    "channel_archive": on_archiving,
    "channel_unarchive": on_archiving,
    "group_archive": on_archiving,
    "group_unarchive": on_archiving,
    "channel_deleted": on_deletion,
    "group_deleted": on_deletion,
    "channel_shared": on_sharing,
    "channel_unshared": on_sharing,
    "channel_id_changed": on_move,
}
PRESSES = {ActionId.READ_BACK: on_read_back}
