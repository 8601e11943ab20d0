"""Hears sharing: `/learn share`, its form, "Save as contribution", and the author's word on a nomination."""

from bot.blocks import contributions as blocks
from bot.blocks.kit import Message, escape
from bot.blocks.typed import one_line
from bot.ids import ActionId, ModalId, ShortcutId
from bot.interactions import Press, ShortcutUse, Submission
from bot.payloads import find_id, find_ts, slack_id, slack_ts
from bot.rules import contributions, nominations, saving, sharing
from bot.rules.nominations import Heard, Word
from bot.rules.saving import Saving
from handlers.hearing import Answer, Errors, Services, Show, open_form
from handlers.opening import Opening

SHARING = Opening(sharing.open_form, lambda typed: one_line(typed, 150))  # typed is the title


async def on_share_form(bot: Services, form: Submission) -> Answer:
    """The form was sent."""
    done = await bot.transactions.run(sharing.share, form)
    return Errors(done.by_block) if isinstance(done, sharing.Wrong) else Show(done)


async def on_save_shortcut(bot: Services, use: ShortcutUse) -> Answer:
    """The message shortcut "Save as contribution"."""
    form = await bot.transactions.run(saving.begin, use)
    await open_form(bot, use.workspace, use.trigger, form)
    return None


async def on_save_form(bot: Services, form: Submission) -> Answer:
    """The form of the shortcut was sent."""
    place = slack_id(form.metadata.get("channel")), slack_ts(form.metadata.get("ts"))
    done = await bot.transactions.run(saving.save, Saving(form, *place))
    return Errors(done.by_block) if isinstance(done, sharing.Wrong) else Show(done)


async def on_agree(bot: Services, press: Press) -> Answer:
    """The author says yes."""
    return await _on_word(bot, press, agrees=True)


async def on_decline(bot: Services, press: Press) -> Answer:
    """The author says no."""
    return await _on_word(bot, press, agrees=False)


async def _on_word(bot: Services, press: Press, *, agrees: bool) -> Answer:
    channel, _, ts = press.value.partition(":")
    if not (find_id(channel) and find_ts(ts)):
        return blocks.sentence(blocks.OVER)
    heard = await bot.transactions.run(
        nominations.decide, Word(press.workspace, channel, ts, press.person, agrees)
    )
    if heard is Heard.NOT_YOURS:
        return await _not_yours(bot, press.workspace, channel, ts)
    said = {Heard.OVER: blocks.OVER, Heard.LEFT_OUT: blocks.NOT_WHILE_LEFT_OUT}.get(heard)
    return blocks.sentence(said) if said else None


async def _not_yours(bot: Services, workspace: str, channel: str, ts: str) -> Message:
    author = await bot.transactions.read(nominations.author_of, workspace, channel, ts)
    return blocks.sentence(blocks.NOT_YOURS.format(author=escape(author)))


WORDS = {"share": SHARING.by_command}
PRESSES = {ActionId.AGREE_TO_NOMINATION: on_agree, ActionId.DECLINE_NOMINATION: on_decline}
FORMS = {
    ModalId.SHARE: on_share_form,
    ModalId.SHARE_INSTEAD: SHARING.instead,
    ModalId.SAVE: on_save_form,
}
SHORTCUTS = {ShortcutId.SHARE: SHARING.by_shortcut, ShortcutId.SAVE_CONTRIBUTION: on_save_shortcut}
SETTLE = {"contribution": contributions.settle_sent}
REGRET = {"contribution": contributions.regret, "contribution_file": contributions.regret_file}
